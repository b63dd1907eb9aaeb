package dev.heddle.scheduler;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.WorkerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
  private static final class Stray {
    final List<Member> holders = new ArrayList<>(1);
    long sizeBytes;
    /// A worker that has it to compute.
    @Nullable
    Member unfinishedAt;
    final long untilNanos;

    Stray(long untilNanos) {
      this.untilNanos = untilNanos;
    }
  }

  private final SchedulerConfig config;
  private final Tasks tasks;
  private final Crew crew;
  private final Outbox out;
  private final Posting posting;
  private final Failing failing;
  private final Reviving reviving;
  private final Keeping keeping;
  /// In the order in which their time is up.
  private final Map<Key, Stray> strays = new LinkedHashMap<>();
  private final Set<WorkerId> awaited = new HashSet<>();
  private final ArrayDeque<Task> held = new ArrayDeque<>();
  private long startNanos;
  private boolean started;

  Settling(SchedulerConfig config, Tasks tasks, Crew crew, Outbox out, Posting posting,
      Failing failing, Reviving reviving, Keeping keeping) {
    this.config = config;
    this.tasks = tasks;
    this.crew = crew;
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
    }
  }

  private boolean timeIsUp() {
    return tasks.nowNanos() - startNanos >= config.settleWithin().toNanos();
  }

  boolean isHolding() {
    return !awaited.isEmpty() && !timeIsUp();
  }

  /// Workers that are not back yet, for people.
  Set<WorkerId> awaited() {
    return awaited;
  }

  int heldCount() {
    return held.size();
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
    if (task.state == TaskState.MEMORY) {
      if (member != null) {
        out.release(member, task.key());
      }
      return true;
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

  void matchScattered(Task task, long sizeBytes) {
    var stray = strays.remove(task.key());
    if (stray != null) {
      for (var member : stray.holders) {
        if (!member.dead) {
          keeping.scattered(task, member, sizeBytes);
        }
      }
    }
  }

  /// Nobody is known to have it; those that may have are not back yet.
  void awaitScattered(Task task) {
    if (isHolding()) {
      keeping.awaitScattered(task);
      held.add(task);
    } else {
      reviving.need(task, Cause.SUBMITTED);
    }
  }

  // --- workers and what they have

  /// A worker tells all that it has, which was not known to be there; what it told before is over.
  void came(Member member, List<Entry> stored, List<Key> unfinished) {
    awaited.removeIf(worker -> worker.name().equals(member.name()));
    for (var stray : strays.values()) {
      stray.holders.remove(member);
      if (stray.unfinishedAt == member) {
        stray.unfinishedAt = null;
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
      stray.unfinishedAt = member;
    } else if (other != member) {
      out.release(member, key);
    }
  }

  private Stray stray(Key key) {
    return strays.computeIfAbsent(key,
        _ -> new Stray(tasks.nowNanos() + config.settleWithin().toNanos()));
  }

  void unregistered(Member member, Key key) {
    var stray = strays.get(key);
    if (stray != null) {
      stray.holders.remove(member);
    }
  }

  // --- time goes by

  void tick() {
    if (timeIsUp()) {
      awaited.clear();
    }
    releaseHeld();
    var now = tasks.nowNanos();
    for (var all = strays.entrySet().iterator(); all.hasNext();) {
      var entry = all.next();
      var stray = entry.getValue();
      if (stray.untilNanos > now) {
        break;
      }
      all.remove();
      for (var member : stray.holders) {
        out.release(member, entry.getKey());
      }
      if (stray.unfinishedAt instanceof Member member && !stray.holders.contains(member)) {
        out.release(member, entry.getKey());
      }
    }
  }

  private void releaseHeld() {
    if (isHolding()) {
      return;
    }
    for (var task = held.poll(); task != null; task = held.poll()) {
      if (task.state == TaskState.WAITING && task.has(Task.SCATTERED)) {
        failing.fail(task, new Verdict.Lost("the value of '" + task + "' was put on workers by the"
            + " client, and none of those that are back has it; scatter it again"),
            Cause.VALUE_LOST, null);
      } else if (task.has(Task.HELD)) {
        task.clear(Task.HELD);
        if (task.state == TaskState.WAITING) {
          reviving.advance(task);
        }
      }
    }
  }
}
