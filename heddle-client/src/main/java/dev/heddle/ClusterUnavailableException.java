package dev.heddle;

/// The cluster could not be reached, or did not do what was asked; the message says which, for how
/// long it was tried, and what to do.
public final class ClusterUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ClusterUnavailableException(String message) {
    super(message);
  }

  ClusterUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
