package dev.heddle.metadata;

import dev.heddle.wire.Message.Change;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A watch that a store in this process feeds: a bounded channel that forgets rather than blocks.
public final class WatchBuffer implements Watch {
  /// How many changes are kept for a receiver.
  public static final int CHANGES_MAX = 50_000;
  /// The most changes in one batch.
  public static final int BATCH_MAX = 5_000;

  private final String prefix;
  private final Consumer<WatchBuffer> onClose;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Change> kept = new ArrayDeque<>();
  private boolean lost;
  private @Nullable String closed;

  /// @param prefix
  ///          only changes to keys that begin so are kept; those to workers always
  /// @param onClose
  ///          called once by whoever closes it
  public WatchBuffer(String prefix, Consumer<WatchBuffer> onClose) {
    this.prefix = prefix;
    this.onClose = onClose;
  }

  /// Keeps `changes` for the receiver; never blocks for it.
  public void offer(List<Change> changes) {
    lock.lock();
    try {
      if (closed != null) {
        return;
      }
      for (var change : changes) {
        if (concerns(change)) {
          if (kept.size() == CHANGES_MAX) {
            kept.clear();
            lost = true;
          }
          kept.add(change);
        }
      }
      if (!kept.isEmpty() || lost) {
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Some changes will never come: forgets what is kept and tells the receiver.
  public void lose() {
    lock.lock();
    try {
      kept.clear();
      lost = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  private boolean concerns(Change change) {
    return switch (change) {
      case Change.Registered registered -> registered.key().startsWith(prefix);
      case Change.Unregistered unregistered -> unregistered.key().startsWith(prefix);
      case Change.Joined _,Change.Left _ -> true;
    };
  }

  @Override
  public Optional<Batch> receive(Duration timeout)
      throws MetadataUnavailableException, InterruptedException {
    var nanos = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (kept.isEmpty() && !lost) {
        if (closed != null) {
          throw new MetadataUnavailableException(closed, null);
        }
        if (nanos <= 0) {
          return Optional.empty();
        }
        nanos = arrived.awaitNanos(nanos);
      }
      var batch = new ArrayList<Change>(Math.min(kept.size(), BATCH_MAX));
      while (batch.size() < BATCH_MAX && kept.poll() instanceof Change change) {
        batch.add(change);
      }
      var result = new Batch(batch, lost);
      lost = false;
      return Optional.of(result);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    close("this watch was closed; make another");
  }

  /// @param reason
  ///          what a receiver is told once it has what was kept
  public void close(String reason) {
    lock.lock();
    try {
      if (closed != null) {
        return;
      }
      closed = reason;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    onClose.accept(this);
  }
}
