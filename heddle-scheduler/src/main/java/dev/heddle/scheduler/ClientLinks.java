package dev.heddle.scheduler;

import dev.heddle.wire.ClientId;
import dev.heddle.wire.Connection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The clients that are connected, and by which connection. Any thread may use it.
///
/// A client that comes, goes or changes its connection does so here and at the core in one step, so
/// that both agree about who is there.
final class ClientLinks {
  private final Map<ClientId, ClientLink> byId = new ConcurrentHashMap<>();
  private final Map<Connection, ClientLink> byConnection = new ConcurrentHashMap<>();
  /// Held while somebody comes or goes; never by those who have the turn at the core.
  private final ReentrantLock door = new ReentrantLock();

  /// Whose connection this is, if it is a client's that has greeted.
  @Nullable
  ClientLink of(Connection connection) {
    return byConnection.get(connection);
  }

  /// The connection of a client that is there.
  @Nullable
  ClientLink of(ClientId client) {
    return byId.get(client);
  }

  Collection<ClientLink> all() {
    return byId.values();
  }

  /// A client greeted. If it has another connection still, this one takes over.
  ///
  /// @param welcome said before the core can tell the client anything
  /// @return false, and nothing happened, if its id is another client's
  boolean enter(ClientLink link, SchedulerEvent.ClientCame came, Control control,
      Runnable welcome) {
    door.lock();
    try {
      var before = byId.get(link.id());
      if (before != null && !came.returning() && !before.name().equals(link.name())) {
        return false;
      }
      welcome.run();
      byId.put(link.id(), link);
      byConnection.put(link.connection(), link);
      if (before != null) {
        before.connection().close("this client has connected anew");
      }
      control.report(before == null
          ? List.of(came)
          : List.of(new SchedulerEvent.ClientAway(link.id()), came));
      return true;
    } finally {
      door.unlock();
    }
  }

  /// A client said goodbye.
  void leave(ClientLink link, Control control) {
    door.lock();
    try {
      link.leaves();
      if (byId.remove(link.id(), link)) {
        control.report(new SchedulerEvent.ClientLeft(link.id()));
      }
    } finally {
      door.unlock();
    }
  }

  /// A connection has ended. If it was a client's that has not left or connected anew, that one is
  /// away.
  Optional<ClientLink> closed(Connection connection, Control control) {
    door.lock();
    try {
      var link = byConnection.remove(connection);
      if (link != null && byId.remove(link.id(), link)) {
        control.report(new SchedulerEvent.ClientAway(link.id()));
      }
      return Optional.ofNullable(link);
    } finally {
      door.unlock();
    }
  }
}
