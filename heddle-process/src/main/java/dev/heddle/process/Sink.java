package dev.heddle.process;

import java.util.List;

/// Where a process puts what it has made, for another process to take: the sending end of a
/// [Channel].
///
/// Any number of processes may hold the same sink. Items of one sender arrive in the order in which
/// it sent them.
public interface Sink<T> {
  /// Hands `item` over, waiting for room as long as the channel is full.
  ///
  /// @throws ChannelDoneException if [#done] was called, before or while this waited; `item` was
  ///     not sent
  /// @throws ChannelFailedException if [#fail] was called, before or while this waited
  /// @throws InterruptedException if the thread was interrupted, before or while this waited;
  ///     `item` was not sent
  void send(T item) throws InterruptedException;

  /// Hands `item` over if there is room at once. Never waits.
  ///
  /// @return false if the channel is full; `item` was not sent
  /// @throws ChannelDoneException if [#done] was called: a full channel may have room later, a done
  ///     one never again
  /// @throws ChannelFailedException if [#fail] was called
  boolean offer(T item);

  /// Hands all `items` over in order, waiting for room as often as needed. What fits at once goes
  /// over in one turn, which costs far less than as many calls of [#send].
  ///
  /// @throws ChannelDoneException if [#done] was called, before or while this waited; the exception
  ///     says how many items went over before that
  /// @throws ChannelFailedException if [#fail] was called, before or while this waited
  /// @throws InterruptedException if the thread was interrupted; some of the first items may have
  ///     gone over
  void sendAll(List<? extends T> items) throws InterruptedException;

  /// Says that nothing more will be sent. What is queued can still be received; whoever waits to
  /// send is told by a [ChannelDoneException]. The first end counts: after [#done] or [#fail] this
  /// does nothing.
  void done();

  /// Says that nothing more will be sent because of `cause`. Overtakes what is queued, which is
  /// dropped: receivers and senders get a [ChannelFailedException] at once. The first end counts:
  /// after [#done] or [#fail] this does nothing.
  void fail(Throwable cause);
}
