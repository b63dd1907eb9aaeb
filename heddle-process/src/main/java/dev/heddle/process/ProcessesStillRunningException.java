package dev.heddle.process;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// Processes did not end although they were interrupted. The message says what each of them is
/// doing, with its stack. They go on, and still show in [Processes#snapshot].
public final class ProcessesStillRunningException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int FRAMES_MAX = 30;

  private final List<String> processes;

  ProcessesStillRunningException(String scope, Duration waited, List<NamedProcess> processes) {
    super("scope `" + scope + "` was stopped, and after " + Waits.text(waited)
        + (processes.size() == 1 ? " a process has" : " " + processes.size() + " processes have")
        + " not ended; a process must let an interrupt pass through:"
        + processes.stream().map(ProcessesStillRunningException::describe)
            .collect(Collectors.joining()));
    this.processes = processes.stream().map(NamedProcess::name).toList();
  }

  /// The names of the processes.
  public List<String> processes() {
    return processes;
  }

  private static String describe(NamedProcess process) {
    var text = new StringBuilder("\n  ").append(process.info()).append(", started at ")
        .append(process.startedAt());
    var stack = process.thread().getStackTrace();
    for (int i = 0; i < Math.min(stack.length, FRAMES_MAX); i++) {
      text.append("\n    at ").append(stack[i]);
    }
    return stack.length > FRAMES_MAX ? text.append("\n    ...").toString() : text.toString();
  }
}
