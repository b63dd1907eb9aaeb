package dev.heddle.code;

import dev.heddle.wire.ErrorCode;

/// A task called `System.exit`, `Runtime.exit` or `Runtime.halt`, which would have ended the worker
/// and everything else on it.
public final class ExitRefusedException extends SecurityException {
  private static final long serialVersionUID = 1;

  private final int status;

  ExitRefusedException(String message, int status) {
    super(ErrorCode.EXIT_REFUSED.of(message));
    this.status = status;
  }

  /// What the task wanted the process to end with.
  public int status() {
    return status;
  }
}
