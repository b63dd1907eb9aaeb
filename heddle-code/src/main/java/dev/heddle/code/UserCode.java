package dev.heddle.code;

import org.jspecify.annotations.Nullable;

/// Runs users' functions as their authors expect: with their own class loader for the context, so
/// that `ServiceLoader` and libraries find what belongs to them.
public final class UserCode {
  private UserCode() {}

  /// Runs `function` in this thread, whose context class loader is what it was before afterwards.
  ///
  /// What the function leaves in thread locals stays there, and keeps its code base from being
  /// unloaded for as long as the thread lives.
  ///
  /// @throws Exception
  ///           what the function throws
  public static @Nullable Object call(RemoteFunction function, @Nullable Object[] arguments)
      throws Exception {
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    thread.setContextClassLoader(function.getClass().getClassLoader());
    try {
      return function.apply(arguments);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
