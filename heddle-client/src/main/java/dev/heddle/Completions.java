package dev.heddle;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Futures in the order in which they are done, however they end. Each is given once, to whoever
/// asks first. For any number of threads.
public final class Completions<T extends @Nullable Object> implements Iterable<RemoteFuture<T>> {
  private final BlockingQueue<RemoteFuture<T>> done = new LinkedBlockingQueue<>();
  /// How many have not been given; guarded by this.
  private int left;

  Completions(Collection<? extends RemoteFuture<T>> futures) {
    left = futures.size();
    for (var future : futures) {
      switch (future) {
        case CapturedFuture<T> captured -> done.add(captured);
        case Handle<T> handle -> {
          if (handle.isDone() || !handle.core().ledger().await(handle.entry(), null,
              new Waiter() {
                @Override
                void wake() {
                  done.add(handle);
                }
              })) {
            done.add(handle);
          }
        }
      }
    }
  }

  /// Waits for the next one.
  ///
  /// @throws NoSuchElementException if all have been given
  public RemoteFuture<T> next() throws InterruptedException {
    return requireNonNull(next(done::take));
  }

  /// @return null if there is none in time
  @Nullable
  RemoteFuture<T> next(long deadlineNanos) throws InterruptedException {
    return next(() -> done.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS));
  }

  private @Nullable RemoteFuture<T> next(Reading.Wait<@Nullable RemoteFuture<T>> wait)
      throws InterruptedException {
    synchronized (this) {
      if (left == 0) {
        throw new NoSuchElementException("all futures have been given");
      }
      left--;
    }
    RemoteFuture<T> next = null;
    try {
      next = done.poll();
      if (next == null) {
        next = Reading.withoutSlot(wait);
      }
      return next;
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("taking from a queue does not end so", e);
    } finally {
      if (next == null) {
        synchronized (this) {
          left++;
        }
      }
    }
  }

  /// Whether there is one to be given still.
  public synchronized boolean hasNext() {
    return left > 0;
  }

  /// The rest of them. If the thread is interrupted while it waits for one, its interrupt stays set
  /// and it gets a [CancellationException].
  @Override
  public Iterator<RemoteFuture<T>> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return Completions.this.hasNext();
      }

      @Override
      public RemoteFuture<T> next() {
        try {
          return Completions.this.next();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw (CancellationException) new CancellationException(
              "interrupted while waiting for the next future to be done").initCause(e);
        }
      }
    };
  }

  /// As [#iterator].
  public Stream<RemoteFuture<T>> stream() {
    return StreamSupport.stream(spliterator(), false);
  }
}
