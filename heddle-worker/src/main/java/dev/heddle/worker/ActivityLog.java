package dev.heddle.worker;

import dev.heddle.process.Durations;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Activity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a worker ran and fetched lately: a bounded log, oldest first out. For any number of threads.
final class ActivityLog {
  /// How many activities are remembered.
  static final int ENTRIES_MAX = 20_000;
  /// The most that one answer holds.
  static final int ANSWER_MAX = 5_000;

  // One activity a place, in a ring: to note down what a function did makes no object.
  private final @Nullable Key[] keys = new @Nullable Key[ENTRIES_MAX];
  private final int[] slots = new int[ENTRIES_MAX];
  private final long[] starts = new long[ENTRIES_MAX];
  private final long[] ends = new long[ENTRIES_MAX];
  private final @Nullable Transfer[] transfers = new @Nullable Transfer[ENTRIES_MAX];
  private final boolean[] succeeded = new boolean[ENTRIES_MAX];
  /// How many there ever were.
  private long count;
  private final Durations succeededDurations = new Durations();
  private final Durations failedDurations = new Durations();
  private final Durations fetchDurations = new Durations();
  private long fetchedValues;
  private long fetchedBytes;

  /// How a function ended.
  enum Outcome {
    SUCCEEDED, FAILED,
    /// It was not called after all.
    NOT_CALLED
  }

  /// What came of one request to a peer, or was written to disk.
  ///
  /// @param from the peer's name; empty for what was written
  /// @param values how many there were
  record Transfer(String from, int values, long sizeBytes) {}

  /// All that was fetched.
  record Fetched(Durations.Figures durations, long values, long bytes) {}

  /// A function was called, by the clock of [System#nanoTime].
  ///
  /// @param slot 0 for a function that needs none
  synchronized void ran(Key key, int slot, long startNanos, long endNanos, Outcome outcome) {
    var at = add(key, startNanos, endNanos, null);
    slots[at] = slot;
    succeeded[at] = outcome == Outcome.SUCCEEDED;
    switch (outcome) {
      case SUCCEEDED -> succeededDurations.add(endNanos - startNanos);
      case FAILED -> failedDurations.add(endNanos - startNanos);
      case NOT_CALLED -> {
      }
    }
  }

  /// Values were fetched, by the clock of [System#nanoTime].
  ///
  /// @param first the first that came
  synchronized void fetched(Key first, long startNanos, long endNanos, Transfer transfer) {
    var _ = add(first, startNanos, endNanos, transfer);
    fetchDurations.add(endNanos - startNanos);
    fetchedValues += transfer.values();
    fetchedBytes += transfer.sizeBytes();
  }

  synchronized WorkerFigures.Ran ran() {
    return new WorkerFigures.Ran(succeededDurations.figures(), failedDurations.figures());
  }

  synchronized Fetched fetched() {
    return new Fetched(fetchDurations.figures(), fetchedValues, fetchedBytes);
  }

  /// Values were written to disk, by the clock of [System#nanoTime].
  ///
  /// @param first of them
  synchronized void spilled(Key first, int values, long sizeBytes, long startNanos,
      long endNanos) {
    var _ = add(first, startNanos, endNanos, new Transfer("", values, sizeBytes));
  }

  private int add(Key key, long startNanos, long endNanos, @Nullable Transfer transfer) {
    var at = (int) (count++ % ENTRIES_MAX);
    keys[at] = key;
    starts[at] = startNanos;
    ends[at] = endNanos;
    transfers[at] = transfer;
    return at;
  }

  /// @param after the number of the last activity that is known already, 0 for none
  synchronized Message.Activities after(long after, int limit) {
    var first = Math.max(1, count - ENTRIES_MAX + 1);
    var from = Math.max(after + 1, first);
    var end = Math.min(from + Math.max(0, Math.min(limit, ANSWER_MAX)), count + 1);
    var found = new ArrayList<Activity>();
    var epochMicros = epochMicros();
    var nanos = System.nanoTime();
    for (var number = from; number < end; number++) {
      found.add(activity((int) ((number - 1) % ENTRIES_MAX), epochMicros, nanos));
    }
    var last = Math.min(Math.max(after, first - 1) + found.size(), count);
    return new Message.Activities(found, last, after + 1 < first, last < count);
  }

  /// @param epochMicros now, by one clock
  /// @param nanos now, by the other
  private Activity activity(int at, long epochMicros, long nanos) {
    var key = Objects.requireNonNull(keys[at]);
    var start = epochMicros - (nanos - starts[at]) / 1_000;
    var end = epochMicros - (nanos - ends[at]) / 1_000;
    if (transfers[at] instanceof Transfer transfer && transfer.from.isEmpty()) {
      return new Activity.Spilled(key, transfer.values, transfer.sizeBytes, start, end);
    }
    return transfers[at] instanceof Transfer transfer
        ? new Activity.Fetched(transfer.from, key, transfer.values, transfer.sizeBytes, start, end)
        : new Activity.Ran(key, slots[at], start, end, succeeded[at]);
  }

  /// Now, as activities have it.
  private static long epochMicros() {
    var now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }
}
