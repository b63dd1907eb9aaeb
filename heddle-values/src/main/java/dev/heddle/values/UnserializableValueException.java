package dev.heddle.values;

import dev.heddle.wire.ErrorCode;

/// A value that cannot travel. The message names the path to what stands in the way, and what to do:
/// `Census.this$0 → OrderService.repo (org.example.Repo)`.
public final class UnserializableValueException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnserializableValueException(String message) {
    super(ErrorCode.CANNOT_TRAVEL.of(message));
  }

  UnserializableValueException(String message, Throwable cause) {
    super(ErrorCode.CANNOT_TRAVEL.of(message), cause);
  }
}
