package dev.heddle.scheduler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  /// Who else is idle and suits what the least loaded worker does not suit; found once a look.
  private final Map<Pool, Optional<Member>> takers = new HashMap<>();

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
    takers.clear();
    for (var victim : victims(idle)) {
      if (takesFrom(victim, idle)) {
        return;
      }
    }
  }

  /// @return whether anything was taken
  private boolean takesFrom(Member victim, Member idle) {
    if (victim.homeCount > 0) {
      var task = victim.home.peek();
      if (task != null && wait(victim) > Placing.moveUnits(task, idle)) {
        posting.assign(task, idle, Cause.ASSIGNED);
        return true;
      }
    }
    return recalls(victim, idle);
  }

  private static boolean isIdle(Member member) {
    return member.occupied() == 0 && member.ahead == 0;
  }

  /// Those that have something beyond what they run, the most loaded first; a few of them.
  private List<Member> victims(Member idle) {
    var found = new ArrayList<Member>();
    for (var member : crew.all()) {
      if (member != idle && !member.away
          && (member.occupied() > member.openSlots() || member.homeCount > 0)) {
        found.add(member);
      }
    }
    found.sort((one, other) -> Long.compare(wait(other), wait(one)));
    return found.size() <= FEW ? found : found.subList(0, FEW);
  }

  /// Who could do a task at once: the one that is idle, or, if that does not suit, another.
  private @Nullable Member taker(Task task, Member idle) {
    var pool = task.template.shelf.pool;
    return suits(idle, pool.demand)
        ? idle
        : takers.computeIfAbsent(pool, _ -> anyIdle(pool.demand)).orElse(null);
  }

  private Optional<Member> anyIdle(Demand demand) {
    for (var member : crew.all()) {
      if (isIdle(member) && suits(member, demand)) {
        return Optional.of(member);
      }
    }
    return Optional.empty();
  }

  private static boolean suits(Member member, Demand demand) {
    return demand.fits(member) && member.hasRoomFor(demand);
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
  ///
  /// @return whether there was any
  private boolean recalls(Member victim, Member idle) {
    var recallable = recallable(victim, idle);
    var units = 0L;
    for (var task : recallable) {
      units += task.cost;
    }
    var quiet = quietNanos(victim);
    if (recallable.isEmpty() || (quiet == 0 && units * Pace.UNIT_NANOS < PAYS_NANOS)) {
      return false;
    }
    var numbers = new ArrayList<Long>();
    var load = victim.load();
    for (var i = recallable.size() - 1; i >= recallable.size() / 2; i--) {
      var task = recallable.get(i);
      var wait = Math.max((load - task.cost) / Math.max(1, victim.openSlots()),
          quiet / Pace.UNIT_NANOS);
      if (taker(task, idle) instanceof Member taker
          && Placing.moveUnits(task, taker) - Placing.moveUnits(task, victim) < Math.max(1, wait)) {
        load -= task.cost;
        task.set(Task.RECALLED);
        numbers.add(task.assignment);
      }
    }
    if (numbers.isEmpty()) {
      return false;
    }
    out.recall(victim, numbers.reversed());
    return true;
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
          && taker(task, idle) != null) {
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
