package dev.heddle.code;

import org.jspecify.annotations.Nullable;

/// A [RemoteFunction] of two arguments.
@FunctionalInterface
public interface Task2<A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
    extends
      RemoteFunction {
  R call(A first, B second) throws Exception;

  // The types are the caller's promise, as with every generic method; a wrong one shows inside the
  // function as a ClassCastException. That a lambda gives `call` is what the interface is for.
  @SuppressWarnings({"unchecked", "NullAway", "FunctionalInterfaceMethodChanged"})
  @Override
  default @Nullable Object apply(@Nullable Object[] arguments) throws Exception {
    var given = RemoteFunction.exactly(2, arguments);
    return call((A) given[0], (B) given[1]);
  }
}
