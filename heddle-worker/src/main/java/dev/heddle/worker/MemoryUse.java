package dev.heddle.worker;

import dev.heddle.wire.ErrorCode;
import dev.heddle.worker.KeyState.Stored;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Figures of a worker's memory, for people.
///
/// @param bytes of values in memory
/// @param bytesMost the most that it ever was
/// @param fileBytes what was written to disk and is still needed, as it would be in memory
/// @param files how many values those are
/// @param paused why no work is taken; empty if it is
/// @param awaitsRetry whether a disk that failed is left alone for a while
record MemoryUse(long bytes, long bytesMost, long limitBytes, long fileBytes, int files,
    String paused, boolean awaitsRetry) {
  private static final int KINDS_MAX = 5;

  private static final class Sum {
    int values;
    long bytes;
  }

  /// What to tell people when nothing can be written to disk.
  static String warning(String trouble, Ledger ledger, MemoryUse use, MemoryBounds bounds) {
    return ErrorCode.SPILL.of("values cannot be written to disk: " + trouble
        + ". They stay in memory: "
        + Memory.text(use.bytes) + " of " + Memory.text(use.limitBytes) + " ("
        + largestKinds(ledger) + "), and " + use.files + " values of " + Memory.text(use.fileBytes)
        + " are on disk. Above " + Memory.text(bounds.pauseAbove()) + " new work waits. Free the"
        + " disk, release futures, raise --memory-limit or --spill-limit, or start more workers;"
        + " it is tried again every " + bounds.retryNanos() / 1_000_000_000 + " s");
  }

  /// The series of keys whose values take most.
  private static String largestKinds(Ledger ledger) {
    var sums = new HashMap<String, Sum>();
    for (var entry : ledger.entries()) {
      if (entry.state instanceof Stored stored) {
        var sum = sums.computeIfAbsent(entry.key.stem().toString(), _ -> new Sum());
        sum.values++;
        sum.bytes += stored.value().memoryBytes();
      }
    }
    return sums.entrySet().stream()
        .sorted(Comparator.<Map.Entry<String, Sum>>comparingLong(each -> -each.getValue().bytes)
            .thenComparing(Map.Entry::getKey))
        .limit(KINDS_MAX)
        .map(each -> "'" + each.getKey() + "…': " + each.getValue().values + " values, "
            + Memory.text(each.getValue().bytes))
        .collect(Collectors.joining("; "));
  }
}
