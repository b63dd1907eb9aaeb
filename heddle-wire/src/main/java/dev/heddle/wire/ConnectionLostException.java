package dev.heddle.wire;

import java.io.IOException;
import java.io.Serial;

/// The connection ended before the answer came. Whether the request was carried out is not known.
public final class ConnectionLostException extends IOException {
  @Serial
  private static final long serialVersionUID = 1;

  public ConnectionLostException(String message) {
    super(ErrorCode.CONNECTION_LOST.of(message));
  }
}
