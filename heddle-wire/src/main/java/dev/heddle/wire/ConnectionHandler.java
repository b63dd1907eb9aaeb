package dev.heddle.wire;

import java.util.List;

/// What a node does with what its peers send. Called by the link process of each connection, so by
/// several threads; for one connection, one call at a time.
public interface ConnectionHandler {
  /// Acts on everything that one read brought, in order. Must not block: the link reads nothing
  /// meanwhile. What it replies is written when it returns.
  void received(Connection from, List<Incoming> batch);

  /// Called once, after the last [#received]: the connection is gone.
  ///
  /// @param reason for people: `the peer closed the connection`
  default void closed(Connection connection, String reason) {}

  /// Called once, before the first [#received].
  default void opened(Connection connection) {}
}
