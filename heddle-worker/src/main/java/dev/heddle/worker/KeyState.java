package dev.heddle.worker;

import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Holder;
import java.util.Optional;

/// Where a key is in its life on this worker. A key without a state is unknown here.
///
/// ```
///   needed by a task:   Locating ──► Queued ──► Fetching ──────────────────┐
///                          ▲           ▲ ▲        │                        │
///                          │    Parked ┘ └────────┤ next replica           │
///                          │      ▲               │                        │
///                          │      └── all busy ◄──┤                        ▼
///                          └───── none left ◄─────┘                     Stored
///   to be computed:     Waiting ──► Ready ──► Running ─────────────────────►┤
///   put:                ───────────────────────────────────────────────────►┘
/// ```
///
/// A key that is needed and then asked to be computed or put here leaves its search for that.
sealed interface KeyState {
  /// A task here needs it, and it is elsewhere or nowhere.
  sealed interface Sought extends KeyState {
    Search search();
  }

  /// The store is being asked who has it; perhaps since before this search.
  record Locating(Search search) implements Sought {}

  /// Waits for its turn to be fetched from `from`.
  record Queued(Holder from, Search search) implements Sought {}

  /// On its way.
  record Fetching(Holder from, Search search) implements Sought {}

  /// Every replica is busy: they are tried again later.
  record Parked(Search search, long untilNanos) implements Sought {}

  /// It is to be computed here.
  sealed interface Task extends KeyState {
    Computation task();
  }

  /// Not all of its inputs are here.
  record Waiting(Computation task) implements Task {}

  /// Waits for a free slot.
  record Ready(Computation task) implements Task {}

  record Running(Computation task, long attempt) implements Task {}

  /// It is here.
  ///
  /// @param madeBy which work made it, if it was computed here
  /// @param registered whether the store is known to know, or needs not be told
  record Stored(Value value, Optional<ContentHash> madeBy, long runNanos, boolean registered)
      implements
        KeyState {}
}
