package dev.heddle.code;

import dev.heddle.wire.Address;
import dev.heddle.wire.Key;
import dev.heddle.wire.Secret;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What surrounds a function while a worker runs it, and while its captured values are read: the
/// worker's side of everything that a function can ask for beyond its arguments.
///
/// For the thread that runs the function, and those to which it hands the scope on.
public interface TaskScope {
  /// The scope of the function that this thread runs; empty outside a task.
  static Optional<TaskScope> current() {
    return TaskScopes.CURRENT.isBound() ? Optional.of(TaskScopes.CURRENT.get()) : Optional.empty();
  }

  /// Calls `body` inside a scope.
  static <T extends @Nullable Object> T in(TaskScope scope, Callable<T> body) throws Exception {
    return ScopedValue.where(TaskScopes.CURRENT, scope).call(body::call);
  }

  /// The key of the task.
  Key key();

  /// The worker's name.
  String worker();

  /// The value of a task that this one was submitted to depend on: an input that its function
  /// captured.
  ///
  /// @throws IllegalStateException if it is none of this task's inputs
  @Nullable
  Object input(Key key);

  /// The scheduler that gave this worker the task; empty if it was asked for directly.
  Optional<Address> scheduler();

  /// The secret of the worker's cluster, to talk to that scheduler.
  Secret secret();

  /// The classes of this node, which the function's own are among.
  CodeBases codeBases();

  /// Waits for something while another function may have this one's slot.
  ///
  /// @param wait blocks until what it waits for has come
  <T extends @Nullable Object> T withoutSlot(Callable<T> wait) throws Exception;

  /// Memory for the task's result from which it goes over to workers of the same host without a copy,
  /// with whatever was in it before.
  ///
  /// @return empty if this worker has no such memory, or none left
  default Optional<MemorySegment> allocate(long sizeBytes) {
    return Optional.empty();
  }

  /// One thing for all tasks of this worker that come from the same scheduler, made when it is first
  /// asked for and closed when the worker ends.
  <T extends AutoCloseable> T shared(Class<T> type, Supplier<T> maker);
}
