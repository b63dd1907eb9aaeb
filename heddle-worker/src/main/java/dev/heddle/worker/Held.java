package dev.heddle.worker;

import dev.heddle.wire.Key;
import org.jspecify.annotations.Nullable;

/// A value that is not small: who uses it, and whether it is in memory. Owned by [Memory].
///
/// ```
///              written                 let go
///   MEMORY ──► WRITING ──► BOTH ◄───────────────► FILE
///                 │              a function needs it
///                 └──► FIXED: it cannot be written      └──► LOST: it cannot be read
/// ```
///
/// A file stays as long as its value, so that what is let go a second time needs not be written again.
final class Held {
  enum Place {
    MEMORY(true), WRITING(true), BOTH(true), FILE(false), FIXED(true), LOST(false);

    final boolean inMemory;

    Place(boolean inMemory) {
      this.inMemory = inMemory;
    }

    boolean inFile() {
      return this == BOTH || this == FILE || this == LOST;
    }
  }

  final Key key;
  final Value value;
  Place place = Place.MEMORY;
  /// In memory, as far as it is known.
  long bytes;
  /// The dictionary, and the tasks and runs that hold it.
  int users = 1;
  /// Functions that run with it.
  int runs;
  // Kept by [HeldLine].
  boolean isInLine;
  @Nullable
  Held older;
  @Nullable
  Held newer;

  Held(Key key, Value value) {
    this.key = key;
    this.value = value;
    this.bytes = value.memoryBytes();
  }
}
