package dev.heddle;

import dev.heddle.code.RemoteFunction;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Combines its arguments from left to right.
record Fold<T extends @Nullable Object>(Task2<T, T, T> function)
    implements
      RemoteFunction,
      FunctionInfo.Wrapping {
  /// So many neighbours are combined by one task.
  static final int WIDTH = 8;

  // The arguments are of the type that the caller's futures promise, null included.
  @SuppressWarnings({"unchecked", "NullAway"})
  @Override
  public @Nullable Object apply(@Nullable Object[] arguments) throws Exception {
    var result = (T) arguments[0];
    for (var i = 1; i < arguments.length; i++) {
      result = function.call(result, (T) arguments[i]);
    }
    return Outcomes.checked(result);
  }

  /// Submits a tree of folds.
  ///
  /// @param submit one fold over some futures
  static <T extends @Nullable Object> RemoteFuture<T> tree(List<? extends RemoteFuture<T>> futures,
      Task2<T, T, T> function,
      BiFunction<Fold<T>, List<RemoteFuture<T>>, RemoteFuture<T>> submit) {
    if (futures.isEmpty()) {
      throw new IllegalArgumentException(
          "there is nothing to reduce: the list of futures is empty; give at least one");
    }
    var fold = new Fold<>(function);
    List<RemoteFuture<T>> level = List.copyOf(futures);
    while (level.size() > 1) {
      var next = new java.util.ArrayList<RemoteFuture<T>>(level.size() / WIDTH + 1);
      for (var from = 0; from < level.size(); from += WIDTH) {
        var some = level.subList(from, Math.min(level.size(), from + WIDTH));
        next.add(some.size() == 1 ? some.getFirst() : submit.apply(fold, some));
      }
      level = next;
    }
    return level.getFirst();
  }
}
