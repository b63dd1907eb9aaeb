package dev.heddle;

import dev.heddle.wire.ErrorCode;

/// The cluster could not be reached, or did not do what was asked; the message says which, for how
/// long it was tried, and what to do.
public final class ClusterUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ClusterUnavailableException(String message) {
    super(ErrorCode.CLUSTER_AWAY.of(message));
  }

  ClusterUnavailableException(String message, Throwable cause) {
    super(ErrorCode.CLUSTER_AWAY.of(message), cause);
  }
}
