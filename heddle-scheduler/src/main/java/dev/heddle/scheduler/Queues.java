package dev.heddle.scheduler;

import dev.heddle.wire.TaskSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where queued tasks wait: in a [Pool] for any worker that suits them, or at the home of the one worker
/// that has their inputs.
final class Queues {
  private final Tasks tasks;
  private final Crew crew;
  private final Pool plain = new Pool(Demand.NONE);
  /// All but the plain one.
  private final Map<Demand, Pool> pools = new LinkedHashMap<>();
  /// Those of [#pools] in which something is queued: only they know of the workers.
  private final List<Pool> busy = new ArrayList<>();
  private final ArrayDeque<Member> changed = new ArrayDeque<>();
  /// How much whoever was served last had been served.
  private long served;

  Queues(Tasks tasks, Crew crew) {
    this.tasks = tasks;
    this.crew = crew;
  }

  // --- pools

  Shelf shelf(Client client, TaskSettings settings) {
    if (Demand.isNone(settings)) {
      return plain.shelf(client);
    }
    var demand = Demand.of(settings);
    if (pools.size() > 64) {
      pools.values().removeIf(pool -> pool.isUnused() && !pool.demand.equals(demand));
    }
    return pools.computeIfAbsent(demand, Pool::new).shelf(client);
  }

  Pool plain() {
    return plain;
  }

  List<Pool> busy() {
    return busy;
  }

  /// The pool whose first task is the most urgent, among those with a worker that has room; null if there is
  /// none.
  @Nullable
  Pool next() {
    var best = isServable(plain) ? plain : null;
    for (var pool : busy) {
      if (isServable(pool) && (best == null || urgency(pool) <= urgency(best))) {
        best = pool;
      }
    }
    return best;
  }

  private static boolean isServable(Pool pool) {
    return pool.hasQueued() && pool.leastLoaded() != null;
  }

  private static int urgency(Pool pool) {
    var first = pool.next();
    return first == null ? Integer.MAX_VALUE : first.urgency;
  }

  // --- tasks

  /// Queues a task for whichever worker suits it.
  void add(Task task, Cause cause) {
    tasks.to(task, TaskState.QUEUED, cause, null);
    addToPool(task);
  }

  private void addToPool(Task task) {
    var pool = task.template.shelf.pool;
    if (pool != plain && !pool.hasQueued()) {
      crew.all().forEach(pool::welcome);
      busy.add(pool);
    }
    pool.add(task, served);
  }

  /// Moves a queued task to the home of a worker.
  void toHome(Task task, Member member, int cost) {
    task.set(Task.HOMED);
    goneFromPool(task);
    task.there = member;
    task.cost = cost;
    member.home.add(task);
    member.homeCount++;
    member.homeLoad += cost;
  }

  /// Moves a task from the home of a worker to where all others may take it.
  void fromHome(Task task) {
    leaveHome(task);
    addToPool(task);
  }

  /// A task that was queued is in its next state.
  void gone(Task task) {
    if (task.has(Task.HOMED)) {
      leaveHome(task);
    } else {
      goneFromPool(task);
    }
  }

  private static void leaveHome(Task task) {
    var member = task.there;
    task.clear(Task.HOMED);
    task.there = null;
    if (member != null) {
      member.homeCount--;
      member.homeLoad -= task.cost;
      if (member.homeCount == 0) {
        member.home.clear();
      }
    }
  }

  private void goneFromPool(Task task) {
    var pool = task.template.shelf.pool;
    pool.gone(task);
    if (pool != plain && !pool.hasQueued()) {
      pool.bidAll();
      busy.remove(pool);
    }
  }

  /// A task's client has its turn.
  void serve(Task task, int cost) {
    var client = task.template.owner;
    served = client.served;
    client.served += cost;
  }

  // --- workers

  void came(Member member) {
    plain.welcome(member);
    busy.forEach(pool -> pool.welcome(member));
    changed(member);
  }

  void left(Member member) {
    plain.bid(member);
    busy.forEach(pool -> pool.bid(member));
  }

  /// The room of a worker is to be looked at again.
  void changed(Member member) {
    if (!member.changed) {
      member.changed = true;
      changed.add(member);
    }
  }

  /// A worker whose room was to be looked at again, and was; null if there is none.
  @Nullable
  Member nextChanged() {
    var member = changed.poll();
    if (member != null) {
      member.changed = false;
      if (!member.dead) {
        plain.changed(member);
        for (var pool : busy) {
          pool.changed(member);
        }
      }
    }
    return member;
  }

  void check() {
    plain.check();
    busy.forEach(Pool::check);
  }
}
