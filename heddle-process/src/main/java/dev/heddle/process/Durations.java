package dev.heddle.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How long something took, over and over: counted in classes with fixed bounds, two to a power of ten.
///
/// To add costs a few comparisons and two plain writes, fewest for what is short, and makes no object. It
/// has one owner, or a lock that others have already: nothing here is for several threads.
public final class Durations {
  private static final long[] BOUNDS_NANOS = bounds();

  private final long[] counts = new long[BOUNDS_NANOS.length + 1];
  private long sumNanos;

  /// What there was up to some moment.
  ///
  /// @param counts how many there were in each class: above the bound before, and up to its own; one more
  ///     than [#boundsNanos] has, for what was longer than the last
  public record Figures(List<Long> counts, long sumNanos) {
    public Figures {
      counts = List.copyOf(counts);
    }

    public long count() {
      return counts.stream().mapToLong(Long::longValue).sum();
    }
  }

  /// From 10 µs to about an hour.
  private static long[] bounds() {
    var bounds = new ArrayList<Long>();
    for (var power = 10_000L; power <= Duration.ofSeconds(1_000).toNanos(); power *= 10) {
      bounds.add(power);
      bounds.add(3 * power);
    }
    return bounds.stream().mapToLong(Long::longValue).toArray();
  }

  /// The upper bounds of the classes, each in its class, but for the last class, which has none.
  public static long[] boundsNanos() {
    return BOUNDS_NANOS.clone();
  }

  /// @param nanos counts as 0 where it is less
  public void add(long nanos) {
    var at = 0;
    while (at < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[at]) {
      at++;
    }
    counts[at]++;
    sumNanos += Math.max(0, nanos);
  }

  public Figures figures() {
    var copy = new ArrayList<Long>(counts.length);
    for (var count : counts) {
      copy.add(count);
    }
    return new Figures(copy, sumNanos);
  }
}
