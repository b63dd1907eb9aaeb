package dev.heddle.wire;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a client wants of the way a task is run, beside its result.
///
/// @param priority the higher, the earlier; 0 where nothing is said
/// @param retries how often it is run again when it fails
/// @param timeoutMillis how long the function may run; 0 for any time
/// @param workers names or hosts of workers that may run it; empty for all
/// @param resources what it takes of a worker's while it runs, in the order of names: `GPU` → 1
/// @param blocking whether it mostly waits, and so needs no slot
/// @param detached whether it is to be run even if nobody wants its result any more
public record TaskSettings(int priority, int retries, long timeoutMillis, List<String> workers,
    Map<String, Integer> resources, boolean blocking, boolean detached) {
  public static final TaskSettings DEFAULT = new TaskSettings(0, 0, 0, List.of(), Map.of(), false,
      false);

  public TaskSettings {
    workers = List.copyOf(workers);
    resources = Collections.unmodifiableMap(new TreeMap<>(resources));
    if (retries < 0 || timeoutMillis < 0) {
      throw new IllegalArgumentException("retries " + retries + " and timeout " + timeoutMillis
          + " ms must not be negative");
    }
    resources.forEach((name, amount) -> {
      if (amount < 1) {
        throw new IllegalArgumentException(
            "a task takes " + amount + " of the resource '" + name + "'; it must be at least 1");
      }
    });
  }
}
