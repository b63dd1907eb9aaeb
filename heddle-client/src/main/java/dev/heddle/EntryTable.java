package dev.heddle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tasks of a client by their numbers: open addressing, so that one costs a reference or two.
/// Guarded by the ledger's turn.
final class EntryTable {
  private static final int CAPACITY_LEAST = 64;

  private @Nullable Entry[] slots = new @Nullable Entry[CAPACITY_LEAST];
  private int size;

  int size() {
    return size;
  }

  @Nullable
  Entry get(long number) {
    var mask = slots.length - 1;
    for (var at = place(number, mask);; at = (at + 1) & mask) {
      var entry = slots[at];
      if (entry == null || entry.number == number) {
        return entry;
      }
    }
  }

  /// @param entry of a number that is not there yet
  void add(Entry entry) {
    if (2 * (size + 1) > slots.length) {
      resize(slots.length * 2);
    }
    insert(entry);
    size++;
  }

  /// @return false if it was not there
  boolean remove(Entry entry) {
    var mask = slots.length - 1;
    var at = place(entry.number, mask);
    while (slots[at] != entry) {
      if (slots[at] == null) {
        return false;
      }
      at = (at + 1) & mask;
    }
    close(at, mask);
    size--;
    if (slots.length > CAPACITY_LEAST && size < slots.length / 8) {
      resize(slots.length / 2);
    }
    return true;
  }

  /// Moves those up that could not be found across the gap.
  private void close(int gap, int mask) {
    var free = gap;
    for (var at = (gap + 1) & mask;; at = (at + 1) & mask) {
      var entry = slots[at];
      if (entry == null) {
        slots[free] = null;
        return;
      }
      var wanted = place(entry.number, mask);
      if (((at - wanted) & mask) >= ((at - free) & mask)) {
        slots[free] = entry;
        free = at;
      }
    }
  }

  private void insert(Entry entry) {
    var mask = slots.length - 1;
    var at = place(entry.number, mask);
    while (slots[at] != null) {
      at = (at + 1) & mask;
    }
    slots[at] = entry;
  }

  private void resize(int capacity) {
    var before = slots;
    slots = new @Nullable Entry[capacity];
    for (var entry : before) {
      if (entry != null) {
        insert(entry);
      }
    }
  }

  /// Numbers come one after another, and must not lie so: whoever leaves a long run of neighbours
  /// would have to walk to its end.
  private static int place(long number, int mask) {
    return (int) ((number * 0x9E3779B97F4A7C15L) >>> 32) & mask;
  }

  List<Entry> all() {
    var all = new ArrayList<Entry>(size);
    for (var entry : slots) {
      if (entry != null) {
        all.add(entry);
      }
    }
    return all;
  }
}
