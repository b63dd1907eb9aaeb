package dev.heddle.scheduler;

import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All that the scheduler knows of one life of one worker: a member of the [Crew].
final class Member {
  /// The most tasks that it has beyond what its slots run.
  static final int PREFETCH_MAX = 2_048;
  /// The most that need no slot.
  static final int BLOCKING_MAX = 256;
  /// The most that were given to it along with what they wait for.
  static final int AHEAD_MAX = 512;

  private static final int STEPS = 16;

  /// A number of its own, for a settled order.
  final int serial;
  final long queueAheadUnits;
  WorkerInfo info;
  private int slots = 1;
  Map<String, Integer> resources = Map.of();
  long memoryBytesMax;
  /// By its last word.
  long memoryBytes;
  long diskBytes;
  Message.Vitals vitals = Message.Vitals.UNKNOWN;

  // --- how it is
  boolean dead;
  boolean away;
  boolean retiring;
  /// It gave back what nobody had recalled: it is given nothing before its next beat.
  boolean balking;
  /// Why it takes nothing for now; empty if it does.
  String paused = "";
  /// What it runs though it was cancelled, by its last word: each keeps a slot.
  List<Key> kept = List.of();
  long lastBeatNanos;
  /// The assignments that run, by its last beat, and when a beat first named each.
  private Map<Long, Long> runningSinceNanos = Map.of();
  /// What was told of its death before it was known to be dead; empty for nothing.
  String deathToldOf = "";
  /// Who asked for its retirement.
  final List<Long> retireAskers = new ArrayList<>();

  // --- what it was given
  final Assignments assignments = new Assignments();
  /// How many there are that need a slot and have their inputs.
  int runnable;
  /// How many of these wait for another task.
  int waits;
  /// Of these, how many take resources.
  int demanding;
  /// How many need no slot.
  int blocking;
  /// How many wait for what was given to it too.
  int ahead;
  /// The cost of what is runnable and does not wait.
  private long load;
  /// When something ended here last, or was given to it while it had nothing to do.
  private long movedNanos;
  /// How many it has to compute that no client has asked for yet, so that what they take is not known.
  int strays;
  final Map<String, Integer> inUse = new HashMap<>();
  /// What might run ahead here.
  final ArrayDeque<Task> candidates = new ArrayDeque<>();
  /// Queued tasks whose inputs are here, and too large to move.
  final Lanes home = new Lanes(
      task -> task.state == TaskState.QUEUED && task.has(Task.HOMED) && task.there == this);
  int homeCount;
  long homeLoad;

  /// Its place in the pool of tasks that ask for nothing special.
  Pool.@Nullable Seat seat;

  // --- what it has
  final Holdings holdings = new Holdings(this);
  long storedBytes;

  /// What was cancelled while it had it, by assignment; see [Inquest].
  final Map<Long, Task> cancelled = new LinkedHashMap<>();

  // --- gathered for it, see Outbox
  List<Long> toAbort = new ArrayList<>();
  List<Key> toRelease = new ArrayList<>();
  boolean gathered;
  /// Whether its room is to be looked at again at the end of the batch.
  boolean changed;
  /// For adding up bytes, while one task is being placed.
  long bytesHere;

  Member(int serial, WorkerInfo info, long queueAheadUnits) {
    this.serial = serial;
    this.info = info;
    this.queueAheadUnits = queueAheadUnits;
  }

  WorkerId id() {
    return info.id();
  }

  String name() {
    return info.id().name();
  }

  int slots() {
    return slots;
  }

  /// The slots that what was cancelled and goes on does not keep.
  int openSlots() {
    return Math.max(0, slots - kept.size());
  }

  void attached(int itsSlots, Map<String, Integer> itsResources, long itsMemoryBytesMax) {
    slots = Math.max(1, itsSlots);
    resources = new TreeMap<>(itsResources);
    memoryBytesMax = itsMemoryBytesMax;
    kept = List.of();
  }

  Holder holds(Task task) {
    return new Holder(info.id(), info.address(), info.host(), task.sizeBytes);
  }

  /// It beats: these assignments run.
  void beats(List<Long> running, long nowNanos) {
    var since = new LinkedHashMap<Long, Long>();
    for (var number : running) {
      since.put(number, runningSinceNanos.getOrDefault(number, nowNanos));
    }
    runningSinceNanos = since;
    lastBeatNanos = nowNanos;
  }

