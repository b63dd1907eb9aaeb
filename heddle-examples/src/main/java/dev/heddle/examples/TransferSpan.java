package dev.heddle.examples;

import java.io.Serializable;

/// A value that moved from one worker to another. Times are nanoseconds since the beginning of the run.
public record TransferSpan(String from, String to, String key, long bytes, long startNanos,
    long endNanos)
    implements
      Serializable {
  public TransferSpan {
    if (bytes < 0 || endNanos < startNanos) {
      throw new IllegalArgumentException(
          key + " from " + from + " to " + to + ": " + bytes + " bytes, from "
              + startNanos + " to " + endNanos + " ns");
    }
  }
}
