package dev.heddle.process;

/// A channel, at the moment of a snapshot.
///
/// @param size how many items are queued
/// @param sent how many were ever sent
/// @param received how many were ever received; those dropped by a failure are neither queued nor
///     received
public record ChannelInfo(String name, int size, int capacity, long sent, long received,
    State state) {

  /// Whether more can come.
  public enum State {
    OPEN, DONE, FAILED
  }

  /// As in a sentence: `control` holds 3 of 1024, 1207 sent, 1204 received.
  @Override
  public String toString() {
    return "`" + name + "` holds " + size + " of " + capacity + ", " + sent + " sent, " + received
        + " received" + switch (state) {
          case OPEN -> "";
          case DONE -> ", done";
          case FAILED -> ", failed";
        };
  }
}
