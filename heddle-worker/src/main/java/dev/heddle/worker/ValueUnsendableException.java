package dev.heddle.worker;

import dev.heddle.wire.Address;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Key;
import java.io.Serial;

/// A worker has a value and cannot send it; the cause says why. It can still be used on that worker.
public final class ValueUnsendableException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  ValueUnsendableException(Key key, Address worker, Throwable cause) {
    super(ErrorCode.CANNOT_TRAVEL
        .of("the worker at " + worker + " has '" + key + "' and cannot send it: "
            + cause.getMessage()),
        cause);
  }
}
