package dev.heddle.scheduler;

import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.WorkerId;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Sets tasks on their way: for the first time, and again after a loss, along with all that they need. A
/// room of [SchedulerState].
final class Reviving {
  /// Of tasks with so many inputs it is looked up where they are being computed; with more, that costs too
  /// much.
  private static final int RECOUNT_MAX = 16;

  private final Tasks tasks;
  private final Queues queues;
  private final Posting posting;
  private final Outbox out;
  private final Releasing releasing;
  private final Failing failing;
  private final ArrayDeque<Task> toStart = new ArrayDeque<>();
  private final ArrayDeque<Task> toPullBack = new ArrayDeque<>();

  Reviving(Tasks tasks, Queues queues, Posting posting, Outbox out, Releasing releasing,
      Failing failing) {
    this.tasks = tasks;
    this.queues = queues;
    this.posting = posting;
    this.out = out;
    this.releasing = releasing;
    this.failing = failing;
  }

  /// Somebody needs the value of a released task.
  void need(Task task, Cause cause) {
    start(task, cause);
    startInputs();
  }

  private void startInputs() {
    for (var task = toStart.poll(); task != null; task = toStart.poll()) {
      if (task.state == TaskState.RELEASED && task.needed > 0) {
        start(task, Cause.NEEDED_AGAIN);
      }
    }
  }

  private void start(Task task, Cause cause) {
    tasks.to(task, TaskState.WAITING, cause, null);
    task.clear(Task.TOLD);
    for (var input : task.inputs) {
      input.needed++;
    }
    var bad = count(task);
    if (task.has(Task.SCATTERED)) {
      failing.fail(task, new Verdict.Lost(ErrorCode.VALUE_LOST.of("the value of '" + task
          + "' was put on workers by the client, so it cannot be computed again, and the last"
          + " worker that had it is gone; scatter it again, to more than one worker if it must"
          + " survive the loss of one")),
          Cause.VALUE_LOST, null);
    } else if (bad != null) {
      failing.failBecauseOf(bad, task);
    } else {
      advance(task);
    }
  }

  /// Counts what a waiting task lacks, and sees to it that all of that is on its way.
  ///
  /// @return an input that has erred; null if none has
  private @Nullable Task count(Task task) {
    Task bad = null;
    task.missing = 0;
    task.there = null;
    task.thereCount = 0;
    for (var input : task.inputs) {
      switch (input.state) {
        case MEMORY -> {
        }
        case RELEASED -> {
          task.missing++;
          toStart.add(input);
        }
        case WAITING, QUEUED -> task.missing++;
        case PROCESSING -> {
          task.missing++;
          there(task, input);
        }
        case ERRED -> {
          task.missing++;
          bad = input;
        }
        case FORGOTTEN -> throw tasks.impossible(input, "being needed by '" + task + "'");
      }
    }
    return bad;
  }

  private static void countThere(Task task) {
    for (var input : task.inputs) {
      if (input.state == TaskState.PROCESSING) {
        there(task, input);
      }
    }
  }

  private static void there(Task task, Task input) {
    var member = input.worker;
    if (member != null && (task.thereCount == 0 || task.there == member)) {
      task.there = member;
      task.thereCount++;
    }
  }

  /// Queues a waiting task if nothing is in its way.
  void advance(Task task) {
    if ((task.flags & Task.OBSTACLES) != 0) {
      return;
    }
    if (task.missing == 0) {
      queues.add(task, Cause.INPUTS_READY);
    } else {
      posting.mayRunAhead(task);
    }
  }

  /// A task that was given to a worker is to be given to one again, unless there is an obstacle.
  ///
  /// @param task processing
  void again(Task task, Cause cause, @Nullable WorkerId who) {
    var from = task.worker;
    tasks.to(task, TaskState.WAITING, cause, who);
    if (from != null) {
      posting.leave(task);
      pullBack(task, from);
    }
    var bad = count(task);
    if (bad != null) {
      failing.failBecauseOf(bad, task);
    }
    startInputs();
    if (task.state == TaskState.WAITING) {
      advance(task);
    }
    releasing.doubt(task); // It may have been spared, and nobody may want it.
  }

  /// What was given to a worker because an input of it was being computed there must not wait there
  /// for ever.
  private void pullBack(Task first, Member from) {
    toPullBack.add(first);
    for (var task = toPullBack.poll(); task != null; task = toPullBack.poll()) {
      for (var i = 0; i < task.dependentsCount; i++) {
        var dependent = task.dependents[i];
        if (dependent.has(Task.UNLINKED)) {
          continue;
        }
        if (dependent.state == TaskState.WAITING) {
          Posting.going(dependent, from);
        } else if (dependent.has(Task.AHEAD) && dependent.worker == from) {
          out.abort(from, dependent);
          tasks.to(dependent, TaskState.WAITING, Cause.PULLED_BACK, from.id());
          posting.leave(dependent);
          releasing.doubt(dependent);
          // What it waits for is on its way, or is about to be.
          count(dependent);
          toPullBack.add(dependent);
        }
      }
    }
  }

  // --- what becomes of inputs

  /// The value of an input is there.
  ///
  /// @param from the worker that computed it just now; null if it was found
  void inputCame(Task input, @Nullable Member from) {
    for (var i = 0; i < input.dependentsCount; i++) {
      var dependent = input.dependents[i];
      if (!dependent.state.active() || dependent.has(Task.UNLINKED)) {
        continue;
      }
      dependent.missing--;
      switch (dependent.state) {
        case WAITING -> {
          if (from != null) {
            Posting.going(dependent, from);
          }
          if (dependent.thereCount == 0 && dependent.missing > 0
              && dependent.inputs.length <= RECOUNT_MAX) {
            countThere(dependent);
          }
          advance(dependent);
        }
        case PROCESSING -> {
          var member = dependent.worker;
          if (dependent.missing == 0 && dependent.has(Task.AHEAD) && member != null) {
            member.caughtUp(dependent);
            queues.changed(member);
          }
        }
        case QUEUED, RELEASED, MEMORY, ERRED, FORGOTTEN -> throw tasks.impossible(dependent,
            "the coming of its input '" + input + "'");
      }
    }
  }

  /// The value of an input is nowhere any more.
  ///
  /// @return whether a task that is not on a worker waits for it
  boolean inputLost(Task input) {
    var awaited = false;
    for (var i = 0; i < input.dependentsCount; i++) {
      var dependent = input.dependents[i];
      if (!dependent.state.active() || dependent.has(Task.UNLINKED)) {
        continue;
      }
      dependent.missing++;
      switch (dependent.state) {
        case WAITING -> awaited = true;
        case QUEUED -> {
          awaited = true;
          tasks.to(dependent, TaskState.WAITING, Cause.INPUT_LOST, null);
          queues.gone(dependent);
        }
        case PROCESSING -> {
          // It may have it already. If it does not, its worker says so.
        }
        case RELEASED, MEMORY, ERRED, FORGOTTEN -> throw tasks.impossible(dependent,
            "the loss of its input '" + input + "'");
      }
    }
    return awaited;
  }
}
