package dev.heddle.process;

/// Decides what the failure of one process means, in a scope where it doesn't stop the others
/// ([ProcessScope#supervising]).
@FunctionalInterface
public interface FailureHandler {
  /// Called on the thread of the process that failed, as the last thing it does. Throwing (the
  /// failure or anything else) makes it the failure of the whole scope.
  void failed(ProcessFailedException failure) throws Exception;
}
