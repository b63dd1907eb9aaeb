package dev.heddle;

import dev.heddle.wire.ErrorCode;

/// The client was closed, by this program, before the task was done or the call was made.
public final class ClientClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  ClientClosedException(String message) {
    super(ErrorCode.CLIENT_CLOSED.of(message));
  }
}
