package dev.heddle.scheduler;

import dev.heddle.wire.ClientId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The clients: those here, those away, and those that left while others still need tasks of theirs.
final class Clients {
  /// Of so many that are gone, the stories of their tasks can still be told.
  private static final int REMEMBERED_MAX = 1_000;

  private final Map<ClientId, Client> byId = new LinkedHashMap<>();
  private final Map<ClientId, Integer> serials = new LinkedHashMap<>();
  private int serial;
  private @Nullable Client last;

  @Nullable
  Client find(ClientId id) {
    var known = last;
    if (known != null && known.id.equals(id)) {
      return known;
    }
    var found = byId.get(id);
    if (found != null) {
      last = found;
    }
    return found;
  }

  /// Null too for one that has left.
  @Nullable
  Client present(ClientId id) {
    var client = find(id);
    return client == null || client.left ? null : client;
  }

  /// Whether it was here, and will not ask for anything any more; as far as that is remembered.
  boolean hasLeft(ClientId id) {
    return present(id) == null && serials.containsKey(id);
  }

  Client come(ClientId id, String name) {
    var known = find(id);
    if (known != null) {
      known.here = true;
      known.left = false;
      return known;
    }
    var client = new Client(serials.computeIfAbsent(id, _ -> serial++), id, name);
    byId.put(id, client);
    if (serials.size() > REMEMBERED_MAX + byId.size()) {
      serials.keySet().stream().filter(other -> !byId.containsKey(other)).findFirst()
          .ifPresent(serials::remove);
    }
    return client;
  }

  /// Forgets those that left, and of whose tasks nothing is left.
  void sweep() {
    byId.values().removeIf(client -> client.left && client.numbers.size() == 0);
    last = null;
  }

  /// @return what its tasks have in the [Story]; -1 where that is not known
  int serial(ClientId id) {
    return serials.getOrDefault(id, -1);
  }

  List<Client> all() {
    return new ArrayList<>(byId.values());
  }
}
