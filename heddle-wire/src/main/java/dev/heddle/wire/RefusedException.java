package dev.heddle.wire;

import java.io.IOException;
import java.io.Serial;

/// A peer got the request and did not carry it out.
public final class RefusedException extends IOException {
  @Serial
  private static final long serialVersionUID = 1;

  private final Message.Reason reason;

  public RefusedException(Message.Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Message.Reason reason() {
    return reason;
  }
}
