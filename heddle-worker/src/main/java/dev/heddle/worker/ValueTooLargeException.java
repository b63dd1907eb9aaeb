package dev.heddle.worker;

import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Key;
import java.io.Serial;

/// A value is larger than a worker takes.
public final class ValueTooLargeException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  ValueTooLargeException(String message) {
    super(ErrorCode.VALUE_TOO_LARGE.of(message));
  }

  ValueTooLargeException(Key key, long sizeBytes, String worker, long bytesMax) {
    super(ErrorCode.VALUE_TOO_LARGE
        .of("the value of '" + key + "' has " + sizeBytes + " bytes; the worker " + worker
            + " takes at most " + bytesMax
            + " (--value-limit, and no more than --memory-limit); split it, or raise"
            + " the limit"));
  }
}
