package dev.heddle.worker;

import dev.heddle.wire.Holder;
import java.util.ArrayList;
import java.util.List;

/// How far the search for a key has come.
///
/// @param next replicas to try, best first
/// @param busy replicas that were tried and had no time
/// @param rounds how often the store was asked anew
/// @param pauses how often all replicas were busy
record Search(List<Holder> next, List<Holder> busy, int rounds, int pauses) {
  Search {
    next = List.copyOf(next);
    busy = List.copyOf(busy);
  }

  /// Begins with the replicas that are known.
  static Search of(List<Holder> replicas) {
    return new Search(replicas, List.of(), 0, 0);
  }

  Search found(List<Holder> replicas) {
    return new Search(replicas, List.of(), rounds, pauses);
  }

  Search withoutFirst() {
    return new Search(next.subList(1, next.size()), busy, rounds, pauses);
  }

  /// `holder` has no time now.
  Search busy(Holder holder) {
    var more = new ArrayList<>(busy);
    more.add(holder);
    return new Search(next, more, rounds, pauses);
  }

  /// All were busy: after a pause, they are tried again.
  Search paused() {
    return new Search(busy, List.of(), rounds, pauses + 1);
  }

  Search withoutBusy() {
    return new Search(next, List.of(), rounds, pauses);
  }

  Search nextRound() {
    return new Search(List.of(), List.of(), rounds + 1, 0);
  }

  /// Asking the store anew would not help.
  Search inLastRound(int roundsMax) {
    return new Search(next, busy, roundsMax, pauses);
  }
}
