package dev.heddle.wire;

import java.util.List;
import java.util.Map;

/// What a node does with what its peers send. Called by the link process of each connection, so by
/// several threads; for one connection, one call at a time.
public interface ConnectionHandler {
  /// Acts on everything that one read brought. Notices come in the order in which they were said,
  /// and a request never before a notice that was said before it; beyond that, what has large
  /// buffers is overtaken by what has none. Must not block: the link reads nothing
  /// meanwhile. What it replies is written when it returns. Who waits for an answer that came after
  /// these gets it when it has returned.
  void received(Connection from, List<Incoming> batch);

  /// Answers came to what was asked by [Connection#ask]; after [#received] with what was said before
  /// them. Must not block, as that.
  default void answered(Connection from, List<Answered> answers) {}

  /// A notice came whose large buffers did not, or found no memory here: it will not be [#received].
  /// What it asked for is not done; whoever said it should be told. Called after what was said before
  /// it was received, and before what was said after it is.
  ///
  /// @param notice with those buffers empty
  /// @param reason for people, after "there is": `no memory for a buffer of 1073741824 bytes`
  default void untaken(Connection from, Message.Notice notice, String reason) {}

  /// Called once, after the last [#received]: the connection is gone.
  ///
  /// @param reason for people: `the peer closed the connection`
  default void closed(Connection connection, String reason) {}

  /// What the node knows of its own state, for a dump: texts for people by the names of files. No value
  /// of a user and nothing secret. Called by a process of its own, which may wait for a second.
  default Map<String, String> tell() throws InterruptedException {
    return Map.of();
  }

  /// Called once, before the first [#received].
  default void opened(Connection connection) {}
}
