package dev.heddle.wire;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// A peer sent bytes that the protocol does not allow. The message says what and where.
public final class ProtocolException extends IOException {
  @Serial
  private static final long serialVersionUID = 1;

  public ProtocolException(String message) {
    super(ErrorCode.PROTOCOL.of(message));
  }

  ProtocolException(@Nullable String message, Throwable cause) {
    super(ErrorCode.PROTOCOL.of(String.valueOf(message)), cause);
  }
}
