package dev.heddle.code;

/// What shipped classes call instead of the methods that end the JVM; [ExitGuard] sees to it. Nobody
/// else needs it.
// They are called by rewritten code only, which did not ask.
@SuppressWarnings("DoNotCallSuggester")
public final class Exits {
  private Exits() {}

  /// In place of [System#exit].
  ///
  /// @throws ExitRefusedException
  ///           always
  public static void exit(int status) {
    throw refused("System.exit", status);
  }

  /// In place of [Runtime#exit].
  ///
  /// @throws ExitRefusedException
  ///           always
  public static void exit(Runtime runtime, int status) {
    throw refused("Runtime.exit", status);
  }

  /// In place of [Runtime#halt].
  ///
  /// @throws ExitRefusedException
  ///           always
  public static void halt(Runtime runtime, int status) {
    throw refused("Runtime.halt", status);
  }

  private static ExitRefusedException refused(String method, int status) {
    var place = StackWalker.getInstance()
        .walk(frames -> frames.filter(frame -> !frame.getClassName().equals(Exits.class.getName()))
            .findFirst())
        .map(frame -> frame.getClassName() + "." + frame.getMethodName() + " ("
            + frame.getFileName() + ":" + frame.getLineNumber() + ")")
        .orElse("an unknown place");
    return new ExitRefusedException("the task called " + method + "(" + status + ") at " + place
        + ": refused, as it would end the worker; throw an exception instead", status);
  }
}
