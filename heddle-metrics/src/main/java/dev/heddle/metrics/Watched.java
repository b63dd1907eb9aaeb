package dev.heddle.metrics;

import dev.heddle.wire.Message.NodeProcesses;
import java.util.List;
import java.util.Map;

/// A node, as monitoring sees it. For any number of threads.
interface Watched {
  /// So long somebody who asks waits for the turn at the state machine.
  long TURN_MILLIS = 1_000;

  String name();

  /// `scheduler` or `worker`.
  String role();

  NodeProcesses processes();

  /// How many connections there are to nodes of each role.
  Map<String, Integer> connections();

  boolean hasEnded();

  /// Writes down what the state machine knows.
  ///
  /// @return whether it could be asked in time
  boolean tell(Sheet sheet) throws InterruptedException;

  /// What has to be for it to do its work, beside being alive.
  List<Check> readiness() throws InterruptedException;

  /// What [#readiness] says where the turn is not to be had.
  static Check busy() {
    return new Check("state machine", false, "it could not be asked within " + TURN_MILLIS
        + " ms: somebody has held its turn for that long, see heddle ps");
  }
}
