package dev.heddle.worker;

import dev.heddle.wire.ErrorCode;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// A value was on disk alone, and cannot be read.
final class LostValueException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  LostValueException(String message, @Nullable Throwable cause) {
    super(ErrorCode.SPILL.of(message), cause);
  }
}
