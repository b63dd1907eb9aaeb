package dev.heddle.cli;

import dev.heddle.wire.ErrorCode;
import java.io.Serial;

/// What was asked for is not there.
final class NotThereException extends Exception {
  @Serial
  private static final long serialVersionUID = 1;

  NotThereException(String message) {
    super(ErrorCode.NOT_THERE.of(message));
  }
}
