package dev.heddle.scheduler;

/// Where a task is in its life.
///
/// ```
///   released ──► waiting ──► queued ──► processing ──► memory ──► released ──► forgotten
///                   │           │           │            (nobody needs its value)
///                   └───────────┴───────────┴──► erred ──────────────────────► forgotten
/// ```
///
/// A loss leads back: from processing to queued or waiting, from memory to released, and from
/// released to waiting once the value is needed again.
enum TaskState {
  /// Nobody needs its value now; how to compute it is kept, for something may need it again.
  RELEASED,
  /// Wanted, and something must happen before it can run: see [Task#missing] and [Task#OBSTACLES].
  WAITING,
  /// Could run, as soon as a worker has room for it.
  QUEUED,
  /// Given to a worker.
  PROCESSING,
  /// Its value is on a worker, or on several.
  MEMORY,
  /// It failed, was cancelled or cannot be had: its [Verdict] says which.
  ERRED,
  /// Not in the table any more.
  FORGOTTEN;

  /// Whether it is on its way to a value.
  boolean active() {
    return this == WAITING || this == QUEUED || this == PROCESSING;
  }

  /// Its name, for people.
  String text() {
    return switch (this) {
      case RELEASED -> "released";
      case WAITING -> "waiting";
      case QUEUED -> "queued";
      case PROCESSING -> "processing";
      case MEMORY -> "memory";
      case ERRED -> "erred";
      case FORGOTTEN -> "forgotten";
    };
  }

  /// A small number for it, within one run of the program.
  @SuppressWarnings("EnumOrdinal") // it indexes arrays in memory, and is never stored or sent
  int code() {
    return ordinal();
  }
}
