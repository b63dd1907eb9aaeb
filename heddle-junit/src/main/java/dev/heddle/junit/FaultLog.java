package dev.heddle.junit;

import java.util.ArrayList;
import java.util.List;

/// What was done, for the failure of a test. For any number of threads.
final class FaultLog {
  private static final int LINES_MAX = 200;

  private final long startedNanos = System.nanoTime();
  private final List<String> lines = new ArrayList<>();
  private int count;

  synchronized void add(String what) {
    count++;
    if (lines.size() < LINES_MAX) {
      lines.add(String.format("%6d ms  %s", (System.nanoTime() - startedNanos) / 1_000_000, what));
    }
  }

  synchronized int count() {
    return count;
  }

  synchronized List<String> lines() {
    var all = new ArrayList<>(lines);
    if (count > LINES_MAX) {
      all.add("… and " + (count - LINES_MAX) + " more");
    }
    return all;
  }
}
