package dev.heddle.scheduler;

import dev.heddle.wire.Connection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Who waits for an answer of the core's, by the number that the core knows each by. Any thread may
/// use it.
final class Askers {
  record Asker(Connection connection, long correlation) {}

  private final ConcurrentHashMap<Long, Asker> waiting = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  long add(Connection connection, long correlation) {
    var number = last.incrementAndGet();
    waiting.put(number, new Asker(connection, correlation));
    return number;
  }

  /// Takes out who is answered now; nobody if its connection has ended.
  Optional<Asker> take(long asker) {
    return Optional.ofNullable(waiting.remove(asker));
  }

  void gone(Connection connection) {
    waiting.values().removeIf(asker -> asker.connection().equals(connection));
  }
}
