package dev.heddle.metadata;

import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import java.util.List;
import java.util.Map;

/// What a worker hears from its [MetadataProcess].
public sealed interface MetadataEvent {
  /// The worker has a lease: for the first time, or again after it was lost.
  record Joined() implements MetadataEvent {}

  /// Another worker has this one's name. It is tried again until the name is free or the process
  /// is closed; whoever starts a worker may rather end it.
  ///
  /// @param message
  ///          who has it, where, and what to do
  record NameTaken(String message) implements MetadataEvent {}

  /// The store knows that this worker has these. At least once for each registration that no later
  /// one of the same key, nor its end, made void.
  record Registered(List<Key> keys) implements MetadataEvent {
    public Registered {
      keys = List.copyOf(keys);
    }
  }

  /// The store does not answer; registrations wait.
  record Away(String reason) implements MetadataEvent {}

  /// The store answers again.
  record Back() implements MetadataEvent {}

  /// @param holders
  ///          an entry for each key, in the order asked, with an empty list where nobody has it
  record Located(Map<Key, List<Holder>> holders) implements MetadataEvent {}

  record LocateFailed(List<Key> keys, String reason) implements MetadataEvent {
    public LocateFailed {
      keys = List.copyOf(keys);
    }
  }
}
