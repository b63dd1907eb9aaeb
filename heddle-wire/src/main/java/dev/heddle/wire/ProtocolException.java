package dev.heddle.wire;

import java.io.IOException;
import java.io.Serial;

/// A peer sent bytes that the protocol does not allow. The message says what and where.
public final class ProtocolException extends IOException {
  @Serial
  private static final long serialVersionUID = 1;

  public ProtocolException(String message) {
    super(message);
  }

  ProtocolException(String message, Throwable cause) {
    super(message, cause);
  }
}
