package dev.heddle.process;

/// What a process does, from top to bottom.
@FunctionalInterface
public interface Body {
  /// Returning ends the process; throwing fails it. An [InterruptedException] says that the process
  /// was asked to stop: let it pass.
  void run() throws Exception;
}
