package dev.heddle.scheduler;

import dev.heddle.scheduler.SchedulerEvent.Ended;
import dev.heddle.wire.Attempt;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.TaskEnd;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/// What follows when an assignment ends. A room of [SchedulerState].
final class Ending {
  /// So often a task's inputs may not be found before it fails for that.
  private static final int LACKINGS_MAX = 8;
  /// For so long a task waits whose inputs could not be had although somebody is known to have them.
  private static final long PARKED_NANOS = 1_000_000_000;

  private record Parked(Task task, long untilNanos) {}

  private final Tasks tasks;
  private final Crew crew;
  private final Outbox out;
  private final Posting posting;
  private final Failing failing;
  private final Reviving reviving;
  private final Keeping keeping;
  private final Inquest inquest;
  private final ArrayDeque<Parked> parked = new ArrayDeque<>();

  Ending(Tasks tasks, Crew crew, Outbox out, Posting posting, Failing failing, Reviving reviving,
      Keeping keeping, Inquest inquest) {
    this.tasks = tasks;
    this.crew = crew;
    this.out = out;
    this.posting = posting;
    this.failing = failing;
    this.reviving = reviving;
    this.keeping = keeping;
    this.inquest = inquest;
  }

  /// Of an assignment that is over, or was another worker's, nothing follows but what it says of whether
  /// the function was called: the rest was decided when it was ended here.
  void ended(Ended ended) {
    var task = tasks.assigned(ended.task());
    var member = crew.find(ended.worker());
    if (member == null) {
      return;
    }
    if (task == null || task.worker != member) {
      inquest.answered(member, ended.task(), ended.end());
      return;
    }
    if (!Inquest.begun(ended.end())) {
      task.set(Task.NOT_BEGUN_THERE);
    }
    switch (ended.end()) {
      case TaskEnd.Ready(var type, var sizeBytes, var runNanos, var value) -> {
        var pace = task.template.pace;
        pace.ran(runNanos);
        posting.leave(task);
        keeping.came(task, member, pace.type(type), sizeBytes, value, true);
      }
      case TaskEnd.Failed(var failure, var runNanos) -> failed(task, member, failure, runNanos);
      case TaskEnd.Lacking(var inputs, var reason) -> lacking(task, member, inputs, reason);
      case TaskEnd.GivenBack _ -> {
        if (!task.has(Task.RECALLED)) {
          // It leaves, or is full. Its next beat, or its end, says more.
          member.balking = true;
        }
        reviving.again(task, Cause.GIVEN_BACK, member.id());
      }
      case TaskEnd.Cancelled _ -> {
        posting.leave(task);
        failing.fail(task, new Verdict.Cancelled("'" + task + "' was cancelled on the worker "
            + member), Cause.CANCELLED_THERE, member.id());
      }
    }
  }

  private void failed(Task task, Member member, Failure failure, long runNanos) {
    if (runNanos > 0) {
      task.template.pace.ran(runNanos);
    }
    if (task.template.settings.retries() > 0
        && task.rare().retriesUsed < task.template.settings.retries()) {
      task.rare().retriesUsed++;
      reviving.again(task, Cause.RETRIED, member.id());
      return;
    }
    posting.leave(task);
    failing.fail(task,
        new Verdict.Failed(task.key(), Optional.of(attempt(task, member, runNanos)), failure),
        Cause.FAILED, member.id());
  }

  private static Attempt attempt(Task task, Member member, long runNanos) {
    return new Attempt(task.key(), member.name(), member.info.host(), member.info.pid(),
        task.attempt(), task.template.settings.retries() + 1, runNanos);
  }

  // --- inputs that could not be had

  private void lacking(Task task, Member member, List<Key> inputs, String reason) {
    if (++task.rare().lackings > LACKINGS_MAX) {
      posting.leave(task);
      failing.fail(task,
          new Verdict.Failed(task.key(), Optional.empty(), lackingFailure(task, member, reason)),
          Cause.LACKING, member.id());
      return;
    }
    task.set(Task.PARKED | Task.NEVER_AHEAD);
    var mustWait = false;
    var needed = List.of(task.inputs);
    for (var key : inputs) {
      var input = tasks.find(key);
      if (input != null && input.state == TaskState.MEMORY && needed.contains(input)) {
        mustWait |= !dropHolders(input, key);
      }
    }
    if (task.state != TaskState.PROCESSING) {
      return; // what was lost cannot be computed again, and it has erred with that
    }
    // A round in which nothing was found wrong would be followed by another one like it at once.
    mustWait |= task.missing == 0;
    reviving.again(task, Cause.LACKING, member.id());
    if (mustWait) {
      parked.add(new Parked(task, tasks.nowNanos() + PARKED_NANOS));
    } else {
      unpark(task);
    }
  }

  /// Those who were named as having it did not give it.
  ///
  /// @return whether that was done; not for what cannot be computed again, or may be had again later
  private boolean dropHolders(Task input, Key key) {
    if (input.has(Task.SCATTERED) || Keeping.allAway(input)) {
      return false;
    }
    var all = Telling.holders(input);
    for (var holder : all) {
      var member = crew.find(holder.worker());
      if (member != null && !member.away) {
        out.release(member, key);
        keeping.lost(input, member, Cause.VALUE_LOST);
      }
    }
    return true;
  }

  private static Failure lackingFailure(Task task, Member member, String reason) {
    return new Failure("dev.heddle.InputsLostException",
        ErrorCode.INPUT_MISSING.of("'" + task + "' was given up after its inputs could not be had "
            + (LACKINGS_MAX + 1) + " times, last by the worker " + member + ": " + reason
            + "; see whether the workers reach each other"),
        List.of(), 0, Optional.empty(), List.of(), Optional.empty());
  }

  /// Tries again what waited for inputs to become reachable.
  ///
  /// @param all whether at once, for workers have come or gone
  void retryParked(boolean all) {
    while (!parked.isEmpty()
        && (all || parked.getFirst().untilNanos() <= tasks.nowNanos())) {
      unpark(parked.removeFirst().task());
    }
  }

  private void unpark(Task task) {
    if (task.has(Task.PARKED)) {
      task.clear(Task.PARKED);
      if (task.state == TaskState.WAITING) {
        reviving.advance(task);
      }
    }
  }
}
