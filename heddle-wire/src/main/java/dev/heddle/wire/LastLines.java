package dev.heddle.wire;

import java.util.ArrayDeque;
import java.util.Queue;

/// The last lines that the program of this JVM has logged, for dumps. What keeps its log adds them.
public final class LastLines {
  private static final int LINES_MAX = 500;
  private static final int LINE_CHARS_MAX = 700;
  // Guarded by itself.
  private static final Queue<String> LINES = new ArrayDeque<>();

  private LastLines() {}

  /// Keeps a line, and forgets the oldest beyond 500.
  public static void add(String line) {
    synchronized (LINES) {
      if (LINES.size() == LINES_MAX) {
        LINES.remove();
      }
      LINES.add(line.length() <= LINE_CHARS_MAX ? line : line.substring(0, LINE_CHARS_MAX) + "…");
    }
  }

  static String text() {
    synchronized (LINES) {
      return String.join("\n", LINES) + "\n";
    }
  }
}
