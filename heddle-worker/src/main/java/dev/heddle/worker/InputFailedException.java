package dev.heddle.worker;

import java.io.Serial;

/// A task was not run because a task whose result it needs failed.
public final class InputFailedException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  public InputFailedException(String message) {
    super(message);
  }
}
