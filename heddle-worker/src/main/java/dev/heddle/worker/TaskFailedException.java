package dev.heddle.worker;

import dev.heddle.wire.Address;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Key;
import java.io.Serial;

/// A computation failed on a worker. The cause is what the function threw, with the stack that it
/// had there, where its class is known here, and otherwise a description of it.
public final class TaskFailedException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  private final transient Key key;
  private final transient Failure failure;

  TaskFailedException(Key key, Address worker, Failure failure, Throwable cause) {
    super("'" + key + "' failed on " + worker + ": " + failure, cause);
    this.key = key;
    this.failure = failure;
  }

  /// What was computed.
  public Key key() {
    return key;
  }

  /// The failure as it travelled.
  public Failure failure() {
    return failure;
  }
}
