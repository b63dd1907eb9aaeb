package dev.heddle.worker;

import dev.heddle.wire.Key;
import java.util.LinkedHashMap;
import java.util.Map;

/// A request to store values, answered when the store knows of each. Owned by [Keeping].
final class PutInProgress {
  final Asker asker;
  final Map<Key, Long> sizesBytes = new LinkedHashMap<>();
  final Map<Key, String> refused = new LinkedHashMap<>();
  /// How many the store does not know yet, and one more while the request is still being looked at.
  int unregistered = 1;

  PutInProgress(Asker asker) {
    this.asker = asker;
  }
}
