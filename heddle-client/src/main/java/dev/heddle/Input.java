package dev.heddle;

import org.jspecify.annotations.Nullable;

/// What a function is called with: the value of another task ([RemoteFuture]), or a value that
/// travels along ([#of]).
public sealed interface Input<T extends @Nullable Object> permits RemoteFuture, GivenInput {
  /// A value among futures: `client.submit((a, b) -> a + b, future, Input.of(3))`.
  static <T extends @Nullable Object> Input<T> of(T value) {
    return new GivenInput<>(value);
  }
}
