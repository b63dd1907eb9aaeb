package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.worker.WorkerEvent.Tick;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of each key, in the order in which the keys became known, and each key's story. Owned
/// by [WorkerState], shared by its rooms; every change of a key's state goes through [#to] and
/// [#close].
final class Ledger {
  private final Map<Key, Entry> entries = new LinkedHashMap<>();
  private final Story story = new Story();
  private long batch;
  private long now;
  private WorkerEvent cause = new Tick();

  void nextBatch() {
    batch++;
  }

  /// The number of the batch of events under way. What the store is asked in one batch, it is asked
  /// at its end.
  long batch() {
    return batch;
  }

  /// What follows happens at `nowNanos`, because of `event`.
  void because(WorkerEvent event, long nowNanos) {
    cause = event;
    now = nowNanos;
  }

  long now() {
    return now;
  }

  /// @return null where the key is unknown
  @Nullable
  Entry find(Key key) {
    return entries.get(key);
  }

  /// @return null where the key is unknown
  @Nullable
  KeyState state(Key key) {
    var entry = entries.get(key);
    return entry == null ? null : entry.state;
  }

  /// @throws IllegalStateException if the key is unknown: a defect of the worker
  Entry get(Key key) {
    var entry = entries.get(key);
    if (entry == null) {
      throw new IllegalStateException("'" + key + "' is not known here; its story: "
          + story.of(key));
    }
    return entry;
  }

  /// An entry for a key that has none; its first state follows at once.
  Entry open(Key key) {
    var entry = new Entry(key);
    if (entries.putIfAbsent(key, entry) != null) {
      throw new IllegalStateException("'" + key + "' is known here already");
    }
    return entry;
  }

  void to(Entry entry, KeyState next) {
    story.add(now, entry.key, entry.state, next, cause);
    entry.state = next;
  }

  /// Forgets a key.
  void close(Entry entry) {
    story.add(now, entry.key, entry.state, null, cause);
    entry.state = null;
    entries.remove(entry.key, entry);
  }

  ImpossibleEventException impossible(Entry entry) {
    return new ImpossibleEventException(entry.key, entry.state, cause, story.of(entry.key));
  }

  Collection<Entry> entries() {
    return Collections.unmodifiableCollection(entries.values());
  }

  String tellStories(int max) {
    return story.tell(max);
  }

  List<Story.Line> story(Key key) {
    return story.of(key);
  }
}
