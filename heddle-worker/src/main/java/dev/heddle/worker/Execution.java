package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.worker.WorkerCommand.Execute;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// A function from the command to its end. Locked to be interrupted or to end, never both.
final class Execution {
  /// What the lines that a function logs carry, where it is not known to be short: its key and its worker.
  static final String MDC_KEY = "heddle.key";
  static final String MDC_WORKER = "heddle.worker";

  final Execute command;
  private final String worker;
  private @Nullable Thread thread;
  /// What the thread is called between functions; null as long as it is called so.
  private @Nullable String nameBefore;
  private long begunNanos;
  /// Whether what it logs carries its key.
  private boolean isInLog;
  private boolean cancelled;
  private long cancelledNanos;
  /// How many of its threads wait.
  private int waiting;

  Execution(Execute command, String worker) {
    this.command = command;
    this.worker = worker;
  }

  /// A function that was cancelled and goes on.
  record Stuck(Key key, long cancelledNanos, List<StackTraceElement> stack) {}

  /// Runs on this thread from now on, which gets the key into its name: at once, or, since it costs more
  /// than a short function, when the function turns out not to be short ([#nameIfBegun]).
  ///
  /// @param name of the thread
  /// @return whether to go on
  synchronized boolean begin(String name, long nowNanos) {
    thread = Thread.currentThread();
    begunNanos = nowNanos;
    if (!command.work().function().isShorterThan(Slot.SHORT_NANOS)) {
      name(name);
      MDC.put(MDC_KEY, command.key().text());
      MDC.put(MDC_WORKER, worker);
      isInLog = true;
    }
    return !cancelled;
  }

  /// @param beforeNanos when at the latest
  synchronized void nameIfBegun(long beforeNanos) {
    if (thread instanceof Thread running && nameBefore == null && begunNanos - beforeNanos < 0) {
      name(running.getName());
    }
  }

  /// @param beforeNanos when at the latest
  synchronized Optional<Thread> threadIfBegun(long beforeNanos) {
    return thread != null && begunNanos - beforeNanos < 0 ? Optional.of(thread) : Optional.empty();
  }

  private void name(String before) {
    if (thread instanceof Thread running) {
      nameBefore = before;
      running.setName(before + " " + command.key());
    }
  }

  /// After this, no interrupt comes; one that came is gone, also one that the function left behind. The
  /// end of the worker is none of them: a slot ends with its channel.
  synchronized void end() {
    if (thread instanceof Thread running && nameBefore instanceof String before) {
      running.setName(before);
    }
    thread = null;
    if (isInLog) {
      MDC.remove(MDC_KEY);
      MDC.remove(MDC_WORKER);
    }
    Thread.interrupted();
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
