package dev.heddle.process;

/// A process failed. The cause is its failure, with the stack of where it happened in the process;
/// what its siblings failed with after that is suppressed.
public final class ProcessFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String process;
  private final String startedAt;

  ProcessFailedException(NamedProcess process, Throwable cause) {
    super("process `" + process.name() + "` of scope `" + process.scope().name() + "` failed: "
        + cause
        + "; started at " + process.startedAt(), cause);
    this.process = process.name();
    this.startedAt = process.startedAt();
  }

  /// The name of the process.
  public String process() {
    return process;
  }

  /// The line that started the process, as in a stack trace: `org.example.Node.open(Node.java:42)`.
  public String startedAt() {
    return startedAt;
  }
}
