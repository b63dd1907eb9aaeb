package dev.heddle.process;

/// How a wait of limited time ended.
///
/// ```java
/// switch (source.receiveOrDone(Duration.ofSeconds(3))) {
///   case Received.Item(var reply) -> handle(reply);
///   case Received.TimedOut() -> ping();
///   case Received.Done() -> leave();
/// }
/// ```
///
public sealed interface Received<T> {
  /// There was something in time.
  record Item<T>(T value) implements Received<T> {}

  /// The channel (for a [Select]: every channel) is done and empty.
  record Done<T>() implements Received<T> {}

  /// The time is up, and nothing came.
  record TimedOut<T>() implements Received<T> {}
}
