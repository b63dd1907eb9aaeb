package dev.heddle;

import dev.heddle.wire.ClientId;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Key;
import dev.heddle.wire.KeyStem;
import dev.heddle.wire.TaskKeys;

/// What a task is called; shared by those that are called alike.
sealed interface Label {
  /// By its name and number.
  record Named(KeyStem name) implements Label {
    Named(String name, String namespace, ClientId client) {
      this(TaskKeys.numbered(name, namespace, client));
    }
  }

  /// One of a map.
  ///
  /// @param first the number of the task at index 0
  record Element(Key group, KeyStem elements, long first) implements Label {
    Element(Key group, long first) {
      this(group, TaskKeys.elements(group), first);
    }
  }

  /// By a key that the program gave, or that follows from what is computed.
  record Given(Key key, ContentHash fingerprint) implements Label {}

  /// As somebody else called it; known when the scheduler has answered.
  final class Published implements Label {
    private volatile Key key;

    Published(String name) {
      key = Key.of(name);
    }

    void become(Key known) {
      key = known;
    }

    @Override
    public Key key(long number) {
      return key;
    }
  }

  default Key key(long number) {
    return switch (this) {
      case Named(var name) -> name.key(number);
      case Element(_, var elements, var first) -> elements.key(number - first);
      case Given(var key, _) -> key;
      case Published published -> published.key;
    };
  }
}
