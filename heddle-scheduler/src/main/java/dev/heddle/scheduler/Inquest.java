package dev.heddle.scheduler;

import dev.heddle.wire.Message.TaskEnd;
import java.util.ArrayList;
import java.util.Optional;

/// Finds out whether the function of a cancelled task had been called. A room of [SchedulerState].
///
/// A task that was never given to a worker has not begun, and a worker says of each that it gives back
/// that it has not. Of one that is cancelled while a worker has it, only that worker knows: clients are
/// told of the end at once, and of the worker's word when it comes. If the worker is lost first, the
/// function may have been called.
final class Inquest {
  private final Telling telling;

  Inquest(Telling telling) {
    this.telling = telling;
  }

  /// @param task is about to be cancelled
  void open(Task task) {
    var member = task.worker;
    if (member != null && !member.away && !task.has(Task.BEGUN)) {
      task.set(Task.ASKING);
      member.cancelled.put(task.assignment, task);
    }
  }

  /// A worker told how an assignment ended there that is over here.
  void answered(Member member, long assignment, TaskEnd end) {
    var task = member.cancelled.remove(assignment);
    if (task != null) {
      close(task, begun(end));
    }
  }

  /// A worker cannot be asked any more.
  void unanswered(Member member) {
    var tasks = new ArrayList<>(member.cancelled.values());
    member.cancelled.clear();
    tasks.forEach(task -> close(task, true));
  }

  private void close(Task task, boolean begun) {
    task.clear(Task.ASKING);
    if (!begun) {
      task.clear(Task.BEGUN);
    }
    if (task.state == TaskState.ERRED) {
      telling.ended(task, Optional.empty());
    }
  }

  /// Whether the function may have been called in an assignment that ended so.
  static boolean begun(TaskEnd end) {
    return switch (end) {
      case TaskEnd.Ready _ -> true;
      case TaskEnd.Failed(_, var runNanos) -> runNanos > 0;
      case TaskEnd.Lacking _ -> false;
      case TaskEnd.GivenBack(_, var begun) -> begun;
      case TaskEnd.Cancelled(var begun) -> begun;
    };
  }
}
