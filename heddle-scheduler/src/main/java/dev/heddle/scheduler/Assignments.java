package dev.heddle.scheduler;

import java.util.Arrays;
import java.util.function.LongPredicate;

/// The numbers of the assignments of one worker, in the order in which they were given. Those that are
/// over are dropped lazily.
final class Assignments {
  private long[] numbers = new long[16];
  /// The how-manieth of its connection each was.
  private long[] sequences = new long[16];
  private int to;
  private int live;
  private long sent;

  /// How many are not over.
  int live() {
    return live;
  }

  /// How many there were on this connection.
  long sent() {
    return sent;
  }

  /// A new connection counts from none.
  void reconnected() {
    to = 0;
    live = 0;
    sent = 0;
  }

  void add(long number, LongPredicate isLive) {
    if (to == numbers.length) {
      makeRoom(isLive);
    }
    numbers[to] = number;
    sequences[to] = ++sent;
    to++;
    live++;
  }

  /// One of them is over.
  void gone() {
    live--;
    if (live == 0) {
      to = 0;
    }
  }

  /// Those that are not over, oldest first.
  long[] inOrder(LongPredicate isLive) {
    var found = new long[live];
    var count = 0;
    for (var i = 0; i < to && count < live; i++) {
      if (isLive.test(numbers[i])) {
        found[count++] = numbers[i];
      }
    }
    return Arrays.copyOf(found, count);
  }

  /// [#inOrder], of those that were among the first `seen` of this connection.
  long[] amongFirst(long seen, LongPredicate isLive) {
    var found = new long[live];
    var count = 0;
    for (var i = 0; i < to && sequences[i] <= seen; i++) {
      if (isLive.test(numbers[i])) {
        found[count++] = numbers[i];
      }
    }
    return Arrays.copyOf(found, count);
  }

  private void makeRoom(LongPredicate isLive) {
    var kept = 0;
    for (var i = 0; i < to; i++) {
      if (isLive.test(numbers[i])) {
        numbers[kept] = numbers[i];
        sequences[kept++] = sequences[i];
      }
    }
    to = kept;
    if (2 * kept >= numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * numbers.length);
      sequences = Arrays.copyOf(sequences, numbers.length);
    }
  }
}
