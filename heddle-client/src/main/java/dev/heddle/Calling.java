package dev.heddle;

import dev.heddle.code.RemoteFunction;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What an executor is given, as functions.
interface Calling {
  // Serialization tells whether the callable is serializable.
  @SuppressWarnings("serial")
  record OfCallable(Callable<?> function) implements RemoteFunction, FunctionInfo.Wrapping {
    @Override
    public @Nullable Object apply(@Nullable Object[] arguments) throws Exception {
      return Outcomes.checked(function.call());
    }
  }

  // As above.
  @SuppressWarnings("serial")
  record OfRunnable(Runnable function) implements RemoteFunction, FunctionInfo.Wrapping {
    @Override
    public @Nullable Object apply(@Nullable Object[] arguments) {
      function.run();
      return null;
    }
  }

  /// The future of a runnable that was given its result beforehand.
  record WithResult<T extends @Nullable Object>(Future<?> task, T result) implements Future<T> {
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      return task.cancel(mayInterruptIfRunning);
    }

    @Override
    public boolean isCancelled() {
      return task.isCancelled();
    }

    @Override
    public boolean isDone() {
      return task.isDone();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
      task.get();
      return result;
    }

    @Override
    public T get(long timeout, TimeUnit unit)
        throws InterruptedException, ExecutionException, TimeoutException {
      task.get(timeout, unit);
      return result;
    }
  }
}
