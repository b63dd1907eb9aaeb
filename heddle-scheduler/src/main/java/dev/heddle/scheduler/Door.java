package dev.heddle.scheduler;

import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionHandler;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Where those who come while the scheduler starts wait: it listens before it knows its own
/// address, and knows nothing before that.
final class Door implements ConnectionHandler {
  private final CountDownLatch decided = new CountDownLatch(1);
  private volatile @Nullable ConnectionHandler inside;

  void open(ConnectionHandler handler) {
    inside = handler;
    decided.countDown();
  }

  /// Nothing comes in, if nothing has.
  void shut() {
    decided.countDown();
  }

  private Optional<ConnectionHandler> inside() {
    try {
      decided.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The link ends.
    }
    return Optional.ofNullable(inside);
  }

  @Override
  public void opened(Connection connection) {
    inside().ifPresent(handler -> handler.opened(connection));
  }

  @Override
  public void received(Connection from, List<Incoming> batch) {
    inside().ifPresent(handler -> handler.received(from, batch));
  }

  @Override
  public Map<String, String> tell() throws InterruptedException {
    var handler = inside;
    return handler == null
        ? Map.of("state.txt", "the scheduler is starting\n")
        : handler.tell();
  }

  @Override
  public void untaken(Connection from, Message.Notice notice, String reason) {
    inside().ifPresent(handler -> handler.untaken(from, notice, reason));
  }

  @Override
  public void closed(Connection connection, String reason) {
    inside().ifPresent(handler -> handler.closed(connection, reason));
  }
}
