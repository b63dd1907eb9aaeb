package dev.heddle.cli;

/// What happens when this JVM ends.
final class Hooks {
  private Hooks() {}

  /// Takes back a shutdown hook that is needed no longer.
  static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // This JVM is ending, and the hook runs.
    }
  }
}
