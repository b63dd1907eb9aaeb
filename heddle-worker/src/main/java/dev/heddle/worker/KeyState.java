package dev.heddle.worker;

import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Holder;
import java.util.List;
import java.util.Optional;

/// Where a key is in its life on this worker. A key without a state is unknown here.
///
/// ```
///   needed by a task:   Locating ──► Queued ──► Fetching ──────────────────┐
///                          ▲           ▲  │        │                       │
///                          └── Parked ◄┘  └────────┘ next replica          ▼
///   to be computed:     Waiting ──► Ready ──► Running ─────────────────► Stored
///   put:                ─────────────────────────────────────────────────►┘
/// ```
///
sealed interface KeyState {
  /// A task here needs it, and it is elsewhere or nowhere.
  sealed interface Sought extends KeyState {
    /// How often the store was asked for it.
    int rounds();
  }

  /// The store was asked who has it.
  record Locating(int rounds) implements Sought {}

  /// Waits for its turn to be fetched from `from`; `rest` are the other replicas, best first.
  record Queued(Holder from, List<Holder> rest, int rounds) implements Sought {}

  /// On its way.
  record Fetching(Holder from, List<Holder> rest, int rounds) implements Sought {}

  /// Every replica is busy: try again later.
  record Parked(List<Holder> holders, int rounds, long untilNanos) implements Sought {}

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
  /// @param registered whether the store is known to know
  record Stored(Value value, Optional<ContentHash> madeBy, long runNanos, boolean registered)
      implements
        KeyState {}
}
