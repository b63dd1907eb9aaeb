package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.worker.Held.Place;
import dev.heddle.worker.WorkerCommand.Forget;
import dev.heddle.worker.WorkerCommand.LetGo;
import dev.heddle.worker.WorkerCommand.Spill;
import dev.heddle.worker.WorkerEvent.SpillEnded;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How much memory the values take up, and how that is kept within [MemoryBounds]: what was not used
/// for longest is written to disk and let go, what a function needs is read again, and what would
/// take memory waits until there is some. A room of [WorkerState].
///
/// A value counts for as long as anybody has it: the dictionary, a task that is to use it, a function
/// that runs with it, also after it was deleted. What runs is never let go.
final class Memory {
  private final MemoryBounds bounds;
  private final Outbox out;
  /// In memory, not being written, and no function runs with them.
  private final HeldLine idle = new HeldLine();
  /// What a [Spill] under way writes, in its order; empty if there is none.
  private List<Held> writing = List.of();
  private long writingBytes;
  private long memoryBytes;
  /// The most that it ever was.
  private long memoryBytesMost;
  private long fileBytes;
  private int fileCount;
  private long retryAtNanos;
  /// Why nothing can be written.
  private @Nullable String trouble;

  Memory(MemoryBounds bounds, Outbox out) {
    this.bounds = bounds;
    this.out = out;
  }

  // --- who has what

  /// The dictionary has a value.
  void keep(Entry entry, Value value) {
    if (value.sizeBytes() < bounds.smallest()) {
      grow(value.sizeBytes());
      return;
    }
    var held = new Held(entry.key, value);
    entry.held = held;
    grow(held.bytes);
    idle.addNewest(held);
  }

  /// The dictionary has it no longer.
  void drop(Entry entry, Value value) {
    if (entry.held instanceof Held held) {
      entry.held = null;
      letGo(held);
    } else {
      memoryBytes -= value.sizeBytes();
    }
  }

  /// A task has it as an input.
  void use(Computation task, Entry input) {
    if (input.held instanceof Held held) {
      held.users++;
      task.hold(held);
    }
  }

  /// A task has ended, or was given up.
  void release(Computation task) {
    var held = task.held();
    for (var i = 0; i < held.size(); i++) {
      letGo(held.get(i));
    }
  }

  private void letGo(Held held) {
    if (--held.users > 0) {
      return;
    }
    if (held.isInLine) {
      idle.remove(held);
    }
    if (held.place.inMemory) {
      memoryBytes -= held.bytes;
    }
    if (held.place.inFile()) {
      forget(held);
    }
  }

  private void forget(Held held) {
    fileBytes -= held.bytes;
    fileCount--;
    out.add(new Forget(held.value));
  }

  /// A function begins to run with its inputs: they are, or come, in memory, and stay there.
  void pin(List<Held> inputs) {
    for (var i = 0; i < inputs.size(); i++) {
      var held = inputs.get(i);
      held.users++;
      held.runs++;
      if (held.isInLine) {
        idle.remove(held);
      }
      if (held.place == Place.FILE) {
        held.place = Place.BOTH;
        grow(held.bytes);
      }
    }
  }

  /// It was not called, since some of its inputs cannot be read.
  void lost(List<Held> inputs, List<Key> lost) {
    for (var held : inputs) {
      if (held.place == Place.BOTH && lost.contains(held.key)) {
        held.place = Place.LOST;
        memoryBytes -= held.bytes;
      }
    }
  }

  /// It has ended.
  void unpin(List<Held> inputs) {
    for (var i = 0; i < inputs.size(); i++) {
      var held = inputs.get(i);
      measure(held);
      if (--held.runs == 0) {
        becomesIdle(held);
      }
      letGo(held);
    }
  }

  /// More is known of what was read or written.
  private void measure(Held held) {
    var change = held.value.memoryBytes() - held.bytes;
    held.bytes += change;
    grow(held.place.inMemory ? change : 0);
    fileBytes += held.place.inFile() ? change : 0;
  }

  private void becomesIdle(Held held) {
    if (held.place == Place.MEMORY || held.place == Place.BOTH) {
      idle.addNewest(held);
    }
  }

  /// Somebody asked for it.
  void touch(Entry entry) {
    if (entry.held instanceof Held held && held.isInLine) {
      idle.remove(held);
      idle.addNewest(held);
    }
  }

  // --- to disk

