package dev.heddle.values;

import dev.heddle.wire.Failure;

/// An exception of another node whose class is not known here, or that could not be sent: type,
/// message, stack, causes and suppressed exceptions are those of the original.
public final class RemoteFailureException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String type;

  private RemoteFailureException(Failure failure) {
    super(failure.toString(), failure.cause().map(RemoteFailureException::of).orElse(null));
    this.type = failure.type();
    setStackTrace(Failures.stackOf(failure));
    failure.suppressed().forEach(other -> addSuppressed(of(other)));
  }

  /// Describes `failure` without looking at [Failure#original].
  public static RemoteFailureException of(Failure failure) {
    return new RemoteFailureException(failure);
  }

  /// The class name of the original: `org.example.OrderException`.
  public String type() {
    return type;
  }
}
