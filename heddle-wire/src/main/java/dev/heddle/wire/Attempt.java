package dev.heddle.wire;

import java.time.Duration;

/// Where and when a task failed.
///
/// @param key the task that failed, which may be an input of the one that is told of
/// @param worker the name of the worker that it was given to
/// @param host where that worker is
/// @param pid the worker's process there
/// @param number which attempt it was, from 1
/// @param most how many there may be: 1 for a task that is not retried
/// @param runNanos how long the function ran; 0 where it did not begin
public record Attempt(Key key, String worker, String host, long pid, int number, int most,
    long runNanos) {
  private static final long NANOS_A_MILLI = 1_000_000;

  /// For people: `ran as 'count-3f2a/17' on worker w2 (host-7, process 4711), attempt 2 of 3, after 41
  /// ms`.
  @Override
  public String toString() {
    return (runNanos > 0 ? "ran as '" : "was to run as '") + key + "' on worker " + worker + " ("
        + host + ", process " + pid + ")" + (most > 1 ? ", attempt " + number + " of " + most : "")
        + (runNanos > 0 ? ", after " + time() : "; it did not begin");
  }

  private String time() {
    return runNanos < NANOS_A_MILLI
        ? "less than 1 ms"
        : Timeouts.text(Duration.ofNanos(runNanos));
  }
}
