package dev.heddle.scheduler;

import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.WorkerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Brings together what workers have and what clients want, after this scheduler was started anew: each
/// comes back in its own time. A room of [SchedulerState].
///
/// What workers have that no client has asked for yet is a *stray*. It is kept for a while, then
/// released. Returning tasks are held back until the workers that may have them are here, or time is up.
final class Settling {
  /// If no tick comes for so long, this node stood still: what clients and workers have said meanwhile has still to be
  /// read, so that the time does not count against them.
  private static final long STOOD_STILL_NANOS = 1_000_000_000;
  private static final int LET_GO_MAX = 10_000;

  private static final class Stray {
    final List<Member> holders = new ArrayList<>(1);
    long sizeBytes;
    /// A worker that has it to compute.
    @Nullable
    Member unfinishedAt;
    long sinceNanos;

    Stray(long sinceNanos) {
      this.sinceNanos = sinceNanos;
    }
  }

  /// What a client has put on workers.
  ///
  /// @param holders those that may have it, and are not here
  /// @param untilNanos for how long they are waited for
  private record Put(Task task, Set<WorkerId> holders, long untilNanos) {
    Put later(long nanos) {
      return new Put(task, holders, untilNanos + nanos);
    }
  }

  private final SchedulerConfig config;
  private final Tasks tasks;
  private final Clients clients;
  private final Crew crew;
  private final Queues queues;
  private final Outbox out;
  private final Posting posting;
  private final Failing failing;
  private final Reviving reviving;
  private final Keeping keeping;
  /// Those that are known for longest first.
  private final Map<Key, Stray> strays = new LinkedHashMap<>();
  private final Set<WorkerId> awaited = new HashSet<>();
  private final ArrayDeque<Task> held = new ArrayDeque<>();
  private final List<Put> puts = new ArrayList<>();
  /// Strays that were released lately, so that their clients are not believed that workers have them.
  private final LinkedHashSet<Key> letGo = new LinkedHashSet<>();
  private long startNanos;
  private long lastTickNanos;
  private boolean started;

  Settling(SchedulerConfig config, Tasks tasks, Clients clients, Crew crew, Queues queues,
      Outbox out, Posting posting, Failing failing, Reviving reviving, Keeping keeping) {
    this.config = config;
    this.tasks = tasks;
    this.clients = clients;
    this.crew = crew;
    this.queues = queues;
    this.out = out;
    this.posting = posting;
    this.failing = failing;
    this.reviving = reviving;
    this.keeping = keeping;
  }

  /// The first event is the start.
  void itIs(long nowNanos) {
    if (!started) {
      started = true;
      startNanos = nowNanos;
      lastTickNanos = nowNanos;
    }
  }

  private boolean timeIsUp() {
    return tasks.nowNanos() - startNanos >= config.settleWithin().toNanos();
  }

  boolean isHolding() {
    return !awaited.isEmpty() && !timeIsUp();
  }

  /// Workers that may have the value of a task and are not back yet, for people.
  Set<WorkerId> awaited(Task task) {
    return puts.stream().filter(put -> put.task == task).map(Put::holders).findFirst()
        .orElse(awaited);
  }

  int heldCount() {
    return held.size() + puts.size();
  }

  // --- clients and their tasks

  void clientCame(Set<WorkerId> workersKnown) {
    if (timeIsUp()) {
      return;
    }
    for (var worker : workersKnown) {
      var member = crew.named(worker.name());
      // Another life of that name means that this one is over.
      if (member == null) {
        awaited.add(worker);
      }
    }
  }

  /// Sets a new task on its way.
  void start(Task task, boolean returning) {
    if (returning) {
      task.set(Task.BEGUN); // Under an earlier scheduler, perhaps.
    }
    if ((returning || task.template.fingerprint != null) && !strays.isEmpty()) {
      var stray = strays.remove(task.key());
      if (stray != null && match(task, stray)) {
        return;
      }
    }
    if (returning && isHolding()) {
      task.set(Task.HELD);
      held.add(task);
    }
    reviving.need(task, Cause.SUBMITTED);
  }

