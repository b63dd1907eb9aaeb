package dev.heddle.examples;

import java.io.Serializable;

/// A task that ran: where and when. Times are nanoseconds since the beginning of the run.
///
/// @param slot which of the worker's threads, from 0
/// @param kind what sort of task, for the legend: `count`, `merge`
/// @param key what it made
public record TaskSpan(String worker, int slot, String kind, String key, long startNanos,
    long endNanos)
    implements
      Serializable {
  public TaskSpan {
    if (slot < 0 || endNanos < startNanos) {
      throw new IllegalArgumentException(
          key + " on " + worker + ": slot " + slot + ", from " + startNanos + " to " + endNanos
              + " ns");
    }
  }

  public long durationNanos() {
    return endNanos - startNanos;
  }
}
