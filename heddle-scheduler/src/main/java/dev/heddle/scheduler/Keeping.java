package dev.heddle.scheduler;

import dev.heddle.wire.Payload;
import java.util.Optional;

/// Who has the value of each task: how values come to be in memory, and how they are lost. A room of
/// [SchedulerState].
final class Keeping {
  private final Tasks tasks;
  private final Queues queues;
  private final Outbox out;
  private final Telling telling;
  private final Releasing releasing;
  private final Reviving reviving;

  Keeping(Tasks tasks, Queues queues, Outbox out, Telling telling, Releasing releasing,
      Reviving reviving) {
    this.tasks = tasks;
    this.queues = queues;
    this.out = out;
    this.telling = telling;
    this.releasing = releasing;
    this.reviving = reviving;
  }

  /// A task's value is there for the first time, or again.
  ///
  /// @param task released, waiting, or queued; or processing, and its worker's books are done
  /// @param computed whether `member` was given the task
  void came(Task task, Member member, String type, long sizeBytes, Optional<Payload> value,
      boolean computed) {
    var was = task.state;
    tasks.to(task, TaskState.MEMORY, computed ? Cause.ENDED : Cause.FOUND, member.id());
    switch (was) {
      case RELEASED, WAITING, PROCESSING -> {
      }
      case QUEUED -> queues.gone(task);
      case MEMORY, ERRED, FORGOTTEN -> throw tasks.impossible(task, "the coming of its value");
    }
    task.clear(Task.HELD | Task.PARKED | Task.DOOMED);
    task.set(Task.BEGUN);
    task.end = type;
    task.sizeBytes = sizeBytes;
    add(task, member);
    telling.ended(task, value);
    reviving.inputCame(task, computed ? member : null);
    if (was.active()) {
      for (var input : task.inputs) {
        input.needed--;
        releasing.doubt(input);
      }
    }
    releasing.doubt(task);
  }

  /// A client has put a value on a worker.
  void scattered(Task task, Member member, long sizeBytes) {
    if (task.state == TaskState.RELEASED) {
      tasks.to(task, TaskState.MEMORY, Cause.FOUND, member.id());
      task.end = "";
      task.sizeBytes = sizeBytes;
    }
    add(task, member);
  }

  /// A client has put a value on workers that are not back yet.
  void awaitScattered(Task task) {
    tasks.to(task, TaskState.WAITING, Cause.SUBMITTED, null);
  }

  private void add(Task task, Member member) {
    if (task.addHolder(member)) {
      member.holdings.add(task, tasks::byId);
    }
  }

  /// A worker turns out to have a value that it was not known to have.
  void found(Task task, Member member, long sizeBytes) {
    switch (task.state) {
      case MEMORY -> {
        if (task.sizeBytes < 0 && task.holder == null) {
          task.sizeBytes = sizeBytes;
        }
        add(task, member);
        tellIfAskedFor(task);
      }
      case WAITING, QUEUED -> came(task, member, "", sizeBytes, Optional.empty(), false);
      case PROCESSING -> {
        // From the worker that computes it, its end follows. Others' copies are outdated.
        if (task.worker != member) {
          out.release(member, task.key());
        }
      }
      case RELEASED -> {
        if (task.needed > 0 || task.wanted()) {
          came(task, member, "", sizeBytes, Optional.empty(), false);
        } else {
          out.release(member, task.key());
        }
      }
      case ERRED -> out.release(member, task.key());
      case FORGOTTEN -> throw tasks.impossible(task, "being found");
    }
  }

  /// A worker does not have a value any more.
  void lost(Task task, Member member, Cause cause) {
    if (!task.removeHolder(member)) {
      return;
    }
    member.holdings.remove(task);
    if (task.holder != null) {
      return;
    }
    tasks.to(task, TaskState.RELEASED, cause, member.id());
    task.end = null;
    var awaited = reviving.inputLost(task);
    if (awaited || (task.wanted() && !task.has(Task.TOLD)) || task.has(Task.SCATTERED)) {
      reviving.need(task, Cause.NEEDED_AGAIN);
    }
  }

  /// Tells those who asked for a value while all who have it were away.
  void tellIfAskedFor(Task task) {
    if (task.has(Task.ASKED_FOR) && !allAway(task)) {
      telling.ended(task, Optional.empty());
    }
  }

  static boolean allAway(Task task) {
    for (var other : task.moreHolders) {
      if (!other.away) {
        return false;
      }
    }
    return task.holder != null && task.holder.away;
  }
}
