package dev.heddle;

import dev.heddle.wire.Key;
import java.io.Serializable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The result of a task, or what will be one. The value stays on the worker that made it until
/// somebody asks for it here.
///
/// It is done when the value is stored on a worker, not when it has reached this process. A task
/// may be given it as an argument, inside an argument, or in a captured variable: then the worker
/// that runs that task gets the value from whoever has it, and there it is done.
///
/// Once the program can no longer reach it, or has closed it, the cluster lets go of the value, unless
/// an unfinished task needs it. For any number of threads.
public sealed interface RemoteFuture<T extends @Nullable Object>
    extends
      Input<T>,
      Future<T>,
      CompletionStage<T>,
      Serializable,
      AutoCloseable
    permits Handle, CapturedFuture {

  /// What the value is stored under.
  Key key();

  /// Whose task it is.
  ///
  /// @throws IllegalStateException outside a task, where it was a task's input
  Client client();

  /// Waits for the value, and fetches it. Inside a task, another task may use this one's thread
  /// meanwhile.
  ///
  /// @throws ExecutionException if the task failed; its cause is what the function threw
  /// @throws CancellationException if it was cancelled
  @Override
  T get() throws InterruptedException, ExecutionException;

  /// [#get()], for a while.
  ///
  /// @throws TimeoutException if that was not enough; the message says what the task waits for
  @Override
  T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException;

  /// Cancels the task, unless it is done: this future ends at once with a [CancellationException],
  /// as do those of tasks that need its value.
  ///
  /// @param mayInterruptIfRunning if true, the function is interrupted if it runs, and is run for
  ///     nobody else either; if false, it goes on to its end if it runs, and is run only if somebody
  ///     else wants it
  /// @return false if it was done
  @Override
  boolean cancel(boolean mayInterruptIfRunning);

  /// The value is no longer wanted; closing it again does nothing. A future that is not done is
  /// cancelled for this client by that.
  @Override
  void close();
}
