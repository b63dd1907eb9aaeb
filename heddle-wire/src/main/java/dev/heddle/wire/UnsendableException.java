package dev.heddle.wire;

import java.io.Serial;

/// This node tried to say something that breaks a limit of the protocol or of the peer. Nothing of
/// it was sent, and the connection goes on.
public final class UnsendableException extends IllegalArgumentException {
  @Serial
  private static final long serialVersionUID = 1;

  public UnsendableException(String message) {
    super(ErrorCode.MESSAGE_TOO_LARGE.of(message));
  }
}
