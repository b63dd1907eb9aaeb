package dev.heddle;

import dev.heddle.wire.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// How a cluster is, by its scheduler's word.
///
/// @param scheduler its name
/// @param address where this client reaches it
/// @param started when it was started
/// @param tasks how many tasks of all clients are in each state, by the state's name
/// @param clients their names
public record ClusterInfo(String scheduler, String address, Instant started,
    List<Worker> workers, Map<String, Long> tasks, List<String> clients) {

  public ClusterInfo {
    workers = List.copyOf(workers);
    clients = List.copyOf(clients);
  }

  /// A worker.
  ///
  /// @param address where it listens
  /// @param host the machine's name
  /// @param threads how many functions it runs at once
  /// @param state `running`, `paused: …`, `retiring`
  /// @param assigned tasks that it was given and that have not ended
  /// @param running those of them that run
  /// @param values how many values it stores
  /// @param storedBytes what they take as they are counted for placement, in bytes
  /// @param memoryBytes what values take in its memory, in bytes
  /// @param memoryBytesMax its `--memory-limit`, in bytes
  /// @param diskBytes what it has written to disk, as it would be in memory, in bytes
  /// @param resources such as `GPU` → 1
  /// @param sinceBeat since it was last heard of
  public record Worker(String name, String address, String host, long pid, int threads,
      String state, int assigned, int running, long values, long storedBytes, long memoryBytes,
      long memoryBytesMax, long diskBytes,
      Map<String, Integer> resources, Duration sinceBeat) {
    static Worker of(Message.WorkerStatus status) {
      var worker = status.worker();
      return new Worker(worker.id().name(), worker.address().toString(), worker.host(),
          worker.pid(), worker.threads(), status.state(), status.assigned(), status.running(),
          status.values(), status.storedBytes(), status.memoryBytes(), status.memoryBytesMax(),
          status.diskBytes(), status.resources(),
          Duration.ofMillis(status.sinceBeatMillis()));
    }
  }
}
