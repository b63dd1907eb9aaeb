package dev.heddle.simulation;

/// Something that must never happen did, or something did not that must. Its message tells of it: the
/// seed and what went wrong in the first line, then the stories of the keys involved, then what
/// happened last.
public final class SimulationFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public SimulationFailedException(String report, Throwable cause) {
    super(report, cause);
  }

  /// The whole message.
  public String report() {
    return String.valueOf(getMessage());
  }

  /// Seed and what went wrong.
  public String firstLine() {
    return report().lines().findFirst().orElse("");
  }
}
