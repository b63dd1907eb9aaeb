package dev.heddle.code;

import dev.heddle.wire.ErrorCode;

/// A class or resource could not be had now, and might be later: a source was not reached, or the
/// thread was interrupted (its interrupt status is set then).
///
/// It is not a `LinkageError` on purpose. The JVM remembers those, and a class that once met a
/// `NoClassDefFoundError` meets it for ever; after this exception the next attempt asks again. The
/// exception is a class whose static initializer was cut short by it: the JVM remembers that.
public final class CodeUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CodeUnavailableException(String message) {
    super(ErrorCode.CLASS_MISSING.of(message));
  }

  CodeUnavailableException(String message, Throwable cause) {
    super(ErrorCode.CLASS_MISSING.of(message), cause);
  }
}
