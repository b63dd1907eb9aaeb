package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.worker.WorkerCommand.Execute;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A function from the command to its end. Locked to be interrupted or to end, never both.
final class Execution {
  final Execute command;
  private @Nullable Thread thread;
  private boolean cancelled;
  private long cancelledNanos;
  /// How many of its threads wait.
  private int waiting;

  Execution(Execute command) {
    this.command = command;
  }

  /// A function that was cancelled and goes on.
  record Stuck(Key key, long cancelledNanos, List<StackTraceElement> stack) {}

  /// @return whether to go on
  synchronized boolean begin() {
    thread = Thread.currentThread();
    return !cancelled;
  }

  /// After this, no interrupt comes; one that came is gone.
  synchronized void end() {
    thread = null;
    if (cancelled) {
      Thread.interrupted();
    }
  }

  synchronized void cancel() {
    if (!cancelled) {
      cancelled = true;
      cancelledNanos = System.nanoTime();
    }
    if (thread != null) {
      thread.interrupt();
    }
  }

  synchronized @Nullable Stuck stuckSince(long beforeNanos) {
    return cancelled && thread != null && cancelledNanos - beforeNanos < 0
        ? new Stuck(command.key(), cancelledNanos, List.of(thread.getStackTrace()))
        : null;
  }

  /// @return whether it is the first of its threads that waits now
  synchronized boolean waits() {
    return waiting++ == 0;
  }

  /// @return whether none of its threads waits any more
  synchronized boolean goesOn() {
    return --waiting == 0;
  }
}
