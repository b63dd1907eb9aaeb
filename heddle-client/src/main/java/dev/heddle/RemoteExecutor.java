package dev.heddle;

import static java.util.Objects.requireNonNull;

import dev.heddle.code.RemoteFunction;
import dev.heddle.values.UnserializableValueException;
import dev.heddle.wire.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An [ExecutorService] whose tasks run on the cluster. Shutting it down leaves its client as it is.
///
/// A task is terminated when its future is done: the function of one that was cancelled may go on for a
/// while on its worker, if it does not heed the interrupt.
final class RemoteExecutor implements ExecutorService {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteExecutor.class);

  private final ClientCore core;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition terminated = lock.newCondition();
  /// What is not done, and what it was made of. Guarded by the lock.
  private final Map<Handle<?>, Runnable> pending = new LinkedHashMap<>();
  /// Guarded by the lock.
  private boolean isShutdown;

  RemoteExecutor(ClientCore core) {
    this.core = core;
  }

  // --- submitting

  // Whoever calls this does not want to know how it ends; a failure is logged.
  @SuppressWarnings("FutureReturnValueIgnored")
  @Override
  public void execute(Runnable command) {
    submit(new Calling.OfRunnable(requireNonNull(command)), command, true);
  }

  @Override
  public <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
    requireNonNull(task);
    return this.submit(new Calling.OfCallable(task), () -> runLocally(task), false);
  }

  @Override
  public Future<?> submit(Runnable task) {
    return submit(new Calling.OfRunnable(requireNonNull(task)), task, false);
  }

  /// The result stays here: it is the very object that was given.
  @Override
  public <T extends @Nullable Object> Future<T> submit(Runnable task, T result) {
    return new Calling.WithResult<>(submit(task), result);
  }

  /// What [#shutdownNow] gives for a callable.
  private static void runLocally(Callable<?> task) {
    try {
      task.call();
    } catch (Exception e) {
      throw new IllegalStateException("the task failed: " + e, e);
    }
  }

  // The function gives what its type says.
  @SuppressWarnings("unchecked")
  private <T extends @Nullable Object> Handle<T> submit(RemoteFunction function, Runnable origin,
      boolean isLogged) {
    checkOpen();
    Handle<T> handle;
    try {
      handle = (Handle<T>) core.submitter().submit(function, List.of(), TaskOptions.NONE);
    } catch (UnserializableValueException e) {
      throw new RejectedExecutionException("a task of this executor travels to a worker, and this"
          + " one " + e.getMessage() + ". A lambda is serializable if it is cast:"
          + " (Callable<Long> & Serializable) () -> …; or use client.submit", e);
    } catch (ClientClosedException | ClusterUnavailableException e) {
      throw new RejectedExecutionException(String.valueOf(e.getMessage()), e);
    }
    lock.lock();
    try {
      if (isShutdown) {
        handle.cancel(true);
        throw shut();
      }
      pending.put(handle, origin);
    } finally {
      lock.unlock();
    }
    if (!core.ledger().await(handle.entry(), null, new Waiter() {
      @Override
      void wake() {
        done(handle, isLogged);
      }
    })) {
      done(handle, isLogged);
    }
    return handle;
  }

  private void checkOpen() {
    lock.lock();
    try {
      if (isShutdown) {
        throw shut();
      }
    } finally {
      lock.unlock();
    }
  }

  private RejectedExecutionException shut() {
    return new RejectedExecutionException("the executor of " + core + " was shut down");
  }

  private void done(Handle<?> handle, boolean isLogged) {
    if (isLogged) {
      log(handle);
    }
    lock.lock();
    try {
      pending.remove(handle);
      if (pending.isEmpty()) {
        terminated.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private static void log(Handle<?> handle) {
    switch (handle.entry().outcome) {
      case Outcome.Failed failed ->
        LOG.warn("'{}', which was given to execute(), failed: {}", handle.key(), failed.failure);
      case Outcome.Ended(var cause) when !(cause instanceof ClientClosedException) -> LOG
          .warn("'{}', which was given to execute(), was lost: {}", handle.key(),
              cause.getMessage());
      case Outcome.Ended _,Outcome.Decoded _,Outcome.Encoded _,Outcome.Elsewhere _ -> {
      }
      case Outcome.Cancelled _,Outcome.Closed _ -> {
      }
      case null -> throw new IllegalStateException("'" + handle.key() + "' is not done");
    }
  }

  // --- many at once

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks) throws InterruptedException {
    return invokeAll(tasks, false, 0);
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException {
    return invokeAll(tasks, true, System.nanoTime() + unit.toNanos(timeout));
  }

  private <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks, boolean limited, long deadlineNanos)
      throws InterruptedException {
    tasks.forEach(task -> requireNonNull(task));
    var futures = new ArrayList<Future<T>>(tasks.size());
    var isDone = false;
    try {
      for (var task : tasks) {
        futures.add(submitOfMany(task));
      }
      isDone = withoutSlot(() -> {
        for (var future : futures) {
          var entry = ((Handle<T>) future).entry();
          if (!core.reading().awaitDone(entry, limited, deadlineNanos)) {
            return false;
          }
        }
        return true;
      });
      return futures;
    } finally {
      if (!isDone) {
        futures.forEach(future -> future.cancel(true));
      }
    }
  }

  /// Waits so that, inside a task, another task may use this one's thread.
  private static boolean withoutSlot(Reading.Wait<Boolean> wait) throws InterruptedException {
    try {
      return Reading.withoutSlot(wait);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("waiting for an end does not end so", e);
    }
  }

  /// Of an interrupt, those that submit many are told as such.
  private <T extends @Nullable Object> Handle<T> submitOfMany(Callable<T> task)
      throws InterruptedException {
    try {
      return (Handle<T>) submit(task);
    } catch (RejectedExecutionException e) {
      if (e.getCause() instanceof InterruptedException && Thread.interrupted()) {
        throw (InterruptedException) new InterruptedException(e.getMessage()).initCause(e);
      }
      throw e;
    }
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    try {
      return invokeAny(tasks, false, 0);
    } catch (TimeoutException e) {
      throw new AssertionError("nobody set a limit", e);
    }
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks,
      long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return invokeAny(tasks, true, unit.toNanos(timeout));
  }

  private <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks,
      boolean limited, long nanos)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("there are no tasks; give at least one");
    }
    tasks.forEach(task -> requireNonNull(task));
    var deadline = System.nanoTime() + nanos;
    var futures = new ArrayList<RemoteFuture<T>>(tasks.size());
    try {
      for (var task : tasks) {
        futures.add(submitOfMany(task));
      }
      var completions = new Completions<>(futures);
      ExecutionException failure = null;
      while (completions.hasNext()) {
        var next = limited ? completions.next(deadline) : completions.next();
        if (next == null) {
          throw new TimeoutException(ErrorCode.WAIT_TOO_LONG.of("none of " + futures.size()
              + " tasks succeeded within " + Texts.of(java.time.Duration.ofNanos(nanos))));
        }
        try {
          return next.get();
        } catch (ExecutionException e) {
          failure = e;
        } catch (CancellationException e) {
          failure = new ExecutionException(e);
        }
      }
      throw requireNonNull(failure);
    } finally {
      futures.forEach(future -> future.cancel(true));
    }
  }

  // --- the end

  @Override
  public void shutdown() {
    lock.lock();
    try {
      isShutdown = true;
      if (pending.isEmpty()) {
        terminated.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits a little for the cluster to say which tasks had not begun. The functions of those that it
  /// gives were never called, and will not be.
  @Override
  public List<Runnable> shutdownNow() {
    Map<Handle<?>, Runnable> stopped;
    lock.lock();
    try {
      isShutdown = true;
      stopped = new LinkedHashMap<>(pending);
    } finally {
      lock.unlock();
    }
    var notBegun = new Stopping(core).stop(stopped.keySet().stream().map(Handle::entry).toList());
    var origins = new ArrayList<Runnable>();
    stopped.forEach((handle, origin) -> {
      if (notBegun.contains(handle.entry())) {
        origins.add(origin);
      }
      handle.cancel(true);
    });
    return origins;
  }

  @Override
  public boolean isShutdown() {
    lock.lock();
    try {
      return isShutdown;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isTerminated() {
    lock.lock();
    try {
      return isShutdown && pending.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    var nanos = unit.toNanos(timeout);
    return isTerminated() || withoutSlot(() -> awaitTermination(nanos));
  }

  private boolean awaitTermination(long nanos) throws InterruptedException {
    var left = nanos;
    lock.lockInterruptibly();
    try {
      while (!isShutdown || !pending.isEmpty()) {
        if (left <= 0) {
          return false;
        }
        left = terminated.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "executor of " + core;
  }
}
