package dev.heddle.scheduler;

import java.util.ArrayList;
import java.util.List;

/// Decides which queued task goes to which worker, when workers have room. A room of [SchedulerState].
///
/// A task goes where it is estimated to start first: after what the worker has to do already, and after what
/// it lacks has moved there.
final class Placing {
  /// What is assumed of the network: 1 GB/s, in bytes a unit of [Pace#UNIT_NANOS].
  private static final long BYTES_PER_UNIT = Pace.UNIT_NANOS;
  /// What it costs to fetch anything at all from another worker, in bytes that could move meanwhile: 100 µs.
  private static final long ROUND_TRIP_BYTES = 100_000;
  /// What one value more costs, whatever its size.
  private static final long VALUE_BYTES = 4_096;

  private final Queues queues;
  private final Posting posting;
  private final List<Member> holders = new ArrayList<>();

  Placing(Queues queues, Posting posting) {
    this.queues = queues;
    this.posting = posting;
  }

  /// Gives tasks to workers for as long as there are both tasks and room.
  void dispatch() {
    var more = true;
    while (more) {
      for (var member = queues.nextChanged(); member != null; member = queues.nextChanged()) {
        goOn(member);
      }
      more = placeNext();
    }
  }

  private void goOn(Member member) {
    if (!member.willing()) {
      member.candidates.forEach(task -> task.clear(Task.CANDIDATE));
      member.candidates.clear();
      return;
    }
    runAhead(member);
    if (member.homeCount > 0 && member.hasRoomFor(Demand.NONE)) {
      var task = member.home.poll();
      if (task != null) {
        posting.assign(task, member, Cause.ASSIGNED);
      }
    }
  }

  private boolean placeNext() {
    var pool = queues.next();
    if (pool == null) {
      return false;
    }
    var shelf = pool.next();
    var task = shelf == null ? null : shelf.peek();
    var idlest = pool.leastLoaded();
    if (task == null || idlest == null) {
      throw new IllegalStateException("the pool for " + pool.demand
          + " says that it has a task and a worker, and has not");
    }
    if (task.inputs.length == 0) {
      posting.assign(task, idlest, Cause.ASSIGNED);
    } else {
      placeNearInputs(task, pool, idlest);
    }
    return true;
  }

  // --- near its inputs

  private void placeNearInputs(Task task, Pool pool, Member idlest) {
    var total = addUp(task);
    var best = idlest;
    var bestStart = start(idlest, total);
    for (var member : holders) {
      if (member != idlest && member.willing() && pool.suits(member)) {
        var start = start(member, total);
        if (start < bestStart || (start == bestStart && member.serial < best.serial)) {
          best = member;
          bestStart = start;
        }
      }
    }
    for (var member : holders) {
      member.bytesHere = 0;
    }
    holders.clear();
    if (best == idlest || best.hasRoomFor(pool.demand)) {
      posting.assign(task, best, Cause.ASSIGNED);
    } else if (pool == queues.plain()) {
      queues.toHome(task, best, posting.cost(task));
    } else {
      posting.assign(task, idlest, Cause.ASSIGNED);
    }
  }

  /// Adds up what each worker has of a task's inputs, in [Member#bytesHere].
  ///
  /// @return the bytes of all inputs
  private long addUp(Task task) {
    var total = 0L;
    for (var input : task.inputs) {
      var bytes = Math.max(0, input.sizeBytes) + VALUE_BYTES;
      total += bytes;
      if (input.holder instanceof Member holder) {
        addUp(holder, bytes);
      }
      for (var holder : input.moreHolders) {
        addUp(holder, bytes);
      }
    }
    return total;
  }

  private void addUp(Member member, long bytes) {
    if (member.bytesHere == 0) {
      holders.add(member);
    }
    member.bytesHere += bytes;
  }

  /// When a task could start there, in units of [Pace#UNIT_NANOS] from now.
  private static long start(Member member, long totalBytes) {
    return wait(member) + moveUnits(totalBytes - member.bytesHere);
  }

  private static long moveUnits(long bytes) {
    return bytes == 0 ? 0 : (bytes + ROUND_TRIP_BYTES) / BYTES_PER_UNIT;
  }

  /// What it takes to move a task's inputs there, in units of [Pace#UNIT_NANOS].
  static long moveUnits(Task task, Member member) {
    var bytes = 0L;
    for (var input : task.inputs) {
      bytes += input.isHeldBy(member) ? 0 : Math.max(0, input.sizeBytes) + VALUE_BYTES;
    }
    return moveUnits(bytes);
  }

  /// What is to be done before it there, in units of [Pace#UNIT_NANOS].
  static long wait(Member member) {
    return member.occupied() < member.openSlots()
        ? 0
        : (member.load() + member.homeLoad) / Math.max(1, member.openSlots());
  }

  // --- along with its inputs

  /// Gives a worker tasks that wait for nothing but what it was given already.
  private void runAhead(Member member) {
    while (member.ahead < Member.AHEAD_MAX) {
      var task = member.candidates.poll();
      if (task == null) {
        return;
      }
      task.clear(Task.CANDIDATE);
      if (task.state != TaskState.WAITING) {
        continue;
      }
      if (task.there != member) {
        posting.mayRunAhead(task);
      } else if (task.missing > 0 && task.thereCount == task.missing && suits(task, member)) {
        posting.assign(task, member, Cause.RAN_AHEAD);
      }
    }
  }

  private boolean suits(Task task, Member member) {
    var pool = task.template.shelf.pool;
    return pool == queues.plain() && (task.flags & Task.OBSTACLES) == 0
        && (member.ahead < member.openSlots() || isItsTurnNext(task));
  }

  /// Whether what it waits for is needed by nothing else. Then no other worker could do better; while of
  /// many that wait for the same, most had better go to others.
  private static boolean isItsTurnNext(Task task) {
    for (var input : task.inputs) {
      if (input.state != TaskState.MEMORY && input.needed > 1) {
        return false;
      }
    }
    return true;
  }
}
