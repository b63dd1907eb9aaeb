package dev.heddle.worker;

import dev.heddle.wire.ErrorCode;
import java.io.IOException;
import java.io.Serial;

/// A value cannot be written, or what was written cannot be read.
final class SpillException extends IOException {
  @Serial
  private static final long serialVersionUID = 1;

  SpillException(String message) {
    super(ErrorCode.SPILL.of(message));
  }

  SpillException(String message, Throwable cause) {
    super(ErrorCode.SPILL.of(message), cause);
  }
}
