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
  /// So many workers are looked at whenever one is idle; more, only now and then.
  private static final int FEW = 32;

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
        || (crew.size() > FEW && lastNanos != Long.MIN_VALUE
            && tasks.nowNanos() - lastNanos < betweenNanos)) {
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
      if (task != null && Placing.wait(victim) > Placing.moveUnits(task, idle)) {
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

  /// Half of what it has not begun, from the end; of that, what could start earlier on the idle one than here
  /// once the others are gone, so that it is not given to this one again.
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
    var load = victim.load();
    for (var i = recallable.size() - 1; i >= recallable.size() / 2; i--) {
      var task = recallable.get(i);
      var wait = (load - task.cost) / victim.slots();
      var move = Placing.moveUnits(task, idle) - Placing.moveUnits(task, victim);
      if (move <= 0 || move < wait) {
        load -= task.cost;
        task.set(Task.RECALLED);
        numbers.add(task.assignment);
      }
    }
    if (!numbers.isEmpty()) {
      out.recall(victim, numbers.reversed());
    }
  }

  private List<Task> recallable(Member victim, Member idle) {
    var found = new ArrayList<Task>();
    var slots = victim.slots();
    for (var number : victim.assignments.inOrder(n -> tasks.assigned(n) != null)) {
      var task = tasks.assigned(number);
      if (task == null || task.has(Task.AHEAD | Task.WAITS)) {
        continue;
      }
      var demand = task.template.shelf.pool.demand;
      if (demand.blocking()) {
        continue;
      }
      if (slots > 0) {
        slots--;
      } else if (!task.has(Task.RECALLED) && !isWaitedForAt(task, victim) && demand.fits(idle)
          && idle.hasRoomFor(demand)) {
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
}
