package dev.heddle.scheduler;

import dev.heddle.wire.WorkerId;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Ends a task without a value, and all that is under way and depends on it. A room of [SchedulerState].
final class Failing {
  private final Tasks tasks;
  private final Queues queues;
  private final Telling telling;
  private final Releasing releasing;
  private final Recording recording;
  private final Mishaps mishaps;
  private final Tally tally;
  private final ArrayDeque<Task> toFail = new ArrayDeque<>();

  Failing(Tasks tasks, Queues queues, Telling telling, Releasing releasing, Recording recording,
      Mishaps mishaps, Tally tally) {
    this.tasks = tasks;
    this.queues = queues;
    this.telling = telling;
    this.releasing = releasing;
    this.recording = recording;
    this.mishaps = mishaps;
    this.tally = tally;
  }

  /// @param root active, or released
  void fail(Task root, Verdict verdict, Cause cause, @Nullable WorkerId who) {
    root.set(Task.ORIGIN);
    if (verdict instanceof Verdict.Failed failed) {
      mishaps.add(tasks.nowNanos(), root, failed);
    }
    end(root, verdict, cause, who);
    endDependents(verdict);
  }

  /// @param task waits for an input that has erred
  void failBecauseOf(Task input, Task task) {
    if (!(input.end instanceof Verdict verdict)) {
      throw tasks.impossible(input, "failing '" + task + "'");
    }
    end(task, verdict, Cause.INPUT_FAILED, null);
    endDependents(verdict);
  }

  private void endDependents(Verdict verdict) {
    for (var task = toFail.poll(); task != null; task = toFail.poll()) {
      if (task.state.active()) {
        end(task, verdict, Cause.INPUT_FAILED, null);
      }
    }
  }

  private void end(Task task, Verdict verdict, Cause cause, @Nullable WorkerId who) {
    var was = task.state;
    tasks.to(task, TaskState.ERRED, cause, who);
    switch (was) {
      case RELEASED, WAITING -> {
      }
      case QUEUED -> queues.gone(task);
      case PROCESSING -> releasing.stop(task);
      case MEMORY, ERRED, FORGOTTEN -> throw tasks.impossible(task, "failing");
    }
    task.clear(Task.OBSTACLES);
    task.end = verdict;
    tally.fails(task, verdict);
    for (var i = 0; i < task.dependentsCount; i++) {
      var dependent = task.dependents[i];
      if (dependent.state.active() && !dependent.has(Task.UNLINKED)) {
        toFail.add(dependent);
      }
    }
    if (verdict instanceof Verdict.Failed) {
      if (task.has(Task.ORIGIN) && was.active()) {
        recording.failed(task);
      }
      releasing.endNeed(task, was.active());
    } else {
      releasing.unlink(task, was.active());
    }
    telling.ended(task, Optional.empty());
    releasing.doubt(task);
  }
}
