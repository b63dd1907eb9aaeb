package dev.heddle.wire;

import java.io.IOException;
import java.time.Duration;

/// An authenticated link to a peer, over which both sides ask and answer. For any number
/// of threads.
public interface Connection extends AutoCloseable {
  /// Who is at the other end.
  Hello peer();

  /// Where the other end is, as this end sees it.
  Address remoteAddress();

  boolean isOpen();

  /// Asks, and waits for the answer.
  ///
  /// @throws RefusedException if the peer refuses
  /// @throws CallTimeoutException if there is no answer within `timeout`
  /// @throws ConnectionLostException if the connection ends first
  default Message.Response call(Message.Request request, Duration timeout)
      throws IOException, InterruptedException {
    return start(request).await(timeout);
  }

  /// Asks at once, without waiting for the answer.
  ///
  /// @throws ConnectionLostException if the connection has ended
  Call start(Message.Request request) throws ConnectionLostException;

  /// Answers a request. Written at the next [#flush]; nothing happens if the connection has ended.
  void reply(long correlation, Message.Response response);

  /// Tells the peer something. Written at the next [#flush]; nothing happens if the connection
  /// has ended.
  void notice(Message.Notice notice);

  /// Writes what was said so far, without waiting for a slow peer.
  void flush();

  /// Ends the connection; calls that wait end with [ConnectionLostException].
  ///
  /// @param reason told to the peer and to those who wait
  void close(String reason);

  @Override
  default void close() {
    close("closed by this node");
  }

  /// An answer to come.
  interface Call {
    /// Waits for the answer; a second call gives the same answer.
    ///
    /// @throws RefusedException if the peer refuses
    /// @throws CallTimeoutException if there is no answer within `timeout`
    /// @throws ConnectionLostException if the connection ends first
    Message.Response await(Duration timeout) throws IOException, InterruptedException;
  }
}
