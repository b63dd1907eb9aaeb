package dev.heddle.scheduler;

import dev.heddle.wire.Connection;
import dev.heddle.wire.WorkerId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The workers that are attended, and by which connection. Any thread may use it.
final class WorkerLinks {
  private final Map<Connection, WorkerLink> links = new ConcurrentHashMap<>();
  /// The connection over which each worker is given work.
  private final Map<WorkerId, WorkerLink> serving = new ConcurrentHashMap<>();

  /// A connection to a worker was made.
  void opened(WorkerLink link) {
    links.put(link.connection(), link);
    if (!link.connection().isOpen()) {
      // Perhaps it ended before anybody could be told.
      closed(link.connection(), "it ended as soon as it was made");
    }
  }

  /// Whose connection this is, if it is one to a worker.
  @Nullable
  WorkerLink of(Connection connection) {
    return links.get(connection);
  }

  void closed(Connection connection, String reason) {
    var link = links.remove(connection);
    if (link != null) {
      link.closed(reason);
    }
  }

  /// From now on, the worker is given its work by this connection.
  void serves(WorkerLink link) {
    serving.put(link.worker(), link);
  }

  void servesNoMore(WorkerLink link) {
    serving.remove(link.worker(), link);
  }

  /// The connection by which a worker is given its work; nothing while there is none.
  Optional<WorkerLink> serving(WorkerId worker) {
    return Optional.ofNullable(serving.get(worker));
  }

  Collection<WorkerLink> serving() {
    return serving.values();
  }
}
