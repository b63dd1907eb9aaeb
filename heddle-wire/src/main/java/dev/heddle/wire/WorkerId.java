package dev.heddle.wire;

/// One life of one worker: a name, and a number drawn anew each time that the worker starts.
///
/// Entries in the metadata store belong to a life, so that a worker that returns under its old name
/// does not inherit what its former life held.
///
/// @param name 1 to 128 printable characters without blanks
/// @param incarnation drawn at random when the worker starts
public record WorkerId(String name, long incarnation) {
  public WorkerId {
    if (name.isEmpty() || name.length() > 128
        || name.chars().anyMatch(c -> c <= ' ' || Character.isISOControl(c))) {
      throw new IllegalArgumentException("the worker name '" + name
          + "' is not 1 to 128 characters without blanks; choose another with --name");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
