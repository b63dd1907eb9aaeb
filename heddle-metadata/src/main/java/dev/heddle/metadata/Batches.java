package dev.heddle.metadata;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Change;
import dev.heddle.wire.Message.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/// Cuts long lists into pieces that fit a frame or a script call.
public final class Batches {
  /// At most so many keys in one piece.
  public static final int KEYS_MAX = 500;
  /// About so many characters of keys in one piece.
  public static final int CHARS_MAX = 128 * 1024;

  private Batches() {}

  public static List<List<Key>> ofKeys(List<Key> keys) {
    return of(keys, key -> key.length());
  }

  public static List<List<Entry>> ofEntries(List<Entry> entries) {
    return of(entries, entry -> entry.key().length());
  }

  static List<List<Change>> ofChanges(List<Change> changes) {
    return of(changes, change -> switch (change) {
      case Change.Registered registered -> 128 + registered.key().length();
      case Change.Unregistered unregistered -> 128 + unregistered.key().length();
      case Change.Joined _ -> 512;
      case Change.Left _ -> 128;
    });
  }

  private static <T> List<List<T>> of(List<T> items, ToIntFunction<T> chars) {
    var batches = new ArrayList<List<T>>();
    var start = 0;
    var size = 0;
    for (var i = 0; i < items.size(); i++) {
      var itemSize = chars.applyAsInt(items.get(i));
      if (i - start == KEYS_MAX || (i > start && size + itemSize > CHARS_MAX)) {
        batches.add(items.subList(start, i));
        start = i;
        size = 0;
      }
      size += itemSize;
    }
    if (start < items.size()) {
      batches.add(items.subList(start, items.size()));
    }
    return batches;
  }
}
