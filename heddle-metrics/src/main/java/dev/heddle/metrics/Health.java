package dev.heddle.metrics;

import dev.heddle.web.WebResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// Whether a node lives, and whether it does its work: a response 200 or 503, with the reasons as JSON.
/// For any number of threads.
final class Health {
  /// The clock of every node takes the turn at its state machine twenty times a second. Who has taken
  /// none for this long is stuck.
  static final Duration STUCK_AFTER = Duration.ofSeconds(10);

  private final Watched node;
  private final LongSupplier nanos;
  private final AtomicReference<Seen> seen;

  /// How often the turn was taken, and since when that is known.
  private record Seen(long taken, long sinceNanos) {}

  Health(Watched node, LongSupplier nanos) {
    this.node = node;
    this.nanos = nanos;
    seen = new AtomicReference<>(new Seen(-1, nanos.getAsLong()));
  }

  /// Whether its process, and its state machine, go on. Waits for nothing.
  WebResponse live() {
    return response("live", liveness());
  }

  private List<Check> liveness() {
    var ended = node.hasEnded();
    var process = new Check("process", !ended, ended ? "the node has ended" : "running");
    return ended ? List.of(process) : List.of(process, turn());
  }

  /// The turn moves if it was taken since somebody looked last, or not long ago.
  private Check turn() {
    var inside = node.processes();
    var turn = inside.turns().stream()
        .filter(each -> each.name().equals(NodeMetrics.TURN + inside.node())).findFirst();
    if (turn.isEmpty()) {
      return new Check("state machine", false, "it has ended");
    }
    var now = nanos.getAsLong();
    var taken = turn.get().taken();
    var last = seen.updateAndGet(
        before -> before.taken() == taken ? before : new Seen(taken, now));
    var still = Duration.ofNanos(now - last.sinceNanos());
    if (still.compareTo(STUCK_AFTER) < 0) {
      return new Check("state machine", true, "its turn was taken " + taken + " times");
    }
    var holder = Optional.of(turn.get().holder()).filter(name -> !name.isEmpty());
    return new Check("state machine", false, "its turn was not taken for " + still.toSeconds()
        + " s; " + holder.map(name -> name + " has it").orElse("nobody has it") + ", and "
        + turn.get().waiting() + " wait; see heddle ps");
  }

  /// Whether it is alive, and does what it is for.
  WebResponse ready() throws InterruptedException {
    var alive = liveness();
    var checks = new ArrayList<>(alive);
    if (alive.stream().allMatch(Check::isWell)) {
      checks.addAll(node.readiness());
    }
    return response("ready", checks);
  }

  private WebResponse response(String wanted, List<Check> checks) {
    var isWell = checks.stream().allMatch(Check::isWell);
    var json = "{\"node\":" + quoted(node.name()) + ",\"role\":" + quoted(node.role())
        + ",\"status\":" + quoted(isWell ? wanted : "not " + wanted) + ",\"checks\":["
        + checks.stream().map(check -> "{\"name\":" + quoted(check.name()) + ",\"ok\":"
            + check.isWell() + ",\"message\":" + quoted(check.message()) + "}")
            .collect(Collectors.joining(","))
        + "]}\n";
    return new WebResponse.Whole(isWell ? 200 : 503, "application/json",
        json.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  private static String quoted(String text) {
    var json = new StringBuilder("\"");
    text.chars().forEach(c -> {
      if (c == '"' || c == '\\') {
        json.append('\\').append((char) c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", c));
      } else {
        json.append((char) c);
      }
    });
    return json.append('"').toString();
  }
}
