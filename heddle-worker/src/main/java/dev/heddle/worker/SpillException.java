package dev.heddle.worker;

import java.io.IOException;
import java.io.Serial;

/// A value cannot be written, or what was written cannot be read.
final class SpillException extends IOException {
  @Serial
  private static final long serialVersionUID = 1;

  SpillException(String message) {
    super(message);
  }

  SpillException(String message, Throwable cause) {
    super(message, cause);
  }
}
