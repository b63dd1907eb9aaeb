package dev.heddle.worker;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/// Tasks that could run: a line for each scheduler and one for all callers. The lines take turns, so
/// that no scheduler waits for another's work to end; within a line the smallest order is first, and
/// of equal ones whoever was ready first. Owned by [Computing].
final class Lines {
  private static final Comparator<Computation> FIRST = (a, b) -> {
    var byOrder = Long.compare(a.work.order(), b.work.order());
    return byOrder != 0 ? byOrder : Long.compare(a.number, b.number);
  };

  /// One line. Who leaves it early stays where it is, until it would be its turn or too many have
  /// left.
  private static final class Line {
    private static final int LEFT_LEAST = 16;

    /// As most come: none before the one in front of it.
    private final ArrayDeque<Computation> inOrder = new ArrayDeque<>();
    private final PriorityQueue<Computation> others = new PriorityQueue<>(FIRST);
    /// How many are in line still.
    private int size;

    void add(Computation task) {
      var last = inOrder.peekLast();
      if (last == null || FIRST.compare(last, task) <= 0) {
        inOrder.add(task);
      } else {
        others.add(task);
      }
      task.isInLine = true;
      size++;
    }

    void leave(Computation task) {
      task.isInLine = false;
      size--;
      if (inOrder.size() + others.size() > 2 * size + LEFT_LEAST) {
        inOrder.removeIf(each -> !each.isInLine);
        others.removeIf(each -> !each.isInLine);
      }
    }

    Computation first() {
      while (true) {
        var first = inOrder.peek();
        var other = others.peek();
        var isOther = first == null || (other != null && FIRST.compare(other, first) < 0);
        var task = isOther ? others.element() : first;
        if (task.isInLine) {
          return task;
        }
        if (isOther) {
          others.remove();
        } else {
          inOrder.remove();
        }
      }
    }

    Computation removeFirst() {
      var task = first();
      if (inOrder.peek() == task) {
        inOrder.remove();
      } else {
        others.remove();
      }
      task.isInLine = false;
      size--;
      return task;
    }
  }

  /// In the order of their turns; none is empty.
  private final Map<Integer, Line> lines = new LinkedHashMap<>();

  void add(Computation task) {
    lines.computeIfAbsent(task.line, _ -> new Line()).add(task);
  }

  void remove(Computation task) {
    if (task.isInLine && lines.get(task.line) instanceof Line line) {
      line.leave(task);
      if (line.size == 0) {
        lines.remove(task.line);
      }
    }
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  boolean contains(Computation task) {
    return task.isInLine && lines.containsKey(task.line);
  }

  /// What [#removeFirst] would remove.
  ///
  /// @throws NoSuchElementException if there is none
  Computation first() {
    return lines.values().iterator().next().first();
  }

  /// @throws NoSuchElementException if there is none
  Computation removeFirst() {
    var turn = lines.entrySet().iterator().next();
    var number = turn.getKey();
    var line = turn.getValue();
    var first = line.removeFirst();
    if (line.size == 0) {
      lines.remove(number);
    } else if (lines.size() > 1) {
      lines.remove(number);
      lines.put(number, line);
    }
    return first;
  }
}
