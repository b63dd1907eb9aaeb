package dev.heddle.wire;

import java.time.Duration;

/// What a [ConnectionPool] is told once.
///
/// @param connectionsMax how many connections it keeps; for another, it closes the one that nobody
///     has used for longest (1024)
/// @param idle after how long without use it closes one (60 s)
/// @param backoff for how long nobody else tries an address after it failed (500 ms)
public record PoolConfig(int connectionsMax, Duration idle, Duration backoff) {
  public static final PoolConfig DEFAULT = new PoolConfig(1024, Duration.ofSeconds(60),
      Duration.ofMillis(500));

  public PoolConfig {
    if (connectionsMax < 1 || idle.isNegative() || idle.isZero() || backoff.isNegative()) {
      throw new IllegalArgumentException("a pool of " + connectionsMax
          + " connections that are idle for " + idle + " at most, with a backoff of " + backoff);
    }
  }
}
