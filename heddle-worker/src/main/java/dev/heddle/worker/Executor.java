package dev.heddle.worker;

import dev.heddle.process.Channel;
import dev.heddle.process.ChannelDoneException;
import dev.heddle.process.Kind;
import dev.heddle.process.ProcessScope;
import dev.heddle.process.ScopeStoppedException;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Activity;
import dev.heddle.worker.WorkerCommand.Execute;
import dev.heddle.worker.WorkerEvent.ExecutionEnded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs functions: one process a slot, on a platform thread, so that a function that burns its core
/// takes nothing from the links; and one virtual process for each function that mostly waits.
///
/// - In: `executions`, from the core, never more than there are slots.
/// - Out: one [ExecutionEnded] for each, to the core.
final class Executor {
  private static final Logger LOG = LoggerFactory.getLogger(Executor.class);

  /// A function from the command to its end. Locked to be interrupted or to end, never both.
  private static final class Execution {
    final Execute command;
    private @Nullable Thread thread;
    private boolean cancelled;
    private long cancelledNanos;

    Execution(Execute command) {
      this.command = command;
    }

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
  }

  /// A function that was cancelled and goes on.
  record Stuck(Key key, long cancelledNanos, List<StackTraceElement> stack) {}

  private record Run(Key key, long attempt) {}

  private final String worker;
  private final Functions functions;
  private final ActivityLog log;
  private final Channel<Execution> executions;
  private final Map<Run, Execution> running = new ConcurrentHashMap<>();
  private final ProcessScope scope;

  Executor(String worker, int threads, Functions functions, ActivityLog log, ProcessScope scope) {
    this.worker = worker;
    this.functions = functions;
    this.log = log;
    this.scope = scope;
    this.executions = Channel.bounded("executions " + worker, threads);
  }

  void start(int threads, Control control) {
    this.control = control;
    for (var slot = 1; slot <= threads; slot++) {
      var name = worker + "/slot-" + slot;
      var number = slot;
      scope.start(name, Kind.PLATFORM, () -> runSlot(name, number));
    }
  }

  private volatile @Nullable Control control;

  private void runSlot(String name, int slot) throws InterruptedException {
    while (executions.receiveOrDone() instanceof Execution execution) {
      run(execution, name, slot);
    }
  }

  private void run(Execution execution, String name, int slot) {
    var key = execution.command.key();
    Thread.currentThread().setName(name + " " + key);
    var started = ActivityLog.epochMicros();
    ExecutionEnded ended;
    try {
      ended = execution.begin()
          ? functions.run(execution.command)
          : functions.cancelled(execution.command);
    } finally {
      execution.end();
      running.remove(new Run(key, execution.command.attempt()));
      Thread.currentThread().setName(name);
    }
    log.add(new Activity.Ran(key, slot, started, ActivityLog.epochMicros(),
        ended instanceof ExecutionEnded.Succeeded));
    var to = control;
    if (to != null) {
      to.report(ended);
    }
  }

  /// Never waits: the core has no more executions under way than there are slots.
  void execute(Execute command) {
    var execution = new Execution(command);
    running.put(new Run(command.key(), command.attempt()), execution);
    try {
      if (command.work().blocking()) {
        var name = worker + "/blocking";
        scope.start(name + " " + command.key(), Kind.VIRTUAL, () -> run(execution, name, 0));
      } else if (!executions.offer(execution)) {
        throw new IllegalStateException("more executions than slots");
      }
    } catch (ChannelDoneException | ScopeStoppedException e) {
      LOG.debug("'{}' does not begin, since the worker ends", command.key(), e);
    }
  }

  /// Begins nothing more, and interrupts what runs. A slot ends by this rather than by an interrupt
  /// of its own, which the function that runs in it might swallow.
  void close() {
    executions.done();
    running.values().forEach(Execution::cancel);
  }

  void interrupt(Key key, long attempt) {
    var execution = running.get(new Run(key, attempt));
    if (execution != null) {
      execution.cancel();
    }
  }

  /// Functions that go on though they were cancelled before `beforeNanos`.
  List<Stuck> stuckSince(long beforeNanos) {
    var stuck = new ArrayList<Stuck>();
    for (var execution : running.values()) {
      if (execution.stuckSince(beforeNanos) instanceof Stuck one) {
        stuck.add(one);
      }
    }
    return stuck;
  }

  /// Keys whose functions run now.
  List<Key> runningKeys() {
    return running.keySet().stream().map(Run::key).sorted().toList();
  }
}
