package dev.heddle;

import dev.heddle.wire.Holder;
import dev.heddle.wire.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where values are and of which type: the same object for what is the same, since there is one of
/// these a future. Guarded by the ledger's turn.
final class Places {
  /// So many are remembered; then it begins anew.
  private static final int PLACES_MAX = 10_000;

  private final Map<WorkerId, List<WorkerAt>> workers = new HashMap<>();
  private final Map<String, String> types = new HashMap<>();

  List<WorkerAt> of(List<Holder> holders) {
    if (holders.size() == 1) {
      return one(holders.getFirst());
    }
    return holders.stream().map(holder -> one(holder).getFirst()).toList();
  }

  private List<WorkerAt> one(Holder holder) {
    if (workers.size() >= PLACES_MAX) {
      workers.clear();
    }
    return workers.computeIfAbsent(holder.worker(),
        id -> List.of(new WorkerAt(id, holder.address(), holder.host())));
  }

  String type(String name) {
    if (types.size() >= PLACES_MAX) {
      types.clear();
    }
    return types.computeIfAbsent(name, same -> same);
  }
}
