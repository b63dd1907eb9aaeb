package dev.heddle.wire;

/// Decides when a silent peer is asked for a sign of life, and when it counts as gone. Pure: time
/// comes in as an argument.
///
/// Time that this node itself lost, suspended or busy, is not held against the peer.
final class Liveness {
  enum Verdict {
    WELL, ASK, GONE
  }

  /// A link process that does not come back from its handler for so many times the silence is taken
  /// to be stuck, and nobody says any more that it lives.
  private static final int STUCK_SILENCES = 6;

  private final long keepAliveNanos;
  private final long silenceNanos;
  private long heardNanos;
  private long askedNanos;
  private long seenNanos;
  private long allowedNanos;
  private boolean heard;

  /// Whether a link process that is in its handler since a while, and so neither reads nor answers,
  /// should have somebody say that it lives. To be asked twice in each keep-alive interval.
  static boolean isToBeVouchedFor(Timeouts timeouts, long busyNanos) {
    return busyNanos >= timeouts.keepAlive().toNanos() / 2
        && busyNanos < STUCK_SILENCES * timeouts.silence().toNanos();
  }

  Liveness(Timeouts timeouts, long now) {
    keepAliveNanos = timeouts.keepAlive().toNanos();
    silenceNanos = timeouts.silence().toNanos();
    heardNanos = now;
    askedNanos = now;
    seenNanos = now;
  }

  /// Something came from the peer since the last [#at].
  void heard() {
    heard = true;
  }

  /// The node waits on purpose before the next [#at].
  void waits(long millis) {
    allowedNanos = millis * 1_000_000;
  }

  /// To be asked after everything that has arrived was read.
  Verdict at(long now) {
    var late = now - seenNanos - allowedNanos;
    seenNanos = now;
    allowedNanos = 0;
    if (heard) {
      heard = false;
      heardNanos = now;
      return Verdict.WELL;
    }
    if (late > keepAliveNanos / 4) {
      heardNanos += late;
    }
    if (now - heardNanos >= silenceNanos) {
      return Verdict.GONE;
    }
    if (now - heardNanos >= keepAliveNanos && now - askedNanos >= keepAliveNanos) {
      askedNanos = now;
      return Verdict.ASK;
    }
    return Verdict.WELL;
  }

  /// How long nothing needs to be decided if nothing comes.
  long nextNanos(long now) {
    var ask = Math.max(heardNanos, askedNanos) + keepAliveNanos;
    return Math.max(0, Math.min(ask, heardNanos + silenceNanos) - now);
  }
}
