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

  void clear() {
    size = 0;
    if (numbers.length > 1024) {
      numbers = new long[16];
    }
  }
}
