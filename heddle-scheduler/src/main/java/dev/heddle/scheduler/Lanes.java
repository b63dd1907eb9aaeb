package dev.heddle.scheduler;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Tasks in the order of their ranks. Tasks of one priority and depth share a lane, in which those that
/// come in order, as most do, cost O(1).
///
/// An entry may be outdated, for its task was taken elsewhere: `valid` says so, and it is passed over.
final class Lanes {
  private static final int SPARE_MAX = 4;

  /// Tasks of equal priority and depth.
  private static final class Lane {
    final ArrayDeque<Task> inOrder = new ArrayDeque<>();
    final PriorityQueue<Task> late = new PriorityQueue<>(Comparator.comparingLong(t -> t.rank));
    long prefix;
    long lastRank;

    void add(Task task) {
      if (inOrder.isEmpty() || task.rank >= lastRank) {
        inOrder.addLast(task);
        lastRank = task.rank;
      } else {
        late.add(task);
      }
    }

    @Nullable
    Task peek() {
      var first = inOrder.peekFirst();
      var other = late.peek();
      return other == null || (first != null && first.rank <= other.rank) ? first : other;
    }

    void pop() {
      if (peek() == inOrder.peekFirst()) {
        inOrder.pollFirst();
      } else {
        late.poll();
      }
    }

    int size() {
      return inOrder.size() + late.size();
    }
  }

  private final Predicate<Task> valid;
  /// In the order of their prefixes.
  private Lane[] lanes = new Lane[2];
  private int count;
  /// Lanes that are not in use, to be used again.
  private final ArrayDeque<Lane> spare = new ArrayDeque<>();
  private int entries;

  Lanes(Predicate<Task> valid) {
    this.valid = valid;
  }

  void add(Task task) {
    lane(Rank.lane(task.rank)).add(task);
    entries++;
  }

  /// How many entries there are, outdated ones too.
  int entries() {
    return entries;
  }

  /// The first, which stays.
  @Nullable
  Task peek() {
    while (count > 0) {
      var lane = lanes[0];
      for (var task = lane.peek(); task != null; task = lane.peek()) {
        if (valid.test(task)) {
          return task;
        }
        lane.pop();
        entries--;
      }
      removeFirstLane();
    }
    return null;
  }

  @Nullable
  Task poll() {
    var task = peek();
    if (task != null) {
      lanes[0].pop();
      entries--;
    }
    return task;
  }

  void clear() {
    while (count > 0) {
      removeFirstLane();
    }
    entries = 0;
  }

  /// Throws outdated entries away.
  void compact() {
    for (var i = 0; i < count; i++) {
      var lane = lanes[i];
      lane.inOrder.removeIf(valid.negate());
      lane.late.removeIf(valid.negate());
    }
    entries = 0;
    for (var i = 0; i < count; i++) {
      entries += lanes[i].size();
    }
  }

  private Lane lane(long prefix) {
    var low = 0;
    var high = count;
    while (low < high) {
      var middle = (low + high) >>> 1;
      if (lanes[middle].prefix < prefix) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low < count && lanes[low].prefix == prefix) {
      return lanes[low];
    }
    var reused = spare.poll();
    var lane = reused == null ? new Lane() : reused;
    lane.prefix = prefix;
    if (count == lanes.length) {
      lanes = Arrays.copyOf(lanes, 2 * count);
    }
    System.arraycopy(lanes, low, lanes, low + 1, count - low);
    lanes[low] = lane;
    count++;
    return lane;
  }

  private void removeFirstLane() {
    var lane = lanes[0];
    System.arraycopy(lanes, 1, lanes, 0, --count);
    // A lane that was long has a large array, which is not kept.
    if (spare.size() < SPARE_MAX && lane.size() == 0 && entries < 10_000) {
      spare.add(lane);
    }
  }
}
