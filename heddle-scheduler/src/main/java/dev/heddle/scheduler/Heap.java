package dev.heddle.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A binary heap whose items know their place, so that one that has changed finds its new one in
/// O(log n), and in O(1) where little changed.
abstract class Heap<T extends Heap.Item> {
  /// Something in at most one heap.
  abstract static class Item {
    int place = -1;
  }

  private @Nullable Item[] items = new @Nullable Item[8];
  private int size;

  /// Whether `a` comes before `b`.
  abstract boolean before(T a, T b);

  int size() {
    return size;
  }

  @Nullable
  T first() {
    return size == 0 ? null : at(0);
  }

  boolean has(T item) {
    return item.place >= 0;
  }

  /// Puts it in, or in its new place.
  void update(T item) {
    if (item.place < 0) {
      if (size == items.length) {
        items = Arrays.copyOf(items, 2 * size);
      }
      place(item, size++);
    }
    if (!rise(item)) {
      sink(item);
    }
  }

  void remove(T item) {
    var place = item.place;
    if (place < 0) {
      return;
    }
    item.place = -1;
    var last = at(--size);
    items[size] = null;
    if (place < size) {
      place(last, place);
      if (!rise(last)) {
        sink(last);
      }
    }
  }

  /// @throws IllegalStateException if an item is not where it believes, or comes before its parent
  void check(String name) {
    for (var i = 0; i < size; i++) {
      if (at(i).place != i || (i > 0 && before(at(i), at((i - 1) / 2)))) {
        throw new IllegalStateException(name + ": the item at " + i + " is in the wrong place");
      }
    }
  }

  private boolean rise(T item) {
    var moved = false;
    while (item.place > 0) {
      var parentPlace = (item.place - 1) / 2;
      var parent = at(parentPlace);
      if (!before(item, parent)) {
        break;
      }
      place(parent, item.place);
      place(item, parentPlace);
      moved = true;
    }
    return moved;
  }

  private void sink(T item) {
    while (true) {
      var childPlace = 2 * item.place + 1;
      if (childPlace >= size) {
        return;
      }
      if (childPlace + 1 < size && before(at(childPlace + 1), at(childPlace))) {
        childPlace++;
      }
      var child = at(childPlace);
      if (!before(child, item)) {
        return;
      }
      place(child, item.place);
      place(item, childPlace);
    }
  }

  private void place(T item, int place) {
    items[place] = item;
    item.place = place;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // below size there is always an item, from update()
  private T at(int place) {
    return (T) items[place];
  }
}
