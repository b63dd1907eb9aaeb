package dev.heddle.wire;

import java.io.IOException;
import java.io.Serial;

/// No answer came in time. Whether the request was carried out is not known.
public final class CallTimeoutException extends IOException {
  @Serial
  private static final long serialVersionUID = 1;

  public CallTimeoutException(String message) {
    super(ErrorCode.NO_ANSWER.of(message));
  }
}