  /// @return whether a worker has it, or has it to compute
  private boolean match(Task task, Stray stray) {
    for (var member : stray.holders) {
      if (!member.dead) {
        keeping.found(task, member, stray.sizeBytes);
      }
    }
    var member = stray.unfinishedAt;
    unfinishedAt(stray, null);
    if (task.state == TaskState.MEMORY) {
      if (member != null) {
        out.release(member, task.key());
      }
      return true;
    }
    if (member != null && member.away && !timeIsUp()) {
      awaited.add(member.id());
    }
    if (member == null || member.dead || member.away) {
      return false;
    }
    task.set(Task.HELD);
    reviving.need(task, Cause.SUBMITTED);
    if (task.state == TaskState.WAITING) {
      resume(task, member);
    }
    return true;
  }

  /// A worker has a task to compute that was not known to be there: it goes on there, unless the resources
  /// that it takes were given to another meanwhile.
  ///
  /// @param task waiting or queued
  private void resume(Task task, Member member) {
    task.clear(Task.HELD | Task.PARKED);
    if (task.template.shelf.pool.demand.isFree(member)) {
      posting.assign(task, member, Cause.FOUND);
    } else {
      out.release(member, task.key());
      if (task.state == TaskState.WAITING) {
        reviving.advance(task);
      }
    }
  }

  // --- what clients have put on workers themselves

  /// Finds what a client has put on workers, where they have told of it.
  ///
  /// @return false if they had, and were told to let it go since nobody asked for it
  boolean matchScattered(Task task, long sizeBytes) {
    if (letGo.remove(task.key())) {
      return false;
    }
    var stray = strays.remove(task.key());
    if (stray != null) {
      for (var member : stray.holders) {
        if (!member.dead) {
          keeping.scattered(task, member, sizeBytes);
        }
      }
    }
    return true;
  }

  /// Nobody is known to have it, though perhaps another life of one of these workers, which the client took for
  /// the one before. It cannot be computed, so those that may have it are waited for, also such as
  /// are believed dead, and after a start longer than the others.
  void awaitScattered(Task task, List<WorkerId> holders) {
    var now = tasks.nowNanos();
    var put = new Put(task, new HashSet<>(holders), now + Math
        .max(startNanos + patience() - now, config.settleWithin().toNanos()));
    if (mayBeFound(put)) {
      keeping.awaitScattered(task);
      puts.add(put);
    } else {
      reviving.need(task, Cause.SUBMITTED);
    }
  }

  private boolean mayBeFound(Put put) {
    return !put.holders.isEmpty() && tasks.nowNanos() - put.untilNanos < 0;
  }

  /// For how long after its start it waits for what cannot be computed again.
  private long patience() {
    return Math.max(config.settleWithin().toNanos(), config.clientPatience().toNanos());
  }

  // --- workers and what they have

  /// A worker tells all that it has, which was not known to be there; what it told before is over.
  void came(Member member, List<Entry> stored, List<Key> unfinished) {
    awaited.removeIf(worker -> worker.name().equals(member.name()));
    for (var stray : strays.values()) {
      stray.holders.remove(member);
      if (stray.unfinishedAt == member) {
        unfinishedAt(stray, null);
      }
    }
    registered(member, stored);
    for (var key : unfinished) {
      if (!TaskKeys.isOf(key, config.namespace())) {
        continue;
      }
      var task = tasks.find(key);
      if (task == null) {
        unfinishedStray(member, key);
      } else if ((task.state == TaskState.WAITING && !task.has(Task.SCATTERED | Task.DOOMED))
          || task.state == TaskState.QUEUED) {
        resume(task, member);
      } else if (task.worker != member) {
        out.release(member, key);
      }
    }
    releaseHeld();
  }

  void died(Member member) {
    awaited.removeIf(worker -> worker.name().equals(member.name()));
    puts.forEach(put -> put.holders.remove(member.id()));
    releaseHeld();
  }

