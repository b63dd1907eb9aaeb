package dev.heddle;

import dev.heddle.wire.ClientId;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Key;
import dev.heddle.wire.TaskKeys;

/// What a task is called; shared by those that are called alike.
sealed interface Label {
  /// By its name and number.
  record Named(String name, String namespace, ClientId client) implements Label {}

  /// One of a map.
  ///
  /// @param first the number of the task at index 0
  record Element(Key group, long first) implements Label {}

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
      case Named(var name, var namespace, var client) ->
        TaskKeys.numbered(name, namespace, client, number);
      case Element(var group, var first) -> TaskKeys.element(group, (int) (number - first));
      case Given(var key, _) -> key;
      case Published published -> published.key;
    };
  }
}
