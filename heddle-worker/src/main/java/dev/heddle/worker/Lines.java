package dev.heddle.worker;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeSet;

/// Tasks that could run: a line for each scheduler and one for all callers. The lines take turns, so
/// that no scheduler waits for another's work to end; within a line the smallest order is first, and
/// of equal ones whoever was ready first. Owned by [Computing].
final class Lines {
  private static final Comparator<Computation> FIRST = (a, b) -> {
    var byOrder = Long.compare(a.work.order(), b.work.order());
    return byOrder != 0 ? byOrder : Long.compare(a.number, b.number);
  };

  /// In the order of their turns; none is empty.
  private final Map<Integer, TreeSet<Computation>> lines = new LinkedHashMap<>();

  void add(Computation task) {
    lines.computeIfAbsent(task.line, _ -> new TreeSet<>(FIRST)).add(task);
  }

  void remove(Computation task) {
    var line = lines.get(task.line);
    if (line != null && line.remove(task) && line.isEmpty()) {
      lines.remove(task.line);
    }
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  boolean contains(Computation task) {
    var line = lines.get(task.line);
    return line != null && line.contains(task);
  }

  /// @throws NoSuchElementException if there is none
  Computation removeFirst() {
    var turn = lines.entrySet().iterator().next();
    var line = turn.getValue();
    var first = line.removeFirst();
    if (line.isEmpty()) {
      lines.remove(turn.getKey());
    } else if (lines.size() > 1) {
      lines.remove(turn.getKey());
      lines.put(turn.getKey(), line);
    }
    return first;
  }
}
