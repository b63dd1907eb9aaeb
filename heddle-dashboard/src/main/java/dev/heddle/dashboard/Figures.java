package dev.heddle.dashboard;

import java.util.Locale;

/// Numbers as people read them.
final class Figures {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  private Figures() {}

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /// `1 task`, `2 tasks`.
  static String counted(long number, String what) {
    return count(number) + " " + what + (number == 1 ? "" : "s");
  }

  /// `once`, `twice`, `3 times`.
  static String times(long number) {
    return number == 1 ? "once" : number == 2 ? "twice" : count(number) + " times";
  }

  static String bytes(long number) {
    double value = number;
    var unit = 0;
    while (value >= 1_024 && unit < UNITS.length - 1) {
      value /= 1_024;
      unit++;
    }
    return unit == 0 ? number + " B" : threeDigits(value) + " " + UNITS[unit];
  }

  /// A time in microseconds.
  static String span(long micros) {
    if (micros < 1_000) {
      return micros + " µs";
    }
    if (micros < SECOND) {
      return threeDigits((double) micros / 1_000) + " ms";
    }
    if (micros < MINUTE) {
      return threeDigits((double) micros / SECOND) + " s";
    }
    return micros < HOUR
        ? micros / MINUTE + " min " + micros % MINUTE / SECOND + " s"
        : micros / HOUR + " h " + micros % HOUR / MINUTE + " min";
  }

  static String percent(long part, long whole) {
    var share = whole <= 0 ? 0 : 100 * (double) part / (double) whole;
    return share > 0 && share < 1 ? "under 1 %" : Math.round(share) + " %";
  }

  private static String threeDigits(double value) {
    return String.format(Locale.ROOT, value >= 99.95 ? "%.0f" : value >= 9.995 ? "%.1f" : "%.2f",
        value);
  }
}
