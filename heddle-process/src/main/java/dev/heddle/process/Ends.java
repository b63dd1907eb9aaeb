package dev.heddle.process;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The processes that lately were at one end of a channel, where they are few. For any thread, without
/// a lock: who is missed once is seen the next time.
final class Ends {
  private static final int MAX = 8;

  private final AtomicReferenceArray<@Nullable NamedProcess> known = new AtomicReferenceArray<>(
      MAX);
  private volatile boolean others;

  /// @param process null for a thread that is no process
  void add(@Nullable NamedProcess process) {
    if (process == null) {
      if (!others) {
        others = true;
      }
      return;
    }
    for (var i = 0; i < MAX; i++) {
      var one = known.getOpaque(i);
      if (one == process) {
        return;
      }
      if ((one == null || !one.isAlive()) && known.compareAndSet(i, one, process)) {
        return;
      }
    }
    if (!others) {
      others = true;
    }
  }

  /// Those that have not ended; empty where there are, or may be, more than are known.
  List<NamedProcess> all() {
    if (others) {
      return List.of();
    }
    var alive = new ArrayList<NamedProcess>();
    for (var i = 0; i < MAX; i++) {
      if (known.getOpaque(i) instanceof NamedProcess process && process.isAlive()) {
        alive.add(process);
      }
    }
    return alive;
  }
}
