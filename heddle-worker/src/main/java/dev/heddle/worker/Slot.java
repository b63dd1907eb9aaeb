package dev.heddle.worker;

import dev.heddle.wire.Connection;
import dev.heddle.worker.WorkerEvent.ExecutionEnded;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One of the threads that run functions, between two functions: reports how one ended, which mostly
/// makes the core give it the next, and sees to it that what was reported is written.
///
/// To write a word at a time costs more than a short function. So what is reported is written when
/// there is nothing to run next, or the next function is not known to be short, or enough has
/// gathered. A function that is short as a rule may take long for once; then the worker's clock has it
/// written ([Links#flushSchedulers]). Belongs to the slot's process, but for
/// [#toGiveWay()].
final class Slot {
  /// What is over within this is short.
  static final long SHORT_NANOS = 50_000;
  private static final int UNWRITTEN_MAX = 64;
  private static final long UNWRITTEN_NANOS_MAX = 200_000;

  /// What the system calls its thread, if it tells.
  private final Optional<String> threadId = Niceness.idOfCurrentThread();
  /// For the worker's clock.
  private boolean givesWay;
  private final Set<Connection> unwritten = new LinkedHashSet<>();
  private int unwrittenCount;
  private long unwrittenSinceNanos;
  private boolean isReporting;
  private @Nullable Execution next;

  /// @return its thread, if it is to give way to others from now on, and does not yet
  Optional<String> toGiveWay() {
    var first = !givesWay;
    givesWay = true;
    return first ? threadId : Optional.empty();
  }

  /// Called inside a turn that this slot's thread has taken.
  ///
  /// @return false if it is not free, or has one already
  boolean offer(Execution execution) {
    if (!isReporting || next != null) {
      return false;
    }
    next = execution;
    return true;
  }

  /// Reports an end.
  ///
  /// @return what to run next, null if there is nothing
  @Nullable
  Execution report(Control control, ExecutionEnded ended) {
    isReporting = true;
    try {
      control.report(List.of(ended), unwritten);
    } finally {
      isReporting = false;
    }
    var execution = next;
    next = null;
    if (!unwritten.isEmpty() && !mayWait(execution)) {
      write();
    }
    return execution;
  }

  private boolean mayWait(@Nullable Execution execution) {
    if (execution == null
        || !execution.command.work().function().isShorterThan(SHORT_NANOS)
        || unwrittenCount == UNWRITTEN_MAX) {
      return false;
    }
    var now = System.nanoTime();
    if (unwrittenCount++ == 0) {
      unwrittenSinceNanos = now;
    }
    return now - unwrittenSinceNanos < UNWRITTEN_NANOS_MAX;
  }

  private void write() {
    unwritten.forEach(Connection::flush);
    unwritten.clear();
    unwrittenCount = 0;
  }
}
