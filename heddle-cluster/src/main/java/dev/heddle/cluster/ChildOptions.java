package dev.heddle.cluster;

import java.time.Duration;
import java.util.List;

/// How child processes are started.
///
/// @param threads how many functions each worker runs at once
/// @param heapBytesMax each worker's largest heap, 0 for the JVM's own choice
/// @param javaOptions further options for each worker's JVM; unless they choose its collector, that is G1, or
///     the serial one for a heap below 1 GiB
/// @param startTimeout how long one may take until it is ready
/// @param schedulerToo whether the scheduler is a child process as well, rather than in this JVM
public record ChildOptions(int threads, long heapBytesMax, List<String> javaOptions,
    Duration startTimeout, boolean schedulerToo) {
  public static final ChildOptions DEFAULT = new ChildOptions(1, 0, List.of(),
      Duration.ofSeconds(30), false);

  public ChildOptions {
    javaOptions = List.copyOf(javaOptions);
  }

  public ChildOptions withThreads(int count) {
    return new ChildOptions(count, heapBytesMax, javaOptions, startTimeout, schedulerToo);
  }

  public ChildOptions withHeapBytesMax(long bytes) {
    return new ChildOptions(threads, bytes, javaOptions, startTimeout, schedulerToo);
  }

  public ChildOptions withJavaOptions(List<String> options) {
    return new ChildOptions(threads, heapBytesMax, options, startTimeout, schedulerToo);
  }

  public ChildOptions withSchedulerToo(boolean wanted) {
    return new ChildOptions(threads, heapBytesMax, javaOptions, startTimeout, wanted);
  }
}
