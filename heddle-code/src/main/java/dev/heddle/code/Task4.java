package dev.heddle.code;

import org.jspecify.annotations.Nullable;

/// A [RemoteFunction] of four arguments.
@FunctionalInterface
public interface Task4<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, R extends @Nullable Object>
    extends
      RemoteFunction {
  R call(A first, B second, C third, D fourth) throws Exception;

  // The types are the caller's promise, as with every generic method; a wrong one shows inside the
  // function as a ClassCastException. That a lambda gives `call` is what the interface is for.
  @SuppressWarnings({"unchecked", "NullAway", "FunctionalInterfaceMethodChanged"})
  @Override
  default @Nullable Object apply(@Nullable Object[] arguments) throws Exception {
    var given = RemoteFunction.exactly(4, arguments);
    return call((A) given[0], (B) given[1], (C) given[2], (D) given[3]);
  }
}