  /// It is back: what ran before is not taken to run now.
  void cameBack(long nowNanos) {
    beats(List.of(), nowNanos);
  }

  Set<Long> running() {
    return runningSinceNanos.keySet();
  }

  /// When a beat first named this assignment as one that runs; null if the last one did not.
  @Nullable
  Long runningSinceNanos(long assignment) {
    return runningSinceNanos.get(assignment);
  }

  long load() {
    return load;
  }

  /// For how long nothing has ended here, though it has something to do.
  long quietNanos(long nowNanos) {
    return occupied() == 0 ? 0 : nowNanos - movedNanos;
  }

  /// The smaller, the sooner it should be given something: first those with a free slot, then by the load of a
  /// slot, in steps that are short for what a slot has in hand. Within a step one worker is given many small
  /// tasks in a row.
  long standing() {
    var occupied = occupied();
    var open = openSlots();
    return occupied < open
        ? (long) STEPS * occupied / open
        : STEPS + load * STEPS / (Math.max(1, open) * Math.max(1, queueAheadUnits));
  }

  /// How many tasks need a slot now.
  int occupied() {
    return runnable - waits;
  }

  /// Whether it is given anything at all.
  boolean willing() {
    return !dead && !away && !retiring && !balking && paused.isEmpty();
  }

  boolean hasRoomFor(Demand demand) {
    if (!willing()) {
      return false;
    }
    if (!demand.resources().isEmpty()) {
      return strays == 0 && demand.isFree(this)
          && (demand.blocking() ? blocking < BLOCKING_MAX : demanding < openSlots());
    }
    return demand.blocking() ? blocking < BLOCKING_MAX : hasRoom();
  }

  /// Its slots are served and a task more; beyond that, what it has to do fills the time that the
  /// scheduler needs to give it more.
  private boolean hasRoom() {
    var occupied = occupied();
    var open = openSlots();
    return open > 0 && (occupied <= open
        || (occupied < open + PREFETCH_MAX && load < open * queueAheadUnits));
  }

  // --- the books

  /// A task was given to it.
  void gave(Task task, long nowNanos) {
    if (occupied() == 0) {
      movedNanos = nowNanos;
    }
    var demand = task.template.shelf.pool.demand;
    for (var taken : demand.resources().entrySet()) {
      inUse.merge(taken.getKey(), taken.getValue(), Integer::sum);
    }
    if (task.has(Task.AHEAD)) {
      ahead++;
    } else {
      enters(task);
    }
  }

  /// A task that was given to it ends there, somehow.
  void took(Task task, long nowNanos) {
    movedNanos = nowNanos;
    var demand = task.template.shelf.pool.demand;
    for (var taken : demand.resources().entrySet()) {
      inUse.merge(taken.getKey(), -taken.getValue(), Integer::sum);
    }
    if (task.has(Task.AHEAD)) {
      ahead--;
      task.clear(Task.AHEAD);
    } else {
      waits(task, false);
      leaves(task);
    }
    task.clear(Task.RECALLED);
    assignments.gone();
  }

  /// What a task waited for here is done.
  void caughtUp(Task task) {
    ahead--;
    task.clear(Task.AHEAD);
    enters(task);
  }

  void waits(Task task, boolean waiting) {
    if (task.has(Task.WAITS) == waiting || task.has(Task.AHEAD) || isBlocking(task)) {
      return;
    }
    var sign = waiting ? 1 : -1;
    waits += sign;
    load -= (long) sign * task.cost;
    task.flags ^= Task.WAITS;
  }

  private void enters(Task task) {
    if (isBlocking(task)) {
      blocking++;
    } else {
      runnable++;
      load += task.cost;
      demanding += isDemanding(task) ? 1 : 0;
    }
  }

  private void leaves(Task task) {
    if (isBlocking(task)) {
      blocking--;
    } else {
      runnable--;
      load -= task.cost;
      demanding -= isDemanding(task) ? 1 : 0;
    }
  }

  private static boolean isBlocking(Task task) {
    return task.template.shelf.pool.demand.blocking();
  }

  private static boolean isDemanding(Task task) {
    return !task.template.shelf.pool.demand.resources().isEmpty();
  }

  @Override
  public String toString() {
    return name();
  }
}
