package dev.heddle.metadata;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import java.util.Iterator;

/// What a worker holds, asked by its [MetadataProcess] when the store has to be told everything.
/// Called on that process while others change what is held.
public interface Inventory {
  /// What is held, one by one. Must tell whatever is held from the call until the last `next`; of
  /// what comes or goes meanwhile, some may be told and some not (as a `ConcurrentHashMap` does).
  Iterator<Entry> entries();

  boolean holds(Key key);
}