  /// Makes room, as far as too much is in memory.
  ///
  /// @return whether something was let go at once
  boolean goOn(long nowNanos) {
    if (memoryBytes - writingBytes <= bounds.spillAbove() || !bounds.spills()) {
      return false;
    }
    var mayWrite = writing.isEmpty() && (trouble == null || nowNanos - retryAtNanos >= 0);
    var batch = new ArrayList<Held>();
    var letGo = new ArrayList<Value>();
    while (memoryBytes - writingBytes > bounds.spillAbove()
        && idle.oldest() instanceof Held held) {
      if (held.place == Place.BOTH) {
        toFile(held);
        letGo.add(held.value);
      } else if (mayWrite && (batch.isEmpty() || writingBytes + held.bytes <= bounds.batch())) {
        held.place = Place.WRITING;
        writingBytes += held.bytes;
        batch.add(held);
      } else {
        break;
      }
      idle.remove(held);
    }
    if (!letGo.isEmpty()) {
      out.add(new LetGo(letGo));
    }
    if (!batch.isEmpty()) {
      writing = batch;
      out.add(new Spill(batch.stream().map(held -> new Spill.Part(held.key, held.value))
          .toList()));
    }
    return !letGo.isEmpty();
  }

  private void toFile(Held held) {
    held.place = Place.FILE;
    memoryBytes -= held.bytes;
  }

  /// A [Spill] has ended.
  ///
  /// @return what to tell people, once for each kind of trouble
  Optional<String> spillEnded(SpillEnded ended, long nowNanos) {
    if (ended.outcomes().size() != writing.size()) {
      throw new IllegalStateException(ended.outcomes().size() + " values were written of "
          + writing.size());
    }
    var written = writing;
    writing = List.of();
    writingBytes = 0;
    var letGo = new ArrayList<Value>();
    for (var i = written.size() - 1; i >= 0; i--) {
      ended(written.get(i), ended.outcomes().get(i), letGo);
    }
    if (!letGo.isEmpty()) {
      out.add(new LetGo(letGo));
    }
    if (ended.trouble().isEmpty()) {
      trouble = null;
      return Optional.empty();
    }
    retryAtNanos = nowNanos + bounds.retryNanos();
    var isNew = trouble == null;
    trouble = ended.trouble().get();
    return isNew ? ended.trouble() : Optional.empty();
  }

  private void ended(Held held, SpillEnded.Outcome outcome, List<Value> letGo) {
    var isUsed = held.users > 0;
    switch (outcome) {
      case WRITTEN -> {
        held.place = Place.BOTH;
        fileBytes += held.bytes;
        fileCount++;
        if (!isUsed) {
          forget(held);
        } else if (held.runs == 0) {
          measure(held);
          toFile(held);
          letGo.add(held.value);
        }
      }
      case UNWRITABLE -> held.place = Place.FIXED;
      case FAILED -> {
        held.place = Place.MEMORY;
        if (isUsed && held.runs == 0) {
          idle.addOldest(held);
        }
      }
    }
  }

  // --- what takes memory

  /// What functions do that run here.
  ///
  /// @param active those that have slots
  /// @param waiting those that wait for other tasks
  /// @param unfinished tasks that have not ended, also those that have not begun
  record Runs(int active, int waiting, int unfinished) {}

  /// Whether a task may begin, which takes memory for those of its inputs that are on disk, and for
  /// its result. While no other runs and nothing is being written, it may: there would be nothing
  /// to wait for. Unless all memory is taken, and not by what waits for others.
  boolean mayRun(Computation task, Runs runs, long comingBytes) {
    return memoryBytes + comingBytes + toReadBytes(task) <= bounds.pauseAbove()
        || (runs.active == 0 && mayExceed(runs));
  }

  private boolean mayExceed(Runs runs) {
    return writing.isEmpty() && (memoryBytes <= bounds.limit() || runs.waiting > 0);
  }

  private static long toReadBytes(Computation task) {
    var sum = 0L;
    for (var held : task.held()) {
      sum += held.place == Place.FILE ? held.bytes : 0;
    }
    return sum;
  }

  /// Whether values are to go elsewhere: no work is taken for want of memory, and nothing can be written.
  ///
  /// @param already whether they were until now: then until there is room
  boolean needsRelief(boolean already) {
    return (!bounds.spills() || trouble != null)
        && memoryBytes > (already ? bounds.spillAbove() : bounds.pauseAbove());
  }

  /// Whether there would be too much without so much, too.
  boolean isTooMuch(long withoutBytes) {
    return memoryBytes - withoutBytes > bounds.spillAbove();
  }

