package dev.heddle.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A map from longs without boxing: open addressing, linear probing. For one thread at a time.
public final class LongMap<V> {
  private long[] keys = new long[16];
  private @Nullable Object[] values = new @Nullable Object[16];
  private int size;

  public int size() {
    return size;
  }

  @SuppressWarnings("unchecked") // only put() stores values
  public @Nullable V get(long key) {
    var mask = keys.length - 1;
    for (var i = slot(key, mask);; i = (i + 1) & mask) {
      var value = values[i];
      if (value == null || keys[i] == key) {
        return (V) value;
      }
    }
  }

  public void put(long key, V value) {
    if (2 * (size + 1) > keys.length) {
      grow();
    }
    var mask = keys.length - 1;
    for (var i = slot(key, mask);; i = (i + 1) & mask) {
      if (values[i] == null) {
        keys[i] = key;
        values[i] = value;
        size++;
        return;
      }
      if (keys[i] == key) {
        values[i] = value;
        return;
      }
    }
  }

  /// @return what was there, null if nothing was
  @SuppressWarnings("unchecked") // only put() stores values
  public @Nullable V remove(long key) {
    var mask = keys.length - 1;
    var at = slot(key, mask);
    while (values[at] != null && keys[at] != key) {
      at = (at + 1) & mask;
    }
    var removed = values[at];
    if (removed == null) {
      return null;
    }
    size--;
    // What comes after and belongs no later moves up, so that no search ends too early.
    for (var i = (at + 1) & mask; values[i] != null; i = (i + 1) & mask) {
      if (((i - slot(keys[i], mask)) & mask) >= ((i - at) & mask)) {
        keys[at] = keys[i];
        values[at] = values[i];
        at = i;
      }
    }
    values[at] = null;
    return (V) removed;
  }

  /// Those that are there now, in no order.
  @SuppressWarnings("unchecked") // only put() stores values
  public List<V> values() {
    var all = new ArrayList<V>(size);
    for (var value : values) {
      if (value != null) {
        all.add((V) value);
      }
    }
    return all;
  }

  private void grow() {
    var oldKeys = keys;
    var oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = new @Nullable Object[2 * oldKeys.length];
    var mask = keys.length - 1;
    for (var i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != null) {
        var at = slot(oldKeys[i], mask);
        while (values[at] != null) {
          at = (at + 1) & mask;
        }
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }

  private static int slot(long key, int mask) {
    var mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) & mask;
  }
}
