package dev.heddle.examples;

/// A census that can't be taken of what was named: says which path or class, what is wrong with it, and what to do.
public final class CensusException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public CensusException(String message) {
    super(message);
  }

  public CensusException(String message, Throwable cause) {
    super(message, cause);
  }
}