  /// Whether so much more may come that others want to be rid of.
  boolean hasRoom(long bytes, long comingBytes) {
    return memoryBytes + comingBytes + bytes <= bounds.spillAbove();
  }

  /// The first of those that could be let go, by [Held#newer]; null if there is none.
  @Nullable
  Held oldestIdle() {
    return idle.oldest();
  }

  /// @return how much memory a task's inputs take, if that is more than there may be
  Optional<Long> tooLargeInputs(Computation task) {
    var sum = 0L;
    for (var held : task.held()) {
      sum += held.bytes;
    }
    return sum > bounds.limit() ? Optional.of(sum) : Optional.empty();
  }

  /// Whether so much more may come from peers. While nothing comes and nothing is being written, it
  /// may, as a task may run.
  boolean mayFetch(long bytes, long comingBytes, Runs runs) {
    return memoryBytes + comingBytes + bytes <= bounds.pauseAbove()
        || (comingBytes == 0 && mayExceed(runs));
  }

  /// Whether no work is taken: there is too much in memory, and that will become less by itself, or
  /// there is work enough for one task at a time, or even one would be too much.
  boolean isPaused(Runs runs) {
    var becomesLess = bounds.spills() && trouble == null && idle.oldest() != null;
    return memoryBytes > bounds.pauseAbove()
        && (becomesLess || runs.unfinished > runs.waiting || runs.active > 0 || !mayExceed(runs));
  }

  /// @return why no work is taken; empty if it is
  String paused(Runs runs) {
    if (!isPaused(runs)) {
      return "";
    }
    return "its values take " + text(memoryBytes) + " of its " + text(bounds.limit())
        + " of memory" + whyNotLess();
  }

  private String whyNotLess() {
    if (!bounds.spills()) {
      return ", and it has no spill directory; other workers are asked to take some";
    }
    return trouble == null
        ? ""
        : ", and cannot be written to disk: " + trouble + "; other workers are asked to take some";
  }

  /// For people.
  static String text(long bytes) {
    var unit = bytes < 10L << 20 ? 1L << 10 : 1L << 20;
    return bytes < 10L << 10
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%,d %s", bytes / unit, unit == 1L << 10 ? "KiB" : "MiB");
  }

  private void grow(long bytes) {
    memoryBytes += bytes;
    memoryBytesMost = Math.max(memoryBytesMost, memoryBytes);
  }

  // --- looking in

  long memoryBytes() {
    return memoryBytes;
  }

  /// What is on disk, as it would be in memory.
  long fileBytes() {
    return fileBytes;
  }

  long limitBytes() {
    return bounds.limit();
  }

  MemoryUse figures(Runs runs) {
    return new MemoryUse(memoryBytes, memoryBytesMost, bounds.limit(), fileBytes, fileCount,
        paused(runs),
        trouble != null && writing.isEmpty());
  }

  /// @param all what anybody has, each once
  /// @param smallBytes what the dictionary has of small ones
  /// @throws IllegalStateException naming what does not hold
  void check(Iterable<Held> all, long smallBytes) {
    var inMemory = smallBytes;
    var inFile = 0L;
    var files = 0;
    for (var held : all) {
      var name = "'" + held.key + "' (" + held.place + ", " + held.users + " users, " + held.runs
          + " runs) ";
      inMemory += held.place.inMemory ? held.bytes : 0;
      inFile += held.place.inFile() ? held.bytes : 0;
      files += held.place.inFile() ? 1 : 0;
      WorkerInvariants.require(held.users > 0, name + "is held by nobody");
      WorkerInvariants.require(held.runs == 0 || held.place.inMemory
          || held.place == Place.LOST, name + "runs without it");
      WorkerInvariants.require((held.place == Place.WRITING) == writing.contains(held),
          name + "is said to be written");
      WorkerInvariants.require(held.isInLine == (held.runs == 0
          && (held.place == Place.MEMORY || held.place == Place.BOTH)), name + "in line or not");
    }
    for (var held : writing) {
      WorkerInvariants.require(held.place == Place.WRITING, held.key + " is written as nothing");
    }
    WorkerInvariants.require(inMemory == memoryBytes,
        "the sum of what is in memory is off: " + inMemory + ", not " + memoryBytes);
    WorkerInvariants.require(inFile == fileBytes && files == fileCount,
        "the sum of what is on disk is off");
    WorkerInvariants.require(!bounds.spills() || memoryBytes - writingBytes <= bounds.spillAbove()
        || !writing.isEmpty() || trouble != null || idle.oldest() == null,
        "too much is in memory, and nothing is done");
  }
}
