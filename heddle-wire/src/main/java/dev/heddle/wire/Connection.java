package dev.heddle.wire;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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

  /// Asks at once, without waiting for the answer. Inside the handler of this connection, it is
  /// written when the handler returns.
  ///
  /// @throws ConnectionLostException if the connection has ended
  /// @throws UnsendableException if the request breaks a limit; nothing was sent then
  Call start(Message.Request request) throws ConnectionLostException;

  /// Asks many things with few writes.
  ///
  /// @return the answers to come, in the same order
  /// @throws ConnectionLostException if the connection has ended; some may have been sent
  /// @throws UnsendableException if a request breaks a limit; those before it are sent, that one
  ///     and those after it are not
  default List<Call> startAll(List<? extends Message.Request> requests)
      throws ConnectionLostException {
    var calls = new ArrayList<Call>(requests.size());
    for (var request : requests) {
      calls.add(start(request));
    }
    return calls;
  }

  /// Asks without anybody waiting: the answer goes to this node's [ConnectionHandler#answered]. Written at
  /// the next [#flush]. If the connection ends first, [ConnectionHandler#closed] is all that comes.
  ///
  /// @param request without large buffers
  /// @param question comes back with the answer, which may be before this returns
  /// @throws ConnectionLostException if the connection has ended
  /// @throws RefusedException if too many questions have no answer yet
  /// @throws UnsendableException if the request breaks a limit; nothing was sent then
  void ask(Message.Request request, Object question) throws IOException;

  /// Answers a request. Written at the next [#flush]; nothing happens if the connection has ended.
  ///
  /// @throws UnsendableException if the response breaks a limit; the asker is told that, and needs
  ///     no other answer
  void reply(long correlation, Message.Response response);

  /// Tells the peer something. Written at the next [#flush]; nothing happens if the connection
  /// has ended.
  ///
  /// @throws UnsendableException if the notice breaks a limit; nothing was sent then
  void notice(Message.Notice notice);

  /// Writes what was said so far, without waiting for a slow peer.
  void flush();

  /// Waits until at most `bytesMax` bytes of what was said are still to be written, large buffers
  /// included, or the connection has ended: for those who could say more than the peer reads. Not
  /// for handlers.
  void awaitRoom(long bytesMax) throws InterruptedException;

  /// How much of what was said is still to be written, large buffers included: of a large one nothing or
  /// all.
  long unwrittenBytes();

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
