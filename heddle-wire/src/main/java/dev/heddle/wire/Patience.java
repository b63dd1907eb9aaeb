package dev.heddle.wire;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Asks peers, and waits in vain for each but once in a while: one that did not answer in time is not
/// asked about the same matter again until as much time has gone by as it was waited for. So of many
/// who depend on an answer that does not come, the first waits, and the others are told at once.
///
/// For any number of threads. Those who ask at the same time each wait for themselves.
public final class Patience {
  private final LongSupplier nanos;
  private final Map<Matter, Silence> silences = new ConcurrentHashMap<>();

  private record Matter(Connection with, Object about) {}

  private record Silence(long sinceNanos, Duration waited) {
    Duration left(long now) {
      return waited.minusNanos(now - sinceNanos);
    }
  }

  public Patience() {
    this(System::nanoTime);
  }

  /// @param nanos a clock that never goes back
  public Patience(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// As [Connection#call].
  ///
  /// @param about what silence about one thing says nothing of another thing: two that are equal are
  ///     one
  /// @throws CallTimeoutException also if the peer did not answer a moment ago; then at once
  public Message.Response call(Connection with, Object about, Message.Request request,
      Duration timeout) throws IOException, InterruptedException {
    var matter = new Matter(with, about);
    var silence = silences.get(matter);
    if (silence != null) {
      var left = silence.left(nanos.getAsLong());
      if (left.isPositive()) {
        throw new CallTimeoutException(with.peer().name() + " at " + with.remoteAddress()
            + " did not answer within " + Timeouts.text(silence.waited())
            + " a moment ago, and is asked again in " + Timeouts.text(left));
      }
    }
    try {
      var response = with.call(request, timeout);
      silences.remove(matter);
      return response;
    } catch (CallTimeoutException e) {
      silences.keySet().removeIf(other -> !other.with().isOpen());
      if (with.isOpen()) {
        silences.put(matter, new Silence(nanos.getAsLong(), timeout));
      }
      throw e;
    }
  }
}
