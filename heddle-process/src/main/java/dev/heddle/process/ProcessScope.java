package dev.heddle.process;

import static java.util.Objects.requireNonNull;

import java.lang.StackWalker.StackFrame;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts processes and answers for them: none outlives the scope, and no failure is lost.
///
/// ```java
/// try (var scope = ProcessScope.open("worker-3")) {
///   scope.start("worker-3/control", Kind.PLATFORM, control);
///   scope.start("worker-3/execute", Kind.PLATFORM, execute);
///   scope.join();
/// }
/// ```
///
/// A process that fails stops its siblings, and [#join] throws its failure. In a scope opened by
/// [#supervising], a handler decides about each failure and the siblings go on, so that the defect
/// of one connection doesn't stop a server. Stopping is interrupting, once; a process ends by
/// letting the interrupt pass through, which is no failure then.
///
/// Scopes nest. One that is opened inside a process belongs to that process, which joins and closes
/// it: its failure becomes that process's failure, and an interrupt of that process stops it. One
/// that is made by [#nest] belongs to this scope: it stops when this one does, and its failure is
/// this one's.
///
/// Any thread may start processes, at any time until the scope is stopped.
public final class ProcessScope implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessScope.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final int SUPPRESSED_MAX = 20;
  private static final AtomicLong LAST_ID = new AtomicLong();
  private static final int OPENERS_MAX = 32;
  private static final StackWalker STACK = StackWalker.getInstance();

  private final String name;
  private final List<ScopeInfo> path;
  /// Of a scope that is in no other: who opened it.
  private final List<StackFrame> openedBy;
  private final @Nullable ProcessScope parent;
  private final boolean partOfParent;
  private final @Nullable FailureHandler handler;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All below is guarded by the lock. A nested scope's lock is never taken while holding this one.
  private final Set<NamedProcess> processes = new LinkedHashSet<>();
  private final Set<ProcessScope> nested = new LinkedHashSet<>();
  private Duration stopTimeout = STOP_TIMEOUT;
  private boolean stopping;
  private long stopDeadlineNanos;
  private boolean ended;
  private boolean reported;
  private @Nullable ProcessFailedException failure;

  private ProcessScope(String name, @Nullable ProcessScope parent, boolean partOfParent,
      @Nullable FailureHandler handler) {
    this.name = requireNonNull(name);
    this.parent = parent;
    this.partOfParent = partOfParent;
    this.handler = handler;
    var path = new ArrayList<ScopeInfo>(parent == null ? List.of() : parent.path);
    path.add(new ScopeInfo(LAST_ID.incrementAndGet(), name));
    this.path = List.copyOf(path);
    openedBy = parent == null
        ? STACK.walk(frames -> frames.limit(OPENERS_MAX).toList())
        : List.of();
  }

  /// A scope in which the first failure stops all. Inside a process, it is nested in that
  /// process's scope.
  public static ProcessScope open(String name) {
    return opened(name, null);
  }

  /// A scope in which `handler` decides about each failure, and the siblings of what failed go on.
  /// Inside a process, it is nested in that process's scope.
  public static ProcessScope supervising(String name, FailureHandler handler) {
    return opened(name, requireNonNull(handler));
  }

  /// A scope that is a part of this one, in which the first failure stops all, and this scope too.
  public ProcessScope nest(String name) {
    return nested(new ProcessScope(name, this, true, null));
  }

  /// A scope that is a part of this one, in which `handler` decides about each failure. What the
  /// handler throws stops both.
  public ProcessScope nest(String name, FailureHandler handler) {
    return nested(new ProcessScope(name, this, true, requireNonNull(handler)));
  }

  /// Sets how long processes are given to end after they were interrupted, before [#join] and
  /// [#close] say that they did not: 10 s unless set.
  ///
  /// @return this
  public ProcessScope stopWithin(Duration timeout) {
    lock.lock();
    try {
      stopTimeout = timeout;
    } finally {
      lock.unlock();
    }
    return this;
  }

  public String name() {
    return name;
  }

  /// Starts a process on a new thread, which bears its name.
  ///
  /// @param name as shown to people in logs, thread dumps and [Processes#snapshot]; need not be
  ///     unique
  /// @throws ScopeStoppedException if the scope is stopping or was closed
  public NamedProcess start(String name, Kind kind, Body body) {
    var process = new NamedProcess(name, kind, this, caller(), body);
    lock.lock();
    try {
      if (stopping) {
        throw new ScopeStoppedException(this.name, name,
            failure == null
                ? "was stopped"
                : "was stopped by the failure of `" + failure.process() + "`");
      }
      processes.add(process);
    } finally {
      lock.unlock();
    }
    Processes.add(process);
    boolean started = false;
    try {
      process.start();
      started = true;
    } finally {
      if (!started) {
        remove(process);
      }
    }
    return process;
  }

  /// Waits until every process has ended, those of the scopes made by [#nest] too.
  ///
  /// @throws ProcessFailedException if one failed; the others have been stopped and have ended
  /// @throws ProcessesStillRunningException if the scope was stopped and not all ended in time.
  ///     After a failure this is suppressed by the failure.
  /// @throws InterruptedException if the current thread was interrupted; nothing is stopped by
  ///     that, [#close] does it
  public void join() throws InterruptedException {
    checkNotInside("wait for");
    try (var _ = Activity.waitingToEnd("scope", name, this::awaited).begin()) {
      awaitEnd(Long.MAX_VALUE);
    }
    report(problem());
  }

  /// Like [#join()], for at most `timeout`.
  ///
  /// @return false if the time was up first
  public boolean join(Duration timeout) throws InterruptedException {
    checkNotInside("wait for");
    try (var _ = Activity.waitingToEnd("scope", name, this::awaited).begin()) {
      if (!awaitEnd(Waits.nanos(timeout))) {
        return false;
      }
    }
    report(problem());
    return true;
  }

  /// Interrupts every process, and lets no other start. Does not wait.
  public void stop() {
    List<NamedProcess> toInterrupt;
    List<ProcessScope> toStop;
    lock.lock();
    try {
      if (stopping) {
        return;
      }
      stopping = true;
      stopDeadlineNanos = System.nanoTime()
          + Math.min(Waits.nanos(stopTimeout), Long.MAX_VALUE / 2);
      toInterrupt = List.copyOf(processes);
      toStop = parts();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    var current = NamedProcess.currentOrNull();
    for (var process : toInterrupt) {
      if (process != current) {
        process.stop();
      }
    }
    toStop.forEach(ProcessScope::stop);
  }

  /// Stops every process and waits for them to end, in limited time, even if the current thread is
  /// interrupted (which it still is afterwards). Scopes that were opened in this one's processes
  /// and not closed are closed too.
  ///
  /// @throws ProcessFailedException if a process failed and no [#join] told of it
  /// @throws ProcessesStillRunningException if not all ended in time: which, and what they are
  ///     doing
  @Override
  public void close() {
    checkNotInside("close");
    var problem = end();
    if (parent != null) {
      parent.left(this);
    }
    report(problem);
  }

  @Override
  public String toString() {
    lock.lock();
    try {
      return "scope `" + name + "`, " + processes.size() + " processes";
    } finally {
      lock.unlock();
    }
  }

  int nestedCount() {
    lock.lock();
    try {
      return nested.size();
    } finally {
      lock.unlock();
    }
  }

  /// What somebody waits for who waits for the end of all here.
  private Await awaited() {
    var all = new ArrayList<NamedProcess>();
    addAll(all);
    return new Await("waits for the end of scope `" + name + "`", name, all, true, true);
  }

  private void addAll(List<NamedProcess> to) {
    List<ProcessScope> parts;
    lock.lock();
    try {
      to.addAll(processes);
      parts = parts();
    } finally {
      lock.unlock();
    }
    parts.forEach(part -> part.addAll(to));
  }

  List<ScopeInfo> path() {
    return path;
  }

  /// The calls that opened the outermost scope around this, innermost first.
  List<StackFrame> outermostOpenedBy() {
    return parent == null ? openedBy : parent.outermostOpenedBy();
  }

  /// Called by `process` as the last thing it does.
  void ended(NamedProcess process, @Nullable Throwable thrown) {
    if (thrown != null && !isStop(process, thrown)) {
      var failed = new ProcessFailedException(process, thrown);
      if (handler == null || !handles(handler, failed)) {
        fail(failed);
      }
    }
    remove(process);
  }

  private static ProcessScope opened(String name, @Nullable FailureHandler handler) {
    var owner = NamedProcess.currentOrNull();
    return owner == null
        ? new ProcessScope(name, null, false, handler)
        : owner.scope().nested(new ProcessScope(name, owner.scope(), false, handler));
  }

  private ProcessScope nested(ProcessScope scope) {
    lock.lock();
    try {
      if (stopping && scope.partOfParent) {
        throw new ScopeStoppedException(name, scope.name, "was stopped");
      }
      nested.add(scope);
    } finally {
      lock.unlock();
    }
    return scope;
  }

  private void left(ProcessScope scope) {
    lock.lock();
    try {
      nested.remove(scope);
    } finally {
      lock.unlock();
    }
  }

  private void remove(NamedProcess process) {
    Processes.remove(process);
    lock.lock();
    try {
      processes.remove(process);
      if (processes.isEmpty()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isStop(NamedProcess process, Throwable thrown) {
    lock.lock();
    try {
      if (!stopping && !process.isStopping()) {
        return false;
      }
    } finally {
      lock.unlock();
    }
    for (var cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException || cause instanceof ClosedByInterruptException
          || cause instanceof ScopeStoppedException) {
        return true;
      }
    }
    return false;
  }

  private static boolean handles(FailureHandler handler, ProcessFailedException failed) {
    try {
      handler.failed(failed);
      return true;
    } catch (Throwable thrown) {
      if (thrown != failed) {
        failed.addSuppressed(thrown);
      }
      return false;
    }
  }

  private void fail(ProcessFailedException failed) {
    boolean kept = false;
    lock.lock();
    try {
      if (!ended) {
        if (failure == null) {
          failure = failed;
          kept = true;
        } else if (failure.getSuppressed().length < SUPPRESSED_MAX) {
          failure.addSuppressed(failed);
          kept = true;
        }
      }
    } finally {
      lock.unlock();
    }
    if (!kept) {
      LOG.error("scope `{}` has ended or had too many failures to tell of this one", name, failed);
    }
    stop();
    if (partOfParent && parent != null) {
      parent.fail(failed);
    }
  }

  private @Nullable RuntimeException end() {
    stop();
    awaitEndUninterruptibly();
    var problem = problem();
    List<ProcessScope> left;
    lock.lock();
    try {
      ended = true;
      left = List.copyOf(nested);
      nested.clear();
    } finally {
      lock.unlock();
    }
    for (var scope : left) {
      var more = scope.end();
      if (more == null || (scope.partOfParent && more instanceof ProcessFailedException)) {
        continue; // a failure of a part was told to this scope when it happened
      }
      if (problem == null) {
        problem = more;
      } else {
        problem.addSuppressed(more);
      }
    }
    return problem;
  }

  /// Waits until all have ended, or the time to do so after a stop is up.
  ///
  /// @return false if `timeoutNanos` was up first
  private boolean awaitEnd(long timeoutNanos) throws InterruptedException {
    long startNanos = System.nanoTime();
    while (true) {
      List<ProcessScope> parts;
      lock.lockInterruptibly();
      try {
        while (!processes.isEmpty()) {
          long left = timeoutNanos - (System.nanoTime() - startNanos);
          long leftToStop = stopping ? stopDeadlineNanos - System.nanoTime() : Long.MAX_VALUE;
          if (leftToStop <= 0) {
            return true;
          }
          if (left <= 0) {
            return false;
          }
          long _ = changed.awaitNanos(Math.min(left, leftToStop));
        }
        parts = parts();
      } finally {
        lock.unlock();
      }
      for (var part : parts) {
        if (!part.awaitEnd(timeoutNanos - (System.nanoTime() - startNanos))) {
          return false;
        }
      }
      if (isQuiet() && parts.stream().allMatch(ProcessScope::isQuiet)) {
        return true;
      }
    }
  }

  private void awaitEndUninterruptibly() {
    boolean interrupted = false;
    try (var _ = Activity.waitingToEnd("scope", name, this::awaited).begin()) {
      while (true) {
        try {
          awaitEnd(Long.MAX_VALUE);
          return;
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean isQuiet() {
    lock.lock();
    try {
      return processes.isEmpty() || (stopping && stopDeadlineNanos - System.nanoTime() <= 0);
    } finally {
      lock.unlock();
    }
  }

  private List<ProcessScope> parts() {
    return nested.stream().filter(scope -> scope.partOfParent).toList();
  }

  /// What went wrong so far: the first failure, and who did not end.
  private @Nullable RuntimeException problem() {
    lock.lock();
    try {
      if (processes.isEmpty()) {
        return failure;
      }
      var running = new ProcessesStillRunningException(name, stopTimeout, List.copyOf(processes));
      if (failure == null) {
        return running;
      }
      if (!reported) {
        failure.addSuppressed(running);
      }
      return failure;
    } finally {
      lock.unlock();
    }
  }

  private void report(@Nullable RuntimeException problem) {
    lock.lock();
    try {
      if (problem == null || (reported && ended)) {
        return;
      }
      reported = true;
    } finally {
      lock.unlock();
    }
    throw problem;
  }

  private void checkNotInside(String verb) {
    var current = NamedProcess.currentOrNull();
    for (var scope = current == null
        ? null
        : current.scope(); scope != null; scope = scope.parent) {
      if (scope == this) {
        throw new IllegalStateException(
            "process `" + requireNonNull(current).name() + "` cannot " + verb
                + " scope `" + name + "`, in which it runs itself: call stop(), or return");
      }
    }
  }

  private static StackFrame caller() {
    var self = ProcessScope.class.getName();
    return STACK.walk(
        frames -> frames.filter(frame -> !frame.getClassName().equals(self)).findFirst()
            .orElseThrow());
  }
}
