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
  /// Where nothing has ended for so long, something runs that is long, whatever it was thought to cost; it is
  /// expected to go on for as long again.
  private static final long QUIET_NANOS = 20_000_000;
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
      if (task != null && wait(victim) > Placing.moveUnits(task, idle)) {
        posting.assign(task, idle, Cause.ASSIGNED);
        return;
      }
    }
    recall(victim, idle);
  }

  private static boolean isIdle(Member member) {
    return member.occupied() == 0 && member.ahead == 0;
  }

  private @Nullable Member mostLoaded(Member idle) {
    Member most = null;
    for (var member : crew.all()) {
      if (member != idle && !member.away
          && (member.occupied() > member.openSlots() || member.homeCount > 0)
          && (most == null || wait(member) > wait(most))) {
        most = member;
      }
    }
    return most;
  }

  /// What is to be done there before anything that is not begun, in units of [Pace#UNIT_NANOS].
  private long wait(Member member) {
    return Math.max(Placing.wait(member), quietNanos(member) / Pace.UNIT_NANOS);
  }

  /// For how long nothing has ended there; 0 for less than what is long.
  private long quietNanos(Member member) {
    var quiet = member.quietNanos(tasks.nowNanos());
    return quiet < QUIET_NANOS ? 0 : quiet;
  }

  /// Half of what it has not begun, from the end; of that, what could start earlier on the idle one than here
  /// once the others are gone, so that it is not given to this one again.
  private void recall(Member victim, Member idle) {
    var recallable = recallable(victim, idle);
    var units = 0L;
    for (var task : recallable) {
      units += task.cost;
    }
    var quiet = quietNanos(victim);
    if (recallable.isEmpty() || (quiet == 0 && units * Pace.UNIT_NANOS < PAYS_NANOS)) {
      return;
    }
    var numbers = new ArrayList<Long>();
    var load = victim.load();
    for (var i = recallable.size() - 1; i >= recallable.size() / 2; i--) {
      var task = recallable.get(i);
      var wait = Math.max((load - task.cost) / Math.max(1, victim.openSlots()),
          quiet / Pace.UNIT_NANOS);
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
    var slots = victim.openSlots();
    var quiet = quietNanos(victim) > 0;
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
      } else if (!task.has(Task.RECALLED) && (quiet || !isWaitedForAt(task, victim))
          && demand.fits(idle)
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
