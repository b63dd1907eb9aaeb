package dev.heddle;

import dev.heddle.wire.ErrorCode;

/// A task's value is gone, or never could be, without any function at fault: a value that was
/// scattered and whose workers died, a task that no worker was left to run. The message says why.
public final class TaskLostException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TaskLostException(String message) {
    super(ErrorCode.VALUE_LOST.of(message));
  }
}
