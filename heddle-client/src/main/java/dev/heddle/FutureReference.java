package dev.heddle;

import dev.heddle.code.TaskScope;
import dev.heddle.wire.Key;
import java.io.InvalidObjectException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// What a future is while it travels in a function or argument. Where it arrives it is a future
/// again, one that is done.
sealed interface FutureReference extends Serializable {
  /// The value of a task, which the worker has among the inputs.
  record Stored(String key) implements FutureReference {
    // Called by serialization, which takes any object.
    @SuppressWarnings({"UnusedMethod", "FutureReturnValueIgnored"})
    private Object readResolve() throws InvalidObjectException {
      var scope = TaskScope.current().orElseThrow(() -> new InvalidObjectException("the future '"
          + key + "' is read outside a task; it makes sense only in the function or argument of"
          + " one"));
      var of = Key.of(key);
      return new CapturedFuture<@Nullable Object>(of, scope.input(of));
    }
  }

  /// A value that a task had as an input and hands on.
  record Here(String key, @Nullable Object value) implements FutureReference {
    // Called by serialization, which takes any object.
    @SuppressWarnings({"UnusedMethod", "FutureReturnValueIgnored"})
    private Object readResolve() {
      return new CapturedFuture<>(Key.of(key), value);
    }
  }
}
