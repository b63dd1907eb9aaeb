package dev.heddle.worker;

import dev.heddle.simulation.Payloads;
import dev.heddle.simulation.Plan;
import dev.heddle.simulation.Plan.Manner;
import dev.heddle.simulation.SimulatedTime;
import dev.heddle.simulation.World;
import dev.heddle.wire.Argument;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Key;
import dev.heddle.worker.WorkerCommand.Execute;
import dev.heddle.worker.WorkerEvent.ExecutionEnded;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What [Executor] does: runs functions, which take their time, fail, wait for others, and mostly heed an
/// interrupt.
final class ClusterExecutor {
  private static final long LOOK_NANOS = 20 * SimulatedTime.MILLI;
  private static final long WAITS_MAX = 2 * SimulatedTime.SECOND;
  private static final long SMALL_BYTES = 12;

  private final World world;
  private final ClusterWorker worker;
  private final int slowness;
  private final Map<Long, Run> running = new LinkedHashMap<>();

  private record Run(Execute command, Plan plan, String function, long startedNanos) {}

  ClusterExecutor(World world, ClusterWorker worker, int slowness) {
    this.world = world;
    this.worker = worker;
    this.slowness = slowness;
  }

  void execute(Execute command) {
    var key = command.key();
    var plan = world.plans.get(key);
    var function = String.valueOf(command.work().hold());
    if (!function.equals(plan.function()) && !function.equals(Plan.CONSTANT)) {
      throw new IllegalStateException("'" + key + "' is run with " + function + ", and not with "
          + plan.function());
    }
    var run = new Run(command, plan, function, worker.nanos());
    running.put(command.attempt(), run);
    world.judge.started(worker, key, command.attempt(), function);
    var lost = worker.load(command.inputs());
    if (!lost.isEmpty()) {
      worker.after(1_000, () -> lost(run, lost));
      return;
    }
    if (plan.manner() == Manner.HANGS && function.equals(plan.function())) {
      return;
    }
    var takes = slowness * world.time.duration(1_000, plan.runNanosMax());
    if (plan.awaited().isPresent() && function.equals(plan.function())) {
      worker.after(takes / 2, () -> waits(run, plan.awaited().get(), takes / 2));
    } else {
      worker.after(takes, () -> ends(run));
    }
  }

  private void lost(Run run, List<Key> inputs) {
    var attempt = run.command.attempt();
    if (running.remove(attempt) != null) {
      world.judge.ended(worker, run.command.key(), attempt, false);
      worker.report(
          new ExecutionEnded.InputsLost(run.command.key(), attempt, inputs, "damaged"));
    }
  }

  /// Whether something runs that may run for so long only.
  boolean isTimed() {
    return running.values().stream()
        .anyMatch(run -> run.command.work().timeoutMillis() > 0);
  }

  // --- waiting for another task

  private void waits(Run run, Key other, long rest) {
    if (running.containsKey(run.command.attempt())) {
      worker.report(new WorkerEvent.SlotYielded(run.command.key(), run.command.attempt()));
      awaits(run, other, rest, worker.nanos() + WAITS_MAX);
    }
  }

  private void awaits(Run run, Key other, long rest, long untilNanos) {
    if (!running.containsKey(run.command.attempt())) {
      return;
    }
    if (world.judge.hasEnded(other) || worker.nanos() >= untilNanos) {
      worker.report(new WorkerEvent.SlotTaken(run.command.key(), run.command.attempt()));
      worker.after(rest, () -> ends(run));
    } else {
      worker.after(LOOK_NANOS, () -> awaits(run, other, rest, untilNanos));
    }
  }

  // --- ending

  private void ends(Run run) {
    var attempt = run.command.attempt();
    if (running.remove(attempt) != null) {
      var took = Math.max(1, worker.nanos() - run.startedNanos);
      var outcome = outcome(run, took);
      world.judge.ended(worker, run.command.key(), attempt,
          outcome instanceof ExecutionEnded.Succeeded);
      worker.report(outcome);
    }
  }

  private WorkerEvent outcome(Run run, long took) {
    var key = run.command.key();
    var fails = switch (run.plan.manner()) {
      case FAILS -> true;
      case FAILS_AT_FIRST ->
        world.judge.failures(key) < run.plan.settings().retries() && world.judge.fail(key);
      case WORKS, HANGS, SCATTERED -> false;
    };
    if (fails && run.function.equals(run.plan.function())) {
      return new ExecutionEnded.Raised(key, run.command.attempt(),
          failure("Boom", "'" + key + "' fails"), took);
    }
    var value = new SimulatedValue(call(run), run.plan.sizeBytes());
    world.judge.checkValue(key, value.number(), "was computed on " + worker);
    var small = run.command.wantsValue() && value.sizeBytes() <= SMALL_BYTES
        ? Optional.of(Payloads.value(value.number(), value.sizeBytes()))
        : Optional.<dev.heddle.wire.Payload>empty();
    return new ExecutionEnded.Succeeded(key, run.command.attempt(), value, took, small);
  }

  private static long call(Run run) {
    var work = run.command.work();
    var arguments = work.arguments().stream().map(argument -> switch (argument) {
      case Argument.Inline(var payload) -> Payloads.number(payload);
      case Argument.Stored(var key) -> input(run, key);
    }).toList();
    var captured = work.captured().stream().map(key -> input(run, key)).toList();
    return run.function.equals(Plan.CONSTANT)
        ? arguments.getFirst()
        : run.plan.call(arguments, captured);
  }

  private static long input(Run run, Key key) {
    if (run.command.inputs().get(key) instanceof SimulatedValue(var number, _)) {
      return number;
    }
    throw new IllegalStateException("'" + run.command.key() + "' runs without its input '" + key
        + "', on " + run.command.inputs().keySet());
  }

  private static Failure failure(String type, String message) {
    return new Failure(type, message, List.of(), 0, Optional.empty(), List.of(), Optional.empty());
  }

  /// Most functions heed it; those that hang do.
  void interrupt(long attempt) {
    var run = running.get(attempt);
    if (run == null) {
      return;
    }
    world.judge.interrupted(worker, run.command.key(), attempt);
    if (run.plan.manner() == Manner.HANGS || world.time.chance(0.7)) {
      worker.after(world.time.duration(1_000, SimulatedTime.MILLI), () -> {
        if (running.remove(attempt) != null) {
          world.judge.ended(worker, run.command.key(), attempt, false);
          worker.report(new ExecutionEnded.Raised(run.command.key(), attempt,
              failure("Interrupted", "while it ran"), 1));
        }
      });
    }
  }
}
