package dev.heddle;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Gets many values.
final class Gathering {
  private final ClientCore core;

  Gathering(ClientCore core) {
    this.core = core;
  }

  <T extends @Nullable Object> List<T> gather(
      Collection<? extends RemoteFuture<? extends T>> futures)
      throws InterruptedException, ExecutionException {
    var all = List.copyOf(futures);
    try {
      Reading.withoutSlot(() -> {
        fetch(all);
        return all;
      });
    } catch (TimeoutException e) {
      throw new AssertionError("nobody set a limit", e);
    }
    var values = new ArrayList<T>(all.size());
    for (var future : all) {
      values.add(future.get());
    }
    return values;
  }

  /// Waits until all are done, then fetches those that are elsewhere. A failure is found later, by
  /// whoever gets its value.
  private void fetch(List<? extends RemoteFuture<?>> futures) throws InterruptedException {
    var entries = new ArrayList<Entry>();
    for (var future : futures) {
      if (future instanceof Handle<?> handle) {
        core.reading().awaitDone(handle.entry());
        entries.add(handle.entry());
      }
    }
    core.fetching().fetchAll(entries);
  }
}
