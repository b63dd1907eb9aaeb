package dev.heddle.worker;

import dev.heddle.wire.ErrorCode;
import java.io.Serial;

/// A task needs a value that no worker has, or that could not be fetched from any that has it.
public final class MissingInputException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  public MissingInputException(String message) {
    super(ErrorCode.INPUT_MISSING.of(message));
  }
}
