package dev.heddle.process;

import java.time.Duration;

/// Lengths of time.
final class Waits {
  private static final Duration NANOS_MAX = Duration.ofNanos(Long.MAX_VALUE);

  private Waits() {}

  /// In nanoseconds; 0 for a negative length, about 292 years for anything longer.
  static long nanos(Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    return duration.compareTo(NANOS_MAX) >= 0 ? Long.MAX_VALUE : duration.toNanos();
  }

  /// From a reading of [System#nanoTime] until now.
  static Duration since(long nanoTime) {
    return Duration.ofNanos(Math.max(0, System.nanoTime() - nanoTime));
  }

  /// As people read it: `0.3 s`, `12 s`, `3 min 20 s`, `2 h 5 min`.
  static String text(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 10) {
      long tenths = duration.toMillis() / 100;
      return tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10) + " s";
    }
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
    }
    long minutes = seconds / 60;
    return minutes / 60 + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
  }
}
