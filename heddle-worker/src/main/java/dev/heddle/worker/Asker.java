package dev.heddle.worker;

/// Who waits for an answer: a caller, who is answered by a response, or a scheduler, who is told in a
/// notice how an assignment ended.
///
/// @param link which connection, by a number that the shell gave it, from 1 up
/// @param correlation which request on it; the number of the assignment, for a scheduler
record Asker(int link, long correlation, boolean isScheduler) {
  /// A caller.
  Asker(int link, long correlation) {
    this(link, correlation, false);
  }

  static Asker scheduler(int link, long task) {
    return new Asker(link, task, true);
  }
}
