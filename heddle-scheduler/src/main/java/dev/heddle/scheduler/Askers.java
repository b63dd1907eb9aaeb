package dev.heddle.scheduler;

import dev.heddle.wire.Connection;
import dev.heddle.wire.Message;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Who waits for an answer of the core's, by the number that the core knows each by. Any thread may
/// use it.
final class Askers {
  /// @param done called once the answer is that it was done
  record Asker(Connection connection, long correlation, Runnable done) {}

  private final ConcurrentHashMap<Long, Asker> waiting = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  long add(Connection connection, long correlation) {
    return add(connection, correlation, () -> {});
  }

  long add(Connection connection, long correlation, Runnable done) {
    var number = last.incrementAndGet();
    waiting.put(number, new Asker(connection, correlation, done));
    return number;
  }

  /// Takes out who is answered now; nobody if its connection has ended.
  Optional<Asker> take(long asker, Message.Response answer) {
    var taken = Optional.ofNullable(waiting.remove(asker));
    if (answer instanceof Message.Done) {
      taken.ifPresent(waited -> waited.done().run());
    }
    return taken;
  }

  void gone(Connection connection) {
    waiting.values().removeIf(asker -> asker.connection().equals(connection));
  }
}
