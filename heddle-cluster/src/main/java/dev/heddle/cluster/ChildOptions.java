package dev.heddle.cluster;

import java.time.Duration;
import java.util.List;

/// How child processes are started.
///
/// @param threads how many functions each worker runs at once
/// @param heapBytesMax each worker's largest heap, 0 for the JVM's own choice
/// @param javaOptions further options for each worker's JVM
/// @param startTimeout how long one may take until it is ready
public record ChildOptions(int threads, long heapBytesMax, List<String> javaOptions,
    Duration startTimeout) {
  public static final ChildOptions DEFAULT = new ChildOptions(1, 0, List.of(),
      Duration.ofSeconds(30));

  public ChildOptions {
    javaOptions = List.copyOf(javaOptions);
  }

  public ChildOptions withThreads(int count) {
    return new ChildOptions(count, heapBytesMax, javaOptions, startTimeout);
  }

  public ChildOptions withHeapBytesMax(long bytes) {
    return new ChildOptions(threads, bytes, javaOptions, startTimeout);
  }

  public ChildOptions withJavaOptions(List<String> options) {
    return new ChildOptions(threads, heapBytesMax, options, startTimeout);
  }
}
