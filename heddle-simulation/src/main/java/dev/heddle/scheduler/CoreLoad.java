package dev.heddle.scheduler;

import dev.heddle.scheduler.SchedulerCommand.Assign;
import dev.heddle.scheduler.SchedulerCommand.Tell;
import dev.heddle.wire.Address;
import dev.heddle.wire.Callee;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.Operand;
import dev.heddle.wire.Payload;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.TaskSettings;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Tasks that do nothing, through the core of a scheduler with simulated workers that finish at once.
/// What is measured is the core alone.
public final class CoreLoad {
  private static final String NAMESPACE = "nsp";
  private static final int CHUNK = 1_000;
  /// As many events as a busy connection brings at once.
  private static final int BATCH = 256;
  /// So many tasks are held at most; those before are let go.
  private static final int HELD_MAX = 1_000_000;
  private static final ClientId CLIENT = new ClientId("cliaaa");
  private static final Payload VALUE = new Payload(1, List.of(), new byte[8], List.of());
  private static final TaskEnd.Ready READY = new TaskEnd.Ready("java.lang.Integer", 16, 1_000,
      Optional.of(VALUE));

  private final SchedulerState core = new SchedulerState(SchedulerConfig.of(NAMESPACE));
  private final ArrayDeque<Assign> assigned = new ArrayDeque<>();
  private final Function function = new Function(VALUE, true);
  private long results;

  private CoreLoad(int workers) {
    hear(List.of(new SchedulerEvent.ClientCame(CLIENT, "client", false, Set.of(), false)));
    for (var i = 1; i <= workers; i++) {
      var name = "worker-" + i;
      hear(List.of(new SchedulerEvent.WorkerCame(
          new WorkerInfo(new WorkerId(name, 1), new Address("host-" + i, 1), "host-" + i, i, 1),
          new Message.Attached(1, Map.of(), 1L << 30), List.of(), List.of())));
    }
  }

  /// Runs them all once on a new core.
  ///
  /// @param workers how many, each with one slot
  /// @param tasks how many, submitted as maps
  /// @return how long that took, in nanoseconds, from the first submission to the last release
  public static long run(int workers, int tasks) {
    var load = new CoreLoad(workers);
    var started = System.nanoTime();
    for (var first = 0; first < tasks; first += HELD_MAX) {
      load.submit(first, Math.min(HELD_MAX, tasks - first));
      load.finish();
      load.hear(List.of(new SchedulerEvent.Dropped(CLIENT,
          List.of(new Message.Range(first + 1L, Math.min(HELD_MAX, tasks - first))))));
    }
    var nanos = System.nanoTime() - started;
    if (load.results != tasks) {
      throw new IllegalStateException("of " + tasks + " tasks on " + workers
          + " simulated workers the client heard " + load.results + " results");
    }
    return nanos;
  }

  private void submit(int first, int count) {
    for (var from = 0; from < count; from += CHUNK) {
      var operands = new ArrayList<Operand>(CHUNK);
      for (var i = 0; i < Math.min(CHUNK, count - from); i++) {
        operands.add(new Operand.Inline(VALUE));
      }
      hear(List.of(new SchedulerEvent.MapSubmitted(CLIENT,
          new Message.SubmitMap(1L + first + from,
              TaskKeys.numbered("map", NAMESPACE, CLIENT, 1L + first), from, new Callee.Known(1),
              operands, List.of(), TaskSettings.DEFAULT, false),
          function, "")));
    }
  }

  /// The workers answer until there is nothing left to do.
  private void finish() {
    var ended = new ArrayList<SchedulerEvent>(BATCH);
    while (!assigned.isEmpty()) {
      ended.clear();
      while (ended.size() < BATCH && assigned.poll() instanceof Assign assign) {
        ended.add(new SchedulerEvent.Ended(assign.worker(), assign.task(), READY));
      }
      hear(ended);
    }
  }

  private void hear(List<SchedulerEvent> events) {
    for (var command : core.handle(events, System.nanoTime())) {
      if (command instanceof Assign assign) {
        assigned.add(assign);
      } else if (command instanceof Tell(_, Message.Result.Ready _)) {
        results++;
      }
    }
  }
}
