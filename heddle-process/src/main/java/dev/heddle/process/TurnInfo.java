package dev.heddle.process;

import java.time.Duration;

/// A [Turn], at the moment of a snapshot.
///
/// @param holder the thread that has it, empty if nobody has
/// @param since for how long it has had it, as far as it said so
/// @param waiting how many wait for it, about
/// @param taken how often it was taken
public record TurnInfo(String name, String holder, Duration since, int waiting, long taken) {

  /// As in a sentence: `control w1` is held by `w1/slot-1` since 12 s, 3 wait.
  @Override
  public String toString() {
    return "`" + name + "` is " + (holder.isEmpty()
        ? "free"
        : "held by `" + holder + "` since " + Waits.text(since)) + ", " + waiting + " wait";
  }
}
