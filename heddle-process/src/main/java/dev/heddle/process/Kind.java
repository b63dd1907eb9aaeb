package dev.heddle.process;

/// What a process runs on.
public enum Kind {
  /// A thread of the operating system: for what computes, and for busy links.
  PLATFORM,
  /// A virtual thread: for what mostly waits. Must not compute for long: that starves the others.
  VIRTUAL
}
