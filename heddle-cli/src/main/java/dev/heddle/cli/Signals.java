package dev.heddle.cli;

import dev.heddle.cluster.SystemSignals;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Ctrl-C and SIGTERM: the first asks the command to end well, the second ends it at once.
final class Signals implements AutoCloseable {
  /// The exit code of what Ctrl-C has cut short.
  static final int INTERRUPTED = 130;

  private static final long PATIENCE_MILLIS = 2_000;
  /// What is removed before the JVM ends at once may take so long.
  private static final long REMOVING_MILLIS_MAX = 150;
  /// What ends within this of the first signal is not held up by preparing for a second.
  private static final long PREPARED_AFTER_MILLIS = 100;

  private final CountDownLatch first = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger count = new AtomicInteger();
  private volatile int exitCode;
  private volatile @Nullable Thread interrupted;
  private volatile Runnable beforeHalt = () -> {};

  /// From now on, signals are this object's.
  static Signals taken() {
    var signals = new Signals();
    signals.take("INT", 2);
    signals.take("TERM", 15);
    return signals;
  }

  /// From now on, signals are this object's, and the first interrupts `thread`, until this is closed. If it isn't
  /// closed within two seconds of that, the JVM ends.
  static Signals interrupting(Thread thread) {
    var signals = new Signals();
    signals.interrupted = thread;
    signals.take("INT", 2);
    signals.take("TERM", 15);
    return signals;
  }

  private void take(String name, int number) {
    SystemSignals.handle(name, () -> came(128 + number));
  }

  private void came(int exitCode) {
    if (count.incrementAndGet() == 1) {
      this.exitCode = exitCode;
      first.countDown();
      Thread.ofPlatform().daemon().name("signals/prepare").start(this::prepare);
      if (interrupted instanceof Thread thread) {
        thread.interrupt();
        Thread.ofPlatform().daemon().name("signals/patience").start(this::haltUnlessClosed);
      }
    } else {
      halt(exitCode);
    }
  }

  private void prepare() {
    try {
      if (!closed.await(PREPARED_AFTER_MILLIS, TimeUnit.MILLISECONDS)) {
        QuickExit.prepare();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Not exit(): nothing that hangs may hold this one up.
  private void halt(int exitCode) {
    var last = Thread.ofPlatform().daemon().name("signals/last").start(beforeHalt);
    try {
      var _ = last.join(Duration.ofMillis(REMOVING_MILLIS_MAX));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    QuickExit.now(exitCode);
  }

  /// What is left to do before the JVM is ended at once: to remove what would outlive it. It gets 150 ms.
  void beforeHalt(Runnable removal) {
    beforeHalt = removal;
  }

  /// From now on, the command has so long to end before the JVM does.
  void haltAfter(Duration time) {
    Thread.ofPlatform().daemon().name("signals/grace").start(() -> {
      try {
        if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      halt(exitCode);
    });
  }

  /// What a command that was cut short exits with: 130 or 143 after a signal, 0 before.
  int exitCode() {
    return exitCode;
  }

  /// Signals interrupt no one any longer.
  @Override
  public void close() {
    interrupted = null;
    closed.countDown();
  }

  private void haltUnlessClosed() {
    try {
      if (closed.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    halt(exitCode);
  }

  /// Waits for the first.
  void await() throws InterruptedException {
    first.await();
  }

  /// Waits for the first, for a while.
  ///
  /// @return whether it came
  boolean await(long millis) throws InterruptedException {
    return first.await(millis, TimeUnit.MILLISECONDS);
  }
}
