package dev.heddle.wire;

import java.time.Duration;

/// How long a node waits for its peers.
///
/// @param connect for a connection to be made (5 s)
/// @param handshake for the whole handshake (5 s)
/// @param keepAlive after how much silence the peer is asked for a sign of life (1 s)
/// @param silence after how much silence the peer counts as gone (3 s)
/// @param close for a peer to take the last words of a connection that this node ends (1 s)
public record Timeouts(Duration connect, Duration handshake, Duration keepAlive, Duration silence,
    Duration close) {

  private static final Duration MOST = Duration.ofDays(1);

  public static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5),
      Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(1));

  public Timeouts {
    check("connect", connect);
    check("handshake", handshake);
    check("keepAlive", keepAlive);
    check("silence", silence);
    check("close", close);
    if (silence.compareTo(keepAlive) <= 0) {
      throw new IllegalArgumentException("the silence timeout " + silence
          + " is not longer than the keep-alive interval " + keepAlive);
    }
  }

  private static void check(String name, Duration value) {
    if (value.toMillis() < 1 || value.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "the " + name + " timeout is " + value + ", expected 1 ms to a day");
    }
  }

  public Timeouts withHandshake(Duration timeout) {
    return new Timeouts(connect, timeout, keepAlive, silence, close);
  }

  public Timeouts withConnect(Duration timeout) {
    return new Timeouts(timeout, handshake, keepAlive, silence, close);
  }

  /// @param interval after which a silent peer is asked for a sign of life
  /// @param gone after which it counts as gone
  public Timeouts withLiveness(Duration interval, Duration gone) {
    return new Timeouts(connect, handshake, interval, gone, close);
  }

  public Timeouts withClose(Duration timeout) {
    return new Timeouts(connect, handshake, keepAlive, silence, timeout);
  }

  /// `3.0 s`, `250 ms`: for messages.
  static String text(Duration duration) {
    var millis = duration.toMillis();
    return millis < 1000
        ? millis + " ms"
        : millis / 1000 + "." + millis % 1000 / 100 + " s";
  }
}
