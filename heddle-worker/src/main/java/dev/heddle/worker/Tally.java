package dev.heddle.worker;

import dev.heddle.process.Durations;

/// Counts what happens, for monitoring: plain numbers, which whoever has the turn counts and reads.
final class Tally {
  /// From when a task was taken on until its function was given a slot.
  final Durations queueTimes = new Durations();
  /// Requests to peers that were too busy, and those that were lost.
  long peersBusy;
  long peersLost;
  /// How often a scheduler attached again.
  long schedulersBack;
  long storeBack;
}
