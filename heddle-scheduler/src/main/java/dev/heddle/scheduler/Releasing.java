package dev.heddle.scheduler;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/// Lets go of what nobody needs: values, tasks under way, and at last what is known of a task. A room of
/// [SchedulerState].
///
/// - A *value* stays while somebody wants it or an active task needs it.
/// - A *task* under way stays while somebody wants it, an active task needs it, or it runs anyway: a detached
///   one, and one that is spared, if it has begun.
/// - What is *known* of it stays as long as that, and while anything is known that depends on it: that
///   may have to be computed again, or, after it failed, be replayed.
final class Releasing {
  private final Tasks tasks;
  private final Queues queues;
  private final Posting posting;
  private final Outbox out;
  private final ArrayDeque<Task> doubtful = new ArrayDeque<>();
  private Consumer<Task> forgotten = _ -> {};

  Releasing(Tasks tasks, Queues queues, Posting posting, Outbox out) {
    this.tasks = tasks;
    this.queues = queues;
    this.posting = posting;
    this.out = out;
  }

  /// @param told of each task that is about to be forgotten
  void forgetting(Consumer<Task> told) {
    forgotten = told;
  }

  /// Whether it is still needed is to be looked at, at the end of the event.
  void doubt(Task task) {
    if (task.needed == 0 && !task.wanted()) {
      doubtful.add(task);
    }
  }

  /// A task that nobody needs may go on to its end, if its worker has begun it. It is recalled, which
  /// ends it there if it has not.
  void spare(Task task) {
    var member = task.worker;
    if (task.needed == 0 && !task.wanted() && member != null && !member.away) {
      task.set(Task.SPARED);
      if (!task.has(Task.RECALLED)) {
        task.set(Task.RECALLED);
        out.recall(member, List.of(task.assignment));
      }
    }
  }

  /// Looks at all that is in doubt, and at what comes into doubt by that.
  void sweep() {
    for (var task = doubtful.poll(); task != null; task = doubtful.poll()) {
      if (task.state != TaskState.FORGOTTEN && task.needed == 0 && !task.wanted()
          && !task.runsAnyway() && !task.isToBeReplayed()) {
        letGo(task);
      }
    }
  }

  private void letGo(Task task) {
    switch (task.state) {
      case WAITING, QUEUED, PROCESSING -> abandon(task);
      case MEMORY -> releaseValue(task);
      case RELEASED, ERRED -> {
      }
      case FORGOTTEN -> throw tasks.impossible(task, "letting go");
    }
    if (task.dependentsLive == 0) {
      forgotten.accept(task);
      unlink(task, false);
      tasks.forget(task);
    }
  }

  private void abandon(Task task) {
    var was = task.state;
    tasks.to(task, TaskState.RELEASED, Cause.UNNEEDED, null);
    switch (was) {
      case WAITING -> {
      }
      case QUEUED -> queues.gone(task);
      case PROCESSING -> stop(task);
      case RELEASED, MEMORY, ERRED, FORGOTTEN -> throw tasks.impossible(task, "abandoning");
    }
    task.clear(Task.OBSTACLES & ~Task.SCATTERED);
    for (var input : task.inputs) {
      input.needed--;
      doubt(input);
    }
  }

  /// Takes a task from its worker, which is told, if it has one.
  void stop(Task task) {
    var member = task.worker;
    if (member != null) {
      out.abort(member, task);
      posting.leave(task);
    }
  }

  private void releaseValue(Task task) {
    var key = task.key();
    for (var member = task.holder; member != null; member = task.holder) {
      out.release(member, key);
      task.removeHolder(member);
      member.holdings.remove(task);
      queues.changed(member);
    }
    task.end = null;
    tasks.to(task, TaskState.RELEASED, Cause.UNNEEDED, null);
  }

  /// It has failed: it needs the values of its inputs no more. What is known of them stays, so that it can be
  /// replayed.
  void endNeed(Task task, boolean wasActive) {
    if (wasActive && !task.has(Task.UNLINKED)) {
      for (var input : task.inputs) {
        input.needed--;
        doubt(input);
      }
    }
  }

  /// It will not be computed again: its inputs need not be kept for its sake.
  ///
  /// @param wasActive whether it counted among those that need its inputs
  void unlink(Task task, boolean wasActive) {
    if (task.has(Task.UNLINKED)) {
      return;
    }
    task.set(Task.UNLINKED);
    for (var input : task.inputs) {
      if (wasActive) {
        input.needed--;
      }
      input.dependentGone();
      doubt(input);
    }
    task.inputs = Task.NONE;
    task.argument = null;
  }
}
