package dev.heddle.process;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The turn at something that one thread at a time enters: a lock that shows in [Processes#snapshot],
/// with who has it and who waits for it.
///
/// It costs what a lock costs. Who has it is read off the lock by whoever looks; since when is only
/// known where the holder says so with [#began], for it mostly has read the clock anyway.
public final class Turn {
  private final String name;
  private final Lock lock = new Lock();
  /// Written by whoever has the turn; 0 while nobody has.
  private final AtomicLong sinceNanos = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();

  /// What [ReentrantLock] knows and keeps to its kind.
  private static final class Lock extends ReentrantLock {
    private static final long serialVersionUID = 1;

    @Nullable
    Thread holder() {
      return getOwner();
    }
  }

  private Turn(String name) {
    this.name = name;
  }

  /// A turn that nobody has. It shows under its name until it has [#ended], or
  /// nobody refers to it.
  ///
  /// @param name as shown to people; need not be unique
  public static Turn named(String name) {
    var turn = new Turn(name);
    Processes.add(turn);
    return turn;
  }

  /// No longer shows: what it was the turn at has ended. It can still be taken.
  public void ended() {
    Processes.remove(this);
  }

  public String name() {
    return name;
  }

  /// Waits for the turn and takes it.
  public void take() {
    lock.lock();
  }

  /// Waits for the turn for a while, and takes it.
  ///
  /// @return whether it was taken
  public boolean take(long timeoutMillis) throws InterruptedException {
    return lock.tryLock(timeoutMillis, TimeUnit.MILLISECONDS);
  }

  /// Says since when the current thread has the turn, which it has.
  ///
  /// @param nowNanos by [System#nanoTime]
  public void began(long nowNanos) {
    sinceNanos.setOpaque(nowNanos);
    taken.setOpaque(taken.getPlain() + 1);
  }

  /// Gives the turn to the next.
  public void give() {
    sinceNanos.setOpaque(0);
    lock.unlock();
  }

  TurnInfo info() {
    var holder = lock.holder();
    var since = sinceNanos.getOpaque();
    return new TurnInfo(name, holder == null ? "" : holder.getName(),
        Waits.since(holder == null || since == 0 ? System.nanoTime() : since),
        lock.getQueueLength(), taken.getOpaque());
  }

  @Nullable
  Thread holder() {
    return lock.holder();
  }

  boolean isAwaitedBy(Thread thread) {
    return lock.hasQueuedThread(thread);
  }

  @Override
  public String toString() {
    return info().toString();
  }
}
