package dev.heddle.code;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// A function that can run on another node: a lambda, a method reference, or any serializable
/// object. [Task] to [Task4] and [TaskN] are the forms to write lambdas with.
///
/// What it captures travels with it and must be serializable, or a record. Its class is asked for
/// where it comes from.
@FunctionalInterface
public interface RemoteFunction extends Serializable {
  /// @param arguments
  ///          as many as the function takes; none of them may be changed, nor anything inside them
  /// @throws Exception
  ///           any; the caller gets it with its stack
  @Nullable
  Object apply(@Nullable Object[] arguments) throws Exception;

  /// The arguments, if there are `count` of them.
  ///
  /// @throws IllegalArgumentException
  ///           if there are more or fewer
  static @Nullable Object[] exactly(int count, @Nullable Object[] arguments) {
    if (arguments.length != count) {
      throw new IllegalArgumentException("the function takes " + count
          + (count == 1 ? " argument" : " arguments") + " but was called with " + arguments.length
          + "; submit it with as many values or keys as it takes");
    }
    return arguments;
  }
}
