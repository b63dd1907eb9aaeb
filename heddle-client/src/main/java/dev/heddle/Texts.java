package dev.heddle;

import java.time.Duration;

/// Figures as people read them.
final class Texts {
  private Texts() {}

  /// `250 ms`, `1.5 s`, `90 s`
  static String of(Duration duration) {
    var millis = duration.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    }
    var tenths = millis % 1000 / 100;
    return millis / 1000 + (tenths == 0 ? "" : "." + tenths) + " s";
  }
}
