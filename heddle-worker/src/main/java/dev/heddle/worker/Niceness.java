package dev.heddle.worker;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes threads give way to what else runs on the host (`nice(1)`), on Linux. By the command `renice`,
/// since the JVM takes no notice of a thread's priority there; where it is missing, nothing changes. A
/// thread gives way for ever, since only the superuser may take that back, and so do the threads and
/// processes that it starts. Belongs to the worker's clock, but for [#idOfCurrentThread()].
final class Niceness {
  private static final Logger LOG = LoggerFactory.getLogger(Niceness.class);
  private static final Path STATE = Path.of("/proc/thread-self/stat");
  /// Of the words behind the thread's name, which the third field of proc_pid_stat(5) begins.
  private static final int NICE_WORD = 19 - 3;

  private final int target;
  private boolean isPossible;

  /// @param by how much threads give way, to a thread such as this one; 0 for not at all
  static Niceness by(int by) {
    var own = by == 0 ? Optional.<Integer>empty() : ofCurrentThread();
    return new Niceness(own.orElse(0) + by, own.isPresent());
  }

  private Niceness(int target, boolean isPossible) {
    this.target = Math.min(target, WorkerOptions.NICE_MAX);
    this.isPossible = isPossible;
  }

  /// @param threads by the names that the system has for them
  void lower(List<String> threads) {
    if (!isPossible || threads.isEmpty()) {
      return;
    }
    var command = new ArrayList<>(List.of("renice", String.valueOf(target), "-p"));
    command.addAll(threads);
    try {
      new ProcessBuilder(command).redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD)
          .start().getOutputStream().close();
    } catch (IOException e) {
      isPossible = false;
      LOG.debug("functions that run long don't give way to others", e);
    }
  }

  /// @return the system's name for it; empty if it tells none
  static Optional<String> idOfCurrentThread() {
    return stateOfCurrentThread().map(state -> state.substring(0, state.indexOf(' ')));
  }

  static Optional<Integer> ofCurrentThread() {
    return stateOfCurrentThread().map(state -> Integer.valueOf(
        state.substring(state.lastIndexOf(')') + 2).split(" ", -1)[NICE_WORD]));
  }

  private static Optional<String> stateOfCurrentThread() {
    try {
      return Files.exists(STATE) ? Optional.of(Files.readString(STATE)) : Optional.empty();
    } catch (IOException e) {
      LOG.debug("{} cannot be read", STATE, e);
      return Optional.empty();
    }
  }
}
