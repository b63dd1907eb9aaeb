package dev.heddle.metadata;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the store has yet to be told of a worker's keys. Pure.
///
/// The last word on a key counts, so that the queue never holds a key twice. But a key that went and came
/// again is unregistered before it is registered: whoever watches the store may believe it gone. When more keys wait
/// than it may hold, it forgets them all, and the store is told the whole inventory instead.
final class MetadataQueue {
  private static final long GONE = Long.MIN_VALUE;

  private final int keysMax;
  /// The size that a key is to be registered with, or that it is [#GONE], oldest first.
  private final Map<Key, Long> waiting = new LinkedHashMap<>();
  /// Of these, those to be registered after the store was told that they are gone.
  private final Set<Key> goneBefore = new LinkedHashSet<>();
  private boolean overflowed;

  /// What to tell the store next. No key is in both lists.
  record Batch(List<Entry> registered, List<Key> unregistered) {
    Batch {
      registered = List.copyOf(registered);
      unregistered = List.copyOf(unregistered);
    }
  }

  MetadataQueue(int keysMax) {
    if (keysMax < 1) {
      throw new IllegalArgumentException("a queue for " + keysMax + " keys; at least 1 is needed");
    }
    this.keysMax = keysMax;
  }

  void register(Collection<Entry> entries) {
    for (var entry : entries) {
      put(entry.key(), entry.sizeBytes());
    }
  }

  void unregister(Collection<Key> keys) {
    for (var key : keys) {
      put(key, GONE);
    }
  }

  private void put(Key key, long word) {
    var before = waiting.put(key, word);
    if (word == GONE) {
      goneBefore.remove(key);
    } else if (before != null && before == GONE) {
      goneBefore.add(key);
    }
    if (waiting.size() > keysMax) {
      waiting.clear();
      goneBefore.clear();
      overflowed = true;
    }
  }

  int size() {
    return waiting.size();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /// Whether keys were forgotten since the last call.
  boolean takeOverflowed() {
    var result = overflowed;
    overflowed = false;
    return result;
  }

  /// Takes out up to `max` keys, oldest first. What is to be registered after it was unregistered stays for
  /// the next call.
  Batch take(int max) {
    var registered = new ArrayList<Entry>(Math.min(max, waiting.size()));
    var unregistered = new ArrayList<Key>();
    var words = waiting.entrySet().iterator();
    for (var i = 0; i < max && words.hasNext(); i++) {
      var word = words.next();
      if (goneBefore.remove(word.getKey())) {
        unregistered.add(word.getKey());
        continue;
      }
      if (word.getValue() == GONE) {
        unregistered.add(word.getKey());
      } else {
        registered.add(new Entry(word.getKey(), word.getValue()));
      }
      words.remove();
    }
    return new Batch(registered, unregistered);
  }

  /// Whether the store is yet to be told of a key that it is gone, and that it is there again.
  boolean hasGoneBefore() {
    return !goneBefore.isEmpty();
  }

  /// Takes out, of up to `max` keys that are there again, the word that they were gone.
  Batch takeGoneBefore(int max) {
    var gone = goneBefore.stream().limit(max).toList();
    gone.forEach(goneBefore::remove);
    return new Batch(List.of(), gone);
  }

  /// Those of the keys of which the store has been told now, and about which there is no later word:
  /// a value that went and came again is another one, of which it will be told.
  List<Key> settled(Batch told) {
    return told.registered().stream().map(Entry::key).filter(key -> !waiting.containsKey(key))
        .toList();
  }

  /// Takes back what the store could not be told. A later word on the same key stands; if that may
  /// have been forgotten, so is `batch`.
  void putBack(Batch batch) {
    for (var entry : batch.registered()) {
      putBack(entry.key(), entry.sizeBytes());
    }
    for (var key : batch.unregistered()) {
      if (waiting.getOrDefault(key, GONE) == GONE) {
        putBack(key, GONE);
      } else {
        goneBefore.add(key);
      }
    }
  }

  /// Not once words were forgotten, also by putting back: a later one may have been among them.
  private void putBack(Key key, long word) {
    if (!overflowed && !waiting.containsKey(key)) {
      put(key, word);
    }
  }
}
