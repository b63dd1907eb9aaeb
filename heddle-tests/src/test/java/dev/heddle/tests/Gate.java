package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Where functions of this JVM wait until the test lets them pass. Captured by a function, it is the
/// same gate there.
record Gate(int number) implements Serializable {
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final Map<Integer, Sides> SIDES = new ConcurrentHashMap<>();
  private static final long PATIENCE_SECONDS = 60;

  private record Sides(Semaphore came, CountDownLatch opened) {}

  static Gate closed() {
    var gate = new Gate(NUMBERS.incrementAndGet());
    SIDES.put(gate.number, new Sides(new Semaphore(0), new CountDownLatch(1)));
    return gate;
  }

  private Sides sides() {
    if (SIDES.get(number) instanceof Sides sides) {
      return sides;
    }
    throw new IllegalStateException("there is no gate " + number + " in this JVM");
  }

  /// In a function: says that it is here, and waits to be let pass.
  void pass() throws InterruptedException {
    var sides = sides();
    sides.came.release();
    if (!sides.opened.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the test did not open the gate " + number);
    }
  }

  /// In a function: says that it is here, and waits on though it is interrupted.
  ///
  /// @return how often it was interrupted
  int passStubbornly() {
    var interrupts = 0;
    var sides = sides();
    sides.came.release();
    while (true) {
      try {
        if (sides.opened.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          return interrupts;
        }
        throw new IllegalStateException("the test did not open the gate " + number);
      } catch (InterruptedException e) {
        interrupts++;
        sides.came.release();
      }
    }
  }

  /// Waits for one more function to come, or to be interrupted at the gate.
  void awaitOne() throws InterruptedException {
    assertThat(sides().came.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .as("a function came to the gate").isTrue();
  }

  /// How many are here that nobody has awaited.
  int waiting() {
    return sides().came.availablePermits();
  }

  void open() {
    sides().opened.countDown();
  }
}
