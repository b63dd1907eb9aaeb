package dev.heddle.values;

/// A payload that gave no value: refused, damaged, of an unknown codec, or of a class that is not to
/// be had. The message says which, and what to do.
public final class UndecodableValueException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UndecodableValueException(String message) {
    super(message);
  }

  UndecodableValueException(String message, Throwable cause) {
    super(message, cause);
  }
}
