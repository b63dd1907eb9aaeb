package dev.heddle.code;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A [RemoteFunction] of any number of arguments of one type: `parts -> merge(parts)`.
@FunctionalInterface
public interface TaskN<A extends @Nullable Object, R extends @Nullable Object>
    extends
      RemoteFunction {
  /// @param arguments
  ///          all of them, unmodifiable
  R call(List<A> arguments) throws Exception;

  // The type is the caller's promise, as with every generic method; a wrong one shows inside the
  // function as a ClassCastException. That a lambda gives `call` is what the interface is for.
  @SuppressWarnings({"unchecked", "FunctionalInterfaceMethodChanged"})
  @Override
  default @Nullable Object apply(@Nullable Object[] arguments) throws Exception {
    return call((List<A>) Collections.unmodifiableList(Arrays.asList(arguments)));
  }
}
