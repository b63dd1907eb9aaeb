package dev.heddle.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes work that has not begun from workers with much of it, when others have none. A room of
/// [SchedulerState].
final class Stealing {
  /// What a worker has beyond what it runs must take so long for it to pay to take some of that: the time of a
  /// few messages.
  private static final long PAYS_NANOS = 1_000_000;

  private final Tasks tasks;
  private final Crew crew;
  private final Queues queues;
  private final Outbox out;
  private final Posting posting;
  private final long betweenNanos;
  private long lastNanos = Long.MIN_VALUE;

  Stealing(SchedulerConfig config, Tasks tasks, Crew crew, Queues queues, Outbox out,
      Posting posting) {
    this.tasks = tasks;
    this.crew = crew;
    this.queues = queues;
    this.out = out;
    this.posting = posting;
    betweenNanos = Math.max(PAYS_NANOS, config.queueAhead().toNanos() / 4);
  }

  /// At the end of each batch; it looks at workers only if one is idle, and not again at once.
  void balance() {
    var idle = queues.plain().leastLoaded();
    if (idle == null || !isIdle(idle) || queues.plain().hasQueued()
        || (lastNanos != Long.MIN_VALUE && tasks.nowNanos() - lastNanos < betweenNanos)) {
      return;
    }
    tick();
  }

  void tick() {
    lastNanos = tasks.nowNanos();
    var idle = queues.plain().leastLoaded();
    if (idle == null || !isIdle(idle) || queues.plain().hasQueued()) {
      return;
    }
    var victim = mostLoaded(idle);
    if (victim == null) {
      return;
    }
    if (victim.homeCount > 0) {
      var task = victim.home.peek();
      if (task != null && Placing.wait(victim) > moveUnits(task, idle)) {
        posting.assign(task, idle, Cause.ASSIGNED);
        return;
      }
    }
    recall(victim, idle);
  }

  private static boolean isIdle(Member member) {
    return member.runnable - member.waits == 0 && member.ahead == 0;
  }

  private @Nullable Member mostLoaded(Member idle) {
    Member most = null;
    for (var member : crew.all()) {
      if (member != idle && !member.away && member.runnable - member.waits > 0
          && (most == null || Placing.wait(member) > Placing.wait(most))) {
        most = member;
      }
    }
    return most;
  }

  /// Half of what it has not begun, from the end.
  private void recall(Member victim, Member idle) {
    var recallable = recallable(victim, idle);
    var units = 0L;
    for (var task : recallable) {
      units += task.cost;
    }
    if (recallable.isEmpty() || units * Pace.UNIT_NANOS < PAYS_NANOS) {
      return;
    }
    var numbers = new ArrayList<Long>();
    for (var i = recallable.size() / 2; i < recallable.size(); i++) {
      recallable.get(i).set(Task.RECALLED);
      numbers.add(recallable.get(i).assignment);
    }
    out.recall(victim, numbers);
  }

  private List<Task> recallable(Member victim, Member idle) {
    var found = new ArrayList<Task>();
    var slots = victim.slots();
    for (var number : victim.assignments.inOrder(n -> tasks.assigned(n) != null)) {
      var task = tasks.assigned(number);
      if (task == null || task.has(Task.AHEAD | Task.WAITS)
          || task.template.shelf.pool.demand.blocking()) {
        continue;
      }
      if (slots > 0) {
        slots--;
      } else if (!task.has(Task.RECALLED) && !isWaitedForAt(task, victim)
          && task.template.shelf.pool.demand.fits(idle)) {
        found.add(task);
      }
    }
    return found;
  }

  /// Whether something that was given to the same worker waits for it there.
  private static boolean isWaitedForAt(Task task, Member member) {
    for (var i = 0; i < task.dependentsCount; i++) {
      if (task.dependents[i].has(Task.AHEAD) && task.dependents[i].worker == member) {
        return true;
      }
    }
    return false;
  }

  private static long moveUnits(Task task, Member to) {
    var bytes = 0L;
    for (var input : task.inputs) {
      bytes += input.isHeldBy(to) ? 0 : Math.max(0, input.sizeBytes);
    }
    return bytes / Placing.BYTES_PER_UNIT;
  }
}
