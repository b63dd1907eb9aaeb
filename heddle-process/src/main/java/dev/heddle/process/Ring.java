package dev.heddle.process;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A first-in, first-out buffer, which grows as needed up to its capacity and then stays as it is.
/// For one thread at a time.
final class Ring<T> {
  private static final int INITIAL_SIZE_MAX = 16;

  private final int capacity;
  private @Nullable Object[] items;
  private int first;
  private int count;

  Ring(int capacity) {
    this.capacity = capacity;
    this.items = new @Nullable Object[Math.min(capacity, INITIAL_SIZE_MAX)];
  }

  int count() {
    return count;
  }

  int room() {
    return capacity - count;
  }

  void add(T item) {
    makeRoomFor(1);
    items[slot(count)] = item;
    count++;
  }

  /// Adds `length` elements of `from`, beginning at `start`.
  void addAll(Object[] from, int start, int length) {
    makeRoomFor(length);
    int slot = slot(count);
    int upToEnd = Math.min(length, items.length - slot);
    System.arraycopy(from, start, items, slot, upToEnd);
    System.arraycopy(from, start + upToEnd, items, 0, length - upToEnd);
    count += length;
  }

  T take() {
    T item = typed(requireNonNull(items[first]));
    items[first] = null;
    first = slot(1);
    count--;
    return item;
  }

  List<T> takeAll() {
    var taken = new Object[count];
    copyTo(taken);
    clear();
    return typed(taken);
  }

  void clear() {
    int upToEnd = Math.min(count, items.length - first);
    Arrays.fill(items, first, first + upToEnd, null);
    Arrays.fill(items, 0, count - upToEnd, null);
    first = 0;
    count = 0;
  }

  private int slot(int offset) {
    int slot = first + offset;
    return slot < items.length ? slot : slot - items.length;
  }

  private void makeRoomFor(int more) {
    int needed = count + more;
    if (needed > items.length) {
      var larger = new @Nullable Object[(int) Math.min(capacity,
          Math.max(needed, 2L * items.length))];
      copyTo(larger);
      items = larger;
      first = 0;
    }
  }

  private void copyTo(Object target) {
    int upToEnd = Math.min(count, items.length - first);
    System.arraycopy(items, first, target, 0, upToEnd);
    System.arraycopy(items, 0, target, upToEnd, count - upToEnd);
  }

  @SuppressWarnings("unchecked") // only add and addAll put anything in, and their callers hold T
  private T typed(Object item) {
    return (T) item;
  }

  @SuppressWarnings("unchecked") // as above; it never leaves as an array
  private List<T> typed(Object[] taken) {
    return (List<T>) Arrays.asList(taken);
  }
}
