package dev.heddle.wire;

import java.util.Arrays;

/// Numbers that are put in often and looked for almost never.
final class Numbers {
  private long[] numbers = new long[16];
  private int size;
  private boolean sorted = true;

  void add(long number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * size);
    }
    numbers[size++] = number;
    sorted = false;
  }

  boolean contains(long number) {
    if (!sorted) {
      Arrays.sort(numbers, 0, size);
      sorted = true;
    }
    return Arrays.binarySearch(numbers, 0, size, number) >= 0;
  }

  void clear() {
    size = 0;
  }
}
