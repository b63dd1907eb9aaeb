package dev.heddle;

import dev.heddle.wire.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Numbers of tasks, to be told of in as few ranges as possible.
final class NumberBag {
  private long[] numbers = new long[16];
  private int size;

  void add(long number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * size);
    }
    numbers[size++] = number;
  }

  boolean isEmpty() {
    return size == 0;
  }

  List<Long> all() {
    return Arrays.stream(numbers, 0, size).boxed().toList();
  }

  /// All of them, and none is left.
  List<Message.Range> takeRanges() {
    Arrays.sort(numbers, 0, size);
    var ranges = new ArrayList<Message.Range>();
    for (var i = 0; i < size;) {
      var first = numbers[i];
      var next = first;
      while (i < size && numbers[i] <= next) {
        next = numbers[i++] + 1;
      }
      ranges.add(new Message.Range(first, next - first));
    }
    clear();
    return ranges;
  }

  /// The numbers from 1 to `last` that are not in here, a list a message; none is left in here.
  List<List<Message.Range>> takeGaps(long last, int rangesMax) {
    var messages = new ArrayList<List<Message.Range>>();
    var some = new ArrayList<Message.Range>();
    var next = 1L;
    for (var kept : takeRanges()) {
      if (kept.first() > next) {
        some.add(new Message.Range(next, kept.first() - next));
      }
      next = kept.first() + kept.count();
      if (some.size() == rangesMax) {
        messages.add(some);
        some = new ArrayList<>();
      }
    }
    if (next <= last) {
      some.add(new Message.Range(next, last - next + 1));
    }
    if (!some.isEmpty()) {
      messages.add(some);
    }
    return messages;
  }

  void clear() {
    size = 0;
    if (numbers.length > 1024) {
      numbers = new long[16];
    }
  }
}
