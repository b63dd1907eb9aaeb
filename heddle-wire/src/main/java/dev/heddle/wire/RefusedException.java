package dev.heddle.wire;

import java.io.IOException;
import java.io.Serial;

/// A peer got the request and did not carry it out.
public final class RefusedException extends IOException {
  @Serial
  private static final long serialVersionUID = 1;

  private final Message.Reason reason;

  public RefusedException(Message.Reason reason, String message) {
    super(codeOf(reason).of(message));
    this.reason = reason;
  }

  public Message.Reason reason() {
    return reason;
  }

  private static ErrorCode codeOf(Message.Reason reason) {
    return switch (reason) {
      case BUSY -> ErrorCode.BUSY;
      case DRAINING -> ErrorCode.LEAVING;
      case NAME_TAKEN -> ErrorCode.NAME_TAKEN;
      case LEASE_LOST -> ErrorCode.LEASE_LOST;
      case TOO_LARGE -> ErrorCode.VALUE_TOO_LARGE;
      case INTERNAL -> ErrorCode.DEFECT;
      case UNKNOWN_OPERATION -> ErrorCode.WRONG_ROLE;
      case BAD_REQUEST, UNAVAILABLE -> ErrorCode.REFUSED;
    };
  }
}
