package dev.heddle.code;

import dev.heddle.wire.Key;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Records the runs of functions in the traces that their tasks were submitted in. Found by `ServiceLoader`
/// among the classes that have Heddle's own; without one, nothing is recorded and nothing is sent.
///
/// For any number of threads.
public interface TaskTracing {
  /// What a task that this thread submits belongs to, in words that only [#record] reads, perhaps on another
  /// node. Asked for each submission, and once for all tasks of a map.
  ///
  /// @return at most 1024 bytes of UTF-8, empty for no trace; one that is longer counts as none
  String context();

  /// Calls `function` in this thread, once, and records that. Throws what the function throws, and nothing
  /// else.
  <T extends @Nullable Object> T record(Run run, Callable<T> function) throws Exception;

  /// Packages, with those below them, of which functions that come from other programs get the classes of
  /// this node, so that what they record belongs to the same trace. Asked once, before the first class
  /// of another program is loaded.
  List<String> packages();

  /// One run of the function of one task.
  ///
  /// @param worker the name of the worker
  /// @param context what [#context] gave where the task was submitted; empty for no trace
  /// @param attempt which attempt at the task it is, from 1 on
  record Run(Key key, String worker, String context, int attempt) {}

  /// The one of this process, if there is one.
  static Optional<TaskTracing> ofThisProcess() {
    return TaskTracings.FOUND;
  }
}
