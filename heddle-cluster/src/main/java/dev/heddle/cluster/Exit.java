package dev.heddle.cluster;

import java.util.List;

/// What the exit code of a child process, its last lines and the kernel's count tell of its end.
///
/// @param code as shells and Java have it: 128 and the number of the signal
/// @param lastLines what it printed last
/// @param oomKills how many processes of its control group the kernel has killed for lack of memory while it
///     ran; negative if that is not known
record Exit(int code, List<String> lastLines, long oomKills) {
  /// SIGABRT, which is how a JVM with `-XX:+CrashOnOutOfMemoryError` ends.
  private static final int ABORTED = 128 + 6;
  /// Of a JVM with `-XX:+ExitOnOutOfMemoryError`.
  private static final int NO_HEAP = 3;

  /// For people: `was killed by signal 9 (SIGKILL: …)`.
  String text() {
    if (code > 128 && code < 160) {
      return "was killed by signal " + (code - 128) + signal();
    }
    return "ended with exit code " + code + heap();
  }

  private String signal() {
    return switch (code - 128) {
      case 2 -> " (SIGINT)";
      case 6 -> " (SIGABRT)" + heap();
      case 9 -> " (SIGKILL: " + kernel() + ")";
      case 11 -> " (SIGSEGV)";
      case 15 -> " (SIGTERM)";
      default -> "";
    };
  }

  private String kernel() {
    if (oomKills < 0) {
      return "by hand, or by the kernel for lack of memory";
    }
    return oomKills > 0
        ? "by the kernel for lack of memory, so it seems: it killed " + oomKills
            + " of its control group meanwhile; give the group more memory, or the workers less"
        : "by hand, since the kernel killed nothing of its control group for lack of memory";
  }

  private String heap() {
    if (lastLines.stream().noneMatch(line -> line.contains("java.lang.OutOfMemoryError"))) {
      return "";
    }
    if (code != NO_HEAP && code != ABORTED) {
      return " after an OutOfMemoryError";
    }
    return " (out of memory: the heap was full; give it a larger one, -Xmx)";
  }
}
