package dev.heddle.wire;

import java.io.IOException;
import java.io.Serial;

/// Two nodes did not come to terms; the message names the peer, the cause and what to do.
public final class HandshakeException extends IOException {
  @Serial
  private static final long serialVersionUID = 1;

  /// Why. The order is the code on the wire, for those that a node tells its peer.
  public enum Cause {
    /// The two have different secrets.
    SECRET,
    /// There is no protocol version that both speak.
    VERSION,
    /// The peer takes no more connections now.
    BUSY,
    /// What the peer sent begins like Heddle and does not go on like it.
    MALFORMED,
    /// The peer speaks something else: HTTP, TLS, or nothing known.
    NOT_HEDDLE,
    /// The peer did not say its part in time.
    TIMEOUT,
    /// The connection ended in the middle.
    ENDED
  }

  private final Cause reason;

  public HandshakeException(Cause reason, String message) {
    super(codeOf(reason).of(message));
    this.reason = reason;
  }

  public Cause reason() {
    return reason;
  }

  private static ErrorCode codeOf(Cause reason) {
    return switch (reason) {
      case SECRET -> ErrorCode.SECRETS_DIFFER;
      case VERSION -> ErrorCode.VERSIONS_DIFFER;
      case BUSY -> ErrorCode.BUSY;
      case TIMEOUT -> ErrorCode.NO_ANSWER;
      case MALFORMED, NOT_HEDDLE, ENDED -> ErrorCode.NOT_HEDDLE;
    };
  }
}
