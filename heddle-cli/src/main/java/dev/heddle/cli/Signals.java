package dev.heddle.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Ctrl-C and SIGTERM: the first asks the command to end well, the second ends it at once.
///
/// The JDK's only way to take a signal is `sun.misc.Signal` (module `jdk.unsupported`). It is called
/// by reflection, since the compiler's warning about its name cannot be answered for.
final class Signals implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 2_000;

  private final CountDownLatch first = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger count = new AtomicInteger();
  private volatile int exitCode;
  private volatile @Nullable Thread interrupted;

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
    try {
      var signalType = Class.forName("sun.misc.Signal");
      var handlerType = Class.forName("sun.misc.SignalHandler");
      var handler = Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{handlerType},
          (_, _, _) -> {
            came(128 + number);
            return null;
          });
      signalType.getMethod("handle", signalType, handlerType).invoke(null,
          signalType.getConstructor(String.class).newInstance(name), handler);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java runtime cannot take the signal " + name
          + "; run Heddle with a JDK 25 that has the module jdk.unsupported", e);
    }
  }

  private void came(int exitCode) {
    if (count.incrementAndGet() == 1) {
      this.exitCode = exitCode;
      first.countDown();
      if (interrupted instanceof Thread thread) {
        thread.interrupt();
        Thread.ofPlatform().daemon().name("signals/patience").start(this::haltUnlessClosed);
      }
    } else {
      // Not exit(): nothing that hangs may hold this one up.
      Runtime.getRuntime().halt(exitCode);
    }
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
    Runtime.getRuntime().halt(exitCode);
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
