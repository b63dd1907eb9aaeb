package dev.heddle.process;

import java.util.List;

/// For whom a process waits, as far as that is known.
///
/// @param what in words, after the process's name: *sends to `x`, which is full and which `b` empties*
/// @param on what it waits for
/// @param who any of these can end the wait; all of them must, where it waits for all
/// @param forAll whether it waits for all of them
/// @param hard whether nobody else can end it. That a channel is empty is soft: somebody new may send.
record Await(String what, String on, List<NamedProcess> who, boolean forAll, boolean hard) {
  /// What an activity waits for.
  interface Target {
    Await await();
  }
}
