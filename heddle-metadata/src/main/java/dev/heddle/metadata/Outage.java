package dev.heddle.metadata;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Since when a store has been out of reach. For any number of threads.
public final class Outage {
  private static final long NONE = Long.MIN_VALUE;

  private final String store;
  private final LongSupplier nanos;
  private final AtomicLong sinceNanos = new AtomicLong(NONE);

  /// @param store
  ///          where it is, without secrets: it shows in messages
  public Outage(String store) {
    this(store, System::nanoTime);
  }

  Outage(String store, LongSupplier nanos) {
    this.store = store;
    this.nanos = nanos;
  }

  /// The store answered.
  public void ended() {
    if (sinceNanos.getPlain() != NONE) {
      sinceNanos.set(NONE);
    }
  }

  /// The store did not answer.
  ///
  /// @param reason
  ///          for people: `connection refused`
  public MetadataUnavailableException failed(String reason, @Nullable Throwable cause) {
    var now = nanos.getAsLong();
    sinceNanos.compareAndSet(NONE, now == NONE ? now + 1 : now);
    var since = sinceNanos.get();
    var away = Duration.ofNanos(since == NONE ? 0 : now - since);
    return new MetadataUnavailableException("the metadata store " + store + " does not answer"
        + (away.toMillis() < 100 ? "" : ", since " + inWords(away)) + ": " + reason
        + "; start it, or check the address and the network (it is tried again)", cause);
  }

  static String inWords(Duration duration) {
    var millis = duration.toMillis();
    if (millis < 1_000) {
      return millis + " ms";
    }
    return millis < 10_000
        ? millis / 1_000 + "." + millis % 1_000 / 100 + " s"
        : millis / 1_000 + " s";
  }
}
