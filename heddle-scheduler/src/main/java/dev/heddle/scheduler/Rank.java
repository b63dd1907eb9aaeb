package dev.heddle.scheduler;

/// The order in which the tasks of one client should run, as a number: higher priority first, then what is
/// deeper in its graph, then what was submitted first. The smallest comes first.
///
/// ```
///   bit 62      54                    34                                0
///        │ 8 bits of priority │ 20 bits of depth │ 35 bits of submission │
/// ```
final class Rank {
  private static final int SUBMISSION_BITS = 35;
  private static final int LEVEL_BITS = 20;
  private static final int LEVEL_MAX = (1 << LEVEL_BITS) - 1;

  private Rank() {}

  /// @param level how many tasks deep it is, 0 for one without inputs
  static long of(int priority, int level, long submission) {
    var first = 127 - Math.clamp(priority, -128, 127);
    return ((long) first << (SUBMISSION_BITS + LEVEL_BITS))
        | ((long) (LEVEL_MAX - Math.min(level, LEVEL_MAX)) << SUBMISSION_BITS)
        | (submission & ((1L << SUBMISSION_BITS) - 1));
  }

  static int level(long rank) {
    return LEVEL_MAX - (int) (lane(rank) & LEVEL_MAX);
  }

  /// What tasks of equal priority and depth have in common.
  static long lane(long rank) {
    return rank >>> SUBMISSION_BITS;
  }

  /// The smaller, the higher the priority.
  static int urgency(long rank) {
    return (int) (rank >>> (SUBMISSION_BITS + LEVEL_BITS));
  }
}
