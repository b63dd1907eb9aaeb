package dev.heddle.examples;

import java.time.Duration;
import java.util.Locale;

/// Numbers as people read them, the same in every locale.
public final class Figures {
  private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

  private Figures() {}

  /// `26,976`
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /// `1 task`, `26,976 tasks`
  static String counted(long count, String one) {
    return count == 1 ? "1 " + one : count(count) + " " + one + "s";
  }

  /// `512 B`, `7.2 MB`; powers of 1,000.
  public static String bytes(long bytes) {
    if (bytes < 1_000) {
      return bytes + " B";
    }
    var value = bytes / 1_000.0;
    var unit = 0;
    while (value >= 999.5) {
      value /= 1_000;
      unit++;
    }
    return String.format(Locale.ROOT, value < 9.95 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
  }

  /// `740 µs`, `85 ms`, `1.24 s`, `2 min 5 s`
  public static String duration(Duration duration) {
    var nanos = duration.toNanos();
    if (nanos < 1_000_000) {
      return Math.round(nanos / 1e3) + " µs";
    } else if (nanos < 999_500_000) {
      return String.format(Locale.ROOT, nanos < 9_950_000 ? "%.1f ms" : "%.0f ms", nanos / 1e6);
    } else if (nanos < 59_950_000_000L) {
      return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }
    var seconds = Math.round(nanos / 1e9);
    return seconds / 60 + " min " + seconds % 60 + " s";
  }

  /// `1.8×`
  public static String times(double factor) {
    return String.format(Locale.ROOT, "%.2f×", factor);
  }

  /// `83 %`
  public static String percent(double share) {
    return Math.round(share * 100) + " %";
  }
}
