package dev.heddle;

import java.time.Duration;

/// How the tasks ended that [Client#progress] waited for.
///
/// @param succeeded how many have a value
/// @param failed how many have none
/// @param cancelled how many nobody wanted any more
/// @param took from the call until the last was done
public record ProgressSummary(long succeeded, long failed, long cancelled, Duration took) {
  /// Whether every task has a value.
  public boolean allSucceeded() {
    return failed == 0 && cancelled == 0;
  }
}
