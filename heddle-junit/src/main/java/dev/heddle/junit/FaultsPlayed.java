package dev.heddle.junit;

import java.io.Serial;

/// Beside the failure of a test with [Faults]: what was done, and how to have it done again.
public final class FaultsPlayed extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  private final long seed;

  FaultsPlayed(long seed, FaultLog log) {
    super(text(seed, log), null, false, false);
    this.seed = seed;
  }

  private static String text(long seed, FaultLog log) {
    var count = log.count();
    return "with the faults of seed " + seed + "; to have them again: @Faults(seed = " + seed
        + "L), or -D" + Faults.SEED_PROPERTY + "=" + seed + "\n  "
        + (count == 0
            ? "none had happened by then"
            : count + " happened:\n  " + String.join("\n  ", log.lines()));
  }

  /// For [Faults#seed].
  public long seed() {
    return seed;
  }
}
