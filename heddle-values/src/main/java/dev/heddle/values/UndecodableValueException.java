package dev.heddle.values;

import dev.heddle.wire.ErrorCode;

/// A payload that gave no value: refused, damaged, of an unknown codec, or of a class that is not to
/// be had. The message says which, and what to do.
public final class UndecodableValueException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UndecodableValueException(String message) {
    super(ErrorCode.CANNOT_BE_READ.of(message));
  }

  UndecodableValueException(String message, Throwable cause) {
    super(ErrorCode.CANNOT_BE_READ.of(message), cause);
  }
}
