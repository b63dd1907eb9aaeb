package dev.heddle.scheduler;

import dev.heddle.wire.Connection;
import dev.heddle.wire.Holder;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The workers that are attended, and by which connection. Any thread may use it.
final class WorkerLinks {
  private final Map<Connection, WorkerLink> links = new ConcurrentHashMap<>();
  /// The connection over which each worker is given work.
  private final Map<WorkerId, WorkerLink> serving = new ConcurrentHashMap<>();
  private final Map<WorkerId, WorkerInfo> infos = new ConcurrentHashMap<>();

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
  void serves(WorkerInfo info, WorkerLink link) {
    infos.put(info.id(), info);
    serving.put(info.id(), link);
  }

  void servesNoMore(WorkerLink link) {
    serving.remove(link.worker(), link);
  }

  void died(WorkerId worker) {
    infos.remove(worker);
  }

  /// The connection by which a worker is given its work; nothing while there is none.
  Optional<WorkerLink> serving(WorkerId worker) {
    return Optional.ofNullable(serving.get(worker));
  }

  Collection<WorkerLink> serving() {
    return serving.values();
  }

  /// Where those of these workers that are known can be reached.
  List<Holder> holders(List<WorkerId> workers) {
    return workers.stream().map(infos::get).filter(Objects::nonNull)
        .map(info -> new Holder(info.id(), info.address(), info.host(), -1)).toList();
  }
}