  /// A worker has these, beyond what it was given to compute.
  void registered(Member member, List<Entry> entries) {
    for (var entry : entries) {
      var key = entry.key();
      if (!TaskKeys.isOf(key, config.namespace())) {
        continue;
      }
      var task = tasks.find(key);
      if (task != null) {
        keeping.found(task, member, entry.sizeBytes());
      } else {
        // Perhaps its client has put it there and is about to say so; if not, it is released in a while.
        var stray = stray(key);
        stray.sizeBytes = entry.sizeBytes();
        if (!stray.holders.contains(member)) {
          stray.holders.add(member);
        }
      }
    }
  }

  /// If several have it to compute, one is enough.
  private void unfinishedStray(Member member, Key key) {
    var stray = stray(key);
    var other = stray.unfinishedAt;
    if (other == null || other.dead || other.away) {
      unfinishedAt(stray, member);
    } else if (other != member) {
      out.release(member, key);
    }
  }

  private void unfinishedAt(Stray stray, @Nullable Member member) {
    if (stray.unfinishedAt instanceof Member before) {
      before.strays--;
      queues.changed(before);
    }
    stray.unfinishedAt = member;
    if (member != null) {
      member.strays++;
    }
  }

  private Stray stray(Key key) {
    return strays.computeIfAbsent(key, _ -> new Stray(tasks.nowNanos()));
  }

  void unregistered(Member member, Key key) {
    var stray = strays.get(key);
    if (stray != null) {
      stray.holders.remove(member);
    }
  }

  // --- time goes by

  void tick() {
    var now = tasks.nowNanos();
    var since = now - lastTickNanos;
    lastTickNanos = now;
    if (since > STOOD_STILL_NANOS) {
      postpone(since);
    }
    if (timeIsUp()) {
      awaited.clear();
    }
    releaseHeld();
    for (var all = strays.entrySet().iterator(); all.hasNext();) {
      var entry = all.next();
      var stray = entry.getValue();
      if (now - stray.sinceNanos < config.settleWithin().toNanos()) {
        break;
      }
      if (now - stray.sinceNanos < patienceNanos(entry.getKey(), stray)) {
        continue;
      }
      all.remove();
      for (var member : stray.holders) {
        out.release(member, entry.getKey());
        wasLetGo(entry.getKey());
      }
      if (stray.unfinishedAt instanceof Member member && !stray.holders.contains(member)) {
        out.release(member, entry.getKey());
      }
      unfinishedAt(stray, null);
    }
  }

  private void postpone(long nanos) {
    startNanos += nanos;
    strays.values().forEach(stray -> stray.sinceNanos += nanos);
    puts.replaceAll(put -> put.later(nanos));
  }

  private void wasLetGo(Key key) {
    if (letGo.size() == LET_GO_MAX) {
      letGo.removeFirst();
    }
    letGo.add(key);
  }

  /// For how long a stray is kept: its client may be away and come back, and then has to have the time to ask
  /// for it.
  private long patienceNanos(Key key, Stray stray) {
    var settle = config.settleWithin().toNanos();
    var numbered = TaskKeys.numberedOf(key, config.namespace());
    if (numbered.isEmpty()) {
      return settle;
    }
    var client = clients.present(numbered.get().client());
    if (client == null) {
      return clients.hasLeft(numbered.get().client()) ? settle : patience();
    }
    return client.here
        ? Math.max(client.hereSinceNanos - stray.sinceNanos, 0) + settle
        : Long.MAX_VALUE;
  }

  private void releaseHeld() {
    for (var all = puts.iterator(); all.hasNext();) {
      var put = all.next();
      var task = put.task;
      if (task.state != TaskState.WAITING) {
        all.remove();
      } else if (!mayBeFound(put)) {
        all.remove();
        failing.fail(task, new Verdict.Lost(ErrorCode.VALUE_LOST.of("the value of '" + task
            + "' was put on workers by the client, and none of those that are back has it;"
            + " scatter it again")),
            Cause.VALUE_LOST, null);
      }
    }
    if (isHolding()) {
      return;
    }
    for (var task = held.poll(); task != null; task = held.poll()) {
      if (task.has(Task.HELD)) {
        task.clear(Task.HELD);
        if (task.state == TaskState.WAITING) {
          reviving.advance(task);
        }
      }
    }
  }
}
