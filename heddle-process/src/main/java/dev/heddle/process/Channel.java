package dev.heddle.process;

import static java.util.Objects.requireNonNull;

import dev.heddle.process.ChannelInfo.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A bounded, first-in first-out hand-over between processes, on platform or virtual threads.
///
/// Everything happens under one lock, which is never held while waiting. Whoever adds wakes one
/// receiver, and a receiver that leaves something over wakes the next; whoever takes wakes as many
/// senders as it made room for. So nobody sleeps beside an item or a free place. See
/// docs/decisions/0001-own-channels.md for why this is ours.
public final class Channel<T> implements Source<T>, Sink<T> {
  private final String name;
  private final int capacity;
  private final Activity receiving;
  private final Activity sending;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition notFull = lock.newCondition();
  private final Processes.ChannelEntry entry;
  private final Ends senders = new Ends();
  private final Ends receivers = new Ends();

  // All below is guarded by the lock.
  private final Ring<T> queue;
  private final List<SelectWait> selecting = new ArrayList<>(0);
  private State state = State.OPEN;
  private @Nullable Throwable failure;
  private long sent;
  private long dropped;

  private Channel(String name, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "channel `" + name + "`: capacity is " + capacity + ", it must be at least 1");
    }
    this.name = requireNonNull(name);
    this.capacity = capacity;
    this.queue = new Ring<>(capacity);
    this.receiving = Activity.onChannel("waiting to receive from", name,
        () -> awaited("receives from `" + name + "`, which is empty", senders, false));
    this.sending = Activity.onChannel("sending to", name,
        () -> awaited("sends to `" + name + "`, which is full", receivers, true));
    this.entry = new Processes.ChannelEntry(this);
  }

  /// A new, empty channel. It shows in [Processes#snapshot] under its name until it has ended and
  /// is empty, or is no longer used.
  ///
  /// @param name as shown to people; need not be unique
  /// @param capacity how many items it holds before senders wait, at least 1. Room for them is only
  ///     taken as it is needed.
  public static <T> Channel<T> bounded(String name, int capacity) {
    var channel = new Channel<T>(name, capacity);
    Processes.add(channel.entry);
    return channel;
  }

  public String name() {
    return name;
  }

  /// How many items are queued now.
  public int size() {
    lock.lock();
    try {
      return queue.count();
    } finally {
      lock.unlock();
    }
  }

  public int capacity() {
    return capacity;
  }

  /// How many items were ever sent.
  public long sent() {
    lock.lock();
    try {
      return sent;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void send(T item) throws InterruptedException {
    requireNonNull(item);
    lock.lockInterruptibly();
    try {
      if (state != State.OPEN || queue.room() == 0) {
        awaitRoom(0, 1);
      }
      queue.add(item);
      added(1);
    } finally {
      lock.unlock();
    }
    countSent(1);
  }

  @Override
  public boolean offer(T item) {
    requireNonNull(item);
    lock.lock();
    try {
      checkOpen(0, 1);
      if (queue.room() == 0) {
        return false;
      }
      queue.add(item);
      added(1);
    } finally {
      lock.unlock();
    }
    countSent(1);
    return true;
  }

  @Override
  public void sendAll(List<? extends T> items) throws InterruptedException {
    var all = items.toArray();
    for (var item : all) {
      requireNonNull(item);
    }
    int over = 0;
    lock.lockInterruptibly();
    try {
      checkOpen(0, all.length);
      while (over < all.length) {
        awaitRoom(over, all.length);
        int now = Math.min(queue.room(), all.length - over);
        queue.addAll(all, over, now);
        over += now;
        added(now);
      }
    } finally {
      lock.unlock();
      countSent(over);
    }
  }

  @Override
  public T receive() throws InterruptedException {
    var item = receiveOrDone();
    if (item == null) {
      throw ChannelDoneException.onReceive(name);
    }
    return item;
  }

  @Override
  public @Nullable T receiveOrDone() throws InterruptedException {
    T item;
    lock.lockInterruptibly();
    try {
      if (queue.count() == 0 && !awaitItem()) {
        return null;
      }
      item = queue.take();
      taken(1);
    } finally {
      lock.unlock();
    }
    countReceived(1);
    return item;
  }

  @Override
  public List<T> receiveAll() throws InterruptedException {
    List<T> items;
    lock.lockInterruptibly();
    try {
      if (queue.count() == 0 && !awaitItem()) {
        return List.of();
      }
      items = queue.takeAll();
      taken(items.size());
    } finally {
      lock.unlock();
    }
    countReceived(items.size());
    return items;
  }

  @Override
  public Received<T> receiveOrDone(Duration timeout) throws InterruptedException {
    T item;
    lock.lockInterruptibly();
    try {
      var nothing = this.<T>awaitItem(timeout);
      if (nothing != null) {
        return nothing;
      }
      item = queue.take();
      taken(1);
    } finally {
      lock.unlock();
    }
    countReceived(1);
    return new Received.Item<>(item);
  }

  @Override
  public Received<List<T>> receiveAll(Duration timeout) throws InterruptedException {
    List<T> items;
    lock.lockInterruptibly();
    try {
      var nothing = this.<List<T>>awaitItem(timeout);
      if (nothing != null) {
        return nothing;
      }
      items = queue.takeAll();
      taken(items.size());
    } finally {
      lock.unlock();
    }
    countReceived(items.size());
    return new Received.Item<>(items);
  }

  @Override
  public List<T> drain() {
    List<T> items;
    lock.lock();
    try {
      checkNotFailed();
      if (queue.count() == 0) {
        return List.of();
      }
      items = queue.takeAll();
      taken(items.size());
    } finally {
      lock.unlock();
    }
    countReceived(items.size());
    return items;
  }

  @Override
  public void done() {
    end(State.DONE, null);
  }

  @Override
  public void fail(Throwable cause) {
    end(State.FAILED, requireNonNull(cause));
  }

  @Override
  public String toString() {
    return info().toString();
  }

  ChannelInfo info() {
    lock.lock();
    try {
      return new ChannelInfo(name, queue.count(), capacity, sent, sent - dropped - queue.count(),
          state);
    } finally {
      lock.unlock();
    }
  }

  /// For [Select]: the next item if there is one, without waiting.
  @Nullable
  T poll() {
    T item;
    lock.lock();
    try {
      checkNotFailed();
      if (queue.count() == 0) {
        return null;
      }
      item = queue.take();
      taken(1);
    } finally {
      lock.unlock();
    }
    countReceived(1);
    return item;
  }

  /// For [Select]: whether the channel is done and empty. A failed one is not: [#poll] tells
  /// of that.
  boolean isDone() {
    lock.lock();
    try {
      return state == State.DONE && queue.count() == 0;
    } finally {
      lock.unlock();
    }
  }

  /// For [Select]: from now on `wait` is told of every item and of the end; at once, if there is
  /// something to be told already.
  void addSelecting(SelectWait wait) {
    lock.lock();
    try {
      selecting.add(wait);
      if (state != State.OPEN || queue.count() > 0) {
        wait.wake();
      }
    } finally {
      lock.unlock();
    }
  }

  void removeSelecting(SelectWait wait) {
    lock.lock();
    try {
      selecting.remove(wait);
    } finally {
      lock.unlock();
    }
  }

  int selectingCount() {
    lock.lock();
    try {
      return selecting.size();
    } finally {
      lock.unlock();
    }
  }

  private void end(State end, @Nullable Throwable cause) {
    lock.lock();
    try {
      if (state != State.OPEN) {
        return;
      }
      state = end;
      failure = cause;
      if (end == State.FAILED) {
        dropped = queue.count();
        queue.clear();
      }
      notEmpty.signalAll();
      notFull.signalAll();
      wakeSelecting();
      leaveRegistryWhenOver();
    } finally {
      lock.unlock();
    }
  }

  private void added(int items) {
    sent += items;
    notEmpty.signal();
    if (!selecting.isEmpty()) {
      wakeSelecting();
    }
  }

  private void taken(int items) {
    if (items == 1) {
      notFull.signal();
    } else {
      notFull.signalAll();
    }
    if (queue.count() > 0) {
      notEmpty.signal();
    } else if (state != State.OPEN) {
      leaveRegistryWhenOver();
    }
  }

  private void awaitRoom(int sentBefore, int items) throws InterruptedException {
    checkOpen(sentBefore, items);
    if (queue.room() > 0) {
      return;
    }
    try (var _ = sending.begin()) {
      while (queue.room() == 0) {
        notFull.await();
        checkOpen(sentBefore, items);
      }
    }
  }

  /// @return false if the channel is done and empty
  private boolean awaitItem() throws InterruptedException {
    try (var _ = receiving.begin()) {
      while (queue.count() == 0) {
        checkNotFailed();
        if (state == State.DONE) {
          return false;
        }
        notEmpty.await();
      }
      return true;
    }
  }

  /// @return null if there is an item, otherwise why there is none
  private <R> @Nullable Received<R> awaitItem(Duration timeout) throws InterruptedException {
    checkNotFailed();
    if (queue.count() > 0) {
      return null;
    }
    if (state == State.DONE) {
      return new Received.Done<>();
    }
    try (var _ = receiving.begin()) {
      long left = Waits.nanos(timeout);
      while (queue.count() == 0) {
        checkNotFailed();
        if (state == State.DONE) {
          return new Received.Done<>();
        }
        if (left <= 0) {
          return new Received.TimedOut<>();
        }
        left = notEmpty.awaitNanos(left);
      }
      return null;
    }
  }

  private void checkOpen(int sentBefore, int items) {
    checkNotFailed();
    if (state == State.DONE) {
      throw ChannelDoneException.onSend(name, sentBefore, items);
    }
  }

  private void checkNotFailed() {
    if (failure != null) {
      throw new ChannelFailedException(name, failure);
    }
  }

  private void wakeSelecting() {
    for (var wait : selecting) {
      wait.wake();
    }
  }

  private void leaveRegistryWhenOver() {
    if (queue.count() == 0) {
      Processes.remove(entry);
    }
  }

  private Await awaited(String what, Ends ends, boolean hard) {
    return new Await(what, name, ends.all(), false, hard);
  }

  private void countSent(int items) {
    var process = NamedProcess.currentOrNull();
    senders.add(process);
    if (process != null) {
      process.doing.countSent(items);
    }
  }

  private void countReceived(int items) {
    var process = NamedProcess.currentOrNull();
    receivers.add(process);
    if (process != null) {
      process.doing.countReceived(items);
    }
  }
}
