package dev.heddle.cluster;

import dev.heddle.wire.Secret;
import dev.heddle.worker.WorkerOptions;
import java.util.Optional;

/// What a [LocalCluster] is made of. Each method gives a new object:
/// `ClusterOptions.DEFAULT.withWorkers(2).withChecks(true)`.
///
/// @param workers how many there are at first, at least 1
/// @param threads how many functions each runs at once
/// @param children how worker processes are started; empty for workers in this JVM
/// @param checks whether workers find out that a function changed one of its inputs
/// @param allowedFailures on so many dying workers a task may have run before it fails
/// @param doors what stands before the nodes, if anything does
/// @param secret what lets in; empty for one of its own, which nobody else knows
public record ClusterOptions(int workers, int threads, Optional<ChildOptions> children,
    boolean checks, int allowedFailures, Optional<Doors> doors, Optional<Secret> secret) {
  /// A scheduler and one worker with one thread, in this JVM.
  public static final ClusterOptions DEFAULT = new ClusterOptions(1, 1, Optional.empty(),
      Boolean.getBoolean(WorkerOptions.CHECKS), 3, Optional.empty(), Optional.empty());

  public ClusterOptions {
    if (workers < 1) {
      throw new IllegalArgumentException("a cluster has at least 1 worker, not " + workers);
    }
    if (threads < 1 || threads > WorkerOptions.THREADS_MAX) {
      throw new IllegalArgumentException("a worker has 1 to " + WorkerOptions.THREADS_MAX
          + " threads, not " + threads);
    }
    if (allowedFailures < 1) {
      throw new IllegalArgumentException("a task may have run on at least 1 dying worker before it"
          + " fails, not " + allowedFailures);
    }
    if (doors.isPresent() && children.filter(ChildOptions::schedulerToo).isPresent()) {
      throw new IllegalArgumentException("a cluster with doors has its scheduler in this JVM; leave"
          + " out schedulerToo");
    }
  }

  public ClusterOptions withWorkers(int count) {
    return new ClusterOptions(count, threads, children, checks, allowedFailures, doors, secret);
  }

  public ClusterOptions withThreads(int count) {
    return new ClusterOptions(workers, count, children, checks, allowedFailures, doors, secret);
  }

  /// Workers in child processes; the threads are those of this, not of `options`.
  public ClusterOptions withChildren(ChildOptions options) {
    return new ClusterOptions(workers, threads, Optional.of(options), checks, allowedFailures,
        doors, secret);
  }

  public ClusterOptions withChecks(boolean wanted) {
    return new ClusterOptions(workers, threads, children, wanted, allowedFailures, doors, secret);
  }

  public ClusterOptions withAllowedFailures(int count) {
    return new ClusterOptions(workers, threads, children, checks, count, doors, secret);
  }

  public ClusterOptions withDoors(Doors these) {
    return new ClusterOptions(workers, threads, children, checks, allowedFailures,
        Optional.of(these), secret);
  }

  /// A cluster that others can get into who know its secret, such as the `heddle` command with the user's own.
  public ClusterOptions withSecret(Secret known) {
    return new ClusterOptions(workers, threads, children, checks, allowedFailures, doors,
        Optional.of(known));
  }

  /// How child processes are started, all told.
  ChildOptions children(ChildOptions given) {
    var options = given.withThreads(threads);
    return checks
        ? options.withJavaOptions(java.util.stream.Stream.concat(options.javaOptions().stream(),
            java.util.stream.Stream.of("-D" + WorkerOptions.CHECKS + "=true")).toList())
        : options;
  }
}
