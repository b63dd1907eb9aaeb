package dev.heddle.process;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a process takes its input from: the receiving end of a [Channel].
///
/// Any number of processes may hold the same source; each item goes to exactly one of them. To wait
/// on several sources at once, see [Select]. Every method that waits ends with an
/// [InterruptedException] if its thread is interrupted; nothing is taken then.
public sealed interface Source<T> permits Channel {
  /// Takes the next item, waiting for one.
  ///
  /// @throws ChannelDoneException if the channel is done and everything in it has been received
  /// @throws ChannelFailedException if the channel has failed; its cause is what failed
  T receive() throws InterruptedException;

  /// Takes the next item, waiting for one; null says that the channel is done.
  ///
  /// ```java
  /// while (fetches.receiveOrDone() instanceof Fetch fetch) {
  ///   events.send(outcomeOf(fetch));
  /// }
  /// ```
  ///
  /// @throws ChannelFailedException if the channel has failed
  @Nullable
  T receiveOrDone() throws InterruptedException;

  /// Takes the next item, waiting for one for at most `timeout` (zero or less: not at all).
  ///
  /// @throws ChannelFailedException if the channel has failed
  Received<T> receiveOrDone(Duration timeout) throws InterruptedException;

  /// Waits for at least one item, then takes everything that is queued, in one turn. An empty list
  /// says that the channel is done.
  ///
  /// @return what was queued, in order: a list of fixed size, which belongs to the caller
  /// @throws ChannelFailedException if the channel has failed
  List<T> receiveAll() throws InterruptedException;

  /// Like [#receiveAll()], waiting for the first item for at most `timeout` (zero or less: not at
  /// all).
  ///
  /// @return a list of at least one item, or why there is none
  /// @throws ChannelFailedException if the channel has failed
  Received<List<T>> receiveAll(Duration timeout) throws InterruptedException;

  /// Takes what is queued now, which may be nothing. Never waits.
  ///
  /// @throws ChannelFailedException if the channel has failed
  List<T> drain();
}
