package dev.heddle.scheduler;

import dev.heddle.wire.Address;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a scheduler tells of itself, to people. Any thread may ask; the core is only looked at.
final class Answers {
  private static final long TELL_WITHIN_MILLIS = 1_000;

  private final String name;
  private final SchedulerConfig config;
  private final Address address;
  private final String store;
  private final Control control;
  private final ClientLinks clients;
  private final WorkerLinks workers;
  private final CodeRelay code;
  private final long startedEpochMillis = System.currentTimeMillis();
  /// Where a page about this cluster is; empty for none.
  private volatile Map<String, String> page = Map.of();

  /// @param store for people: where who-has-what is kept
  Answers(String name, SchedulerConfig config, Address address, String store, Control control,
      ClientLinks clients, WorkerLinks workers, CodeRelay code) {
    this.name = name;
    this.config = config;
    this.address = address;
    this.store = store;
    this.control = control;
    this.clients = clients;
    this.workers = workers;
    this.code = code;
  }

  Message.Names published() {
    return new Message.Names(control.ask((state, _) -> state.published()));
  }

  Message.Text explain(Key key) {
    return control.ask((state, now) -> new Message.Text(state.explain(key, now),
        !state.stateOf(key).equals("unknown")));
  }

  Message.Response definition(Key key) {
    return control.ask((state, _) -> state.definition(key));
  }

  Message.Text story(Key key) {
    return control.ask((state, now) -> {
      var start = Instant.now().minusNanos(now);
      var lines = state.storyLines(key).stream()
          .map(line -> start.plusNanos(line.atNanos()).truncatedTo(ChronoUnit.MICROS) + "  "
              + line.text())
          .collect(Collectors.joining("\n"));
      return new Message.Text(lines, !lines.isEmpty());
    });
  }

  /// For a dump.
  Map<String, String> tell() throws InterruptedException {
    return control.askWithin(TELL_WITHIN_MILLIS, (state, now) -> Map.of(
        "state.txt", state.tellStates(now), "stories.txt", state.tellStories()))
        .orElse(Map.of("state.txt", "the state machine is not to be had: somebody has held its turn"
            + " for " + TELL_WITHIN_MILLIS + " ms or more; see processes.txt\n"));
  }

  Message.Status status() {
    return control
        .ask((state, now) -> new Message.Status(name, config.namespace(), startedEpochMillis,
            state.workers(now), state.tasks(), clientNames()));
  }

  private List<String> clientNames() {
    var names = new ArrayList<String>();
    clients.all().forEach(client -> names.add(client.name()));
    names.sort(null);
    return names;
  }

  /// A page about this cluster is served there from now on.
  void page(URI where, boolean asksForToken) {
    page = Map.of(Message.NodeInfo.PAGE, where.toString(), Message.NodeInfo.PAGE_TOKEN,
        asksForToken ? "needed" : "not needed");
  }

  Message.NodeInfo info() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("namespace", config.namespace());
    facts.put("workers", String.valueOf(workers.serving().size()));
    facts.put("clients", String.valueOf(clients.all().size()));
    control.ask((state, _) -> state.tasks())
        .forEach((state, count) -> facts.put("tasks " + state, String.valueOf(count)));
    facts.put("code", code.cachedBytes() + " bytes kept");
    facts.put("store", store);
    facts.putAll(page);
    facts.putAll(config.facts());
    facts.put("heap limit", Runtime.getRuntime().maxMemory() + " bytes");
    facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("java", Runtime.version().toString());
    return new Message.NodeInfo("scheduler", name, address, address.host(),
        ProcessHandle.current().pid(), startedEpochMillis, facts);
  }
}
