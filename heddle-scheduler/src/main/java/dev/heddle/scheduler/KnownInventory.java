package dev.heddle.scheduler;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What the core knew of one worker at one moment, in the order of keys, to be told in pages.
final class KnownInventory {
  private static final Comparator<Entry> BY_KEY = Comparator.comparing(Entry::key);

  private final String worker;
  private final List<Entry> entries;

  /// @param entries in no order
  KnownInventory(String worker, List<Entry> entries) {
    this.worker = worker;
    this.entries = entries.stream().sorted(BY_KEY).toList();
  }

  String worker() {
    return worker;
  }

  /// A page of the store, with what the core knows beyond that.
  ///
  /// @param page the first `limit` keys after `after` that the store has
  Message.Inventory completed(Message.Inventory page, Optional<Key> after, int limit) {
    var all = new ArrayList<Entry>(limit);
    var next = after.map(this::firstAfter).orElse(0);
    for (var stored : page.entries()) {
      for (; next < entries.size() && BY_KEY.compare(entries.get(next), stored) < 0; next++) {
        all.add(entries.get(next));
      }
      next += next < entries.size() && entries.get(next).key().equals(stored.key()) ? 1 : 0;
      all.add(stored);
    }
    // Where the store has more, what follows its last key belongs to the pages after this one.
    while (!page.more() && next < entries.size() && all.size() <= limit) {
      all.add(entries.get(next++));
    }
    var isCut = all.size() > limit;
    return new Message.Inventory(List.copyOf(isCut ? all.subList(0, limit) : all),
        isCut || page.more());
  }

  private int firstAfter(Key key) {
    var low = 0;
    var high = entries.size();
    while (low < high) {
      var middle = (low + high) >>> 1;
      if (entries.get(middle).key().compareTo(key) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
