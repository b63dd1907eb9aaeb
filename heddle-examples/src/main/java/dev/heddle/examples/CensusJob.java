package dev.heddle.examples;

import dev.heddle.Client;
import dev.heddle.RemoteFuture;
import dev.heddle.TaskOptions;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.LocalCluster;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// Takes a census on worker processes: a `map` over packages, and a `reduce` in a tree whose steps
/// fetch from each other, worker to worker. A worker that dies costs time, not the result.
public final class CensusJob {
  private static final long LOOK_EVERY_MILLIS = 200;
  /// For how long a result may take when nobody is left to make it, in case one is on its way.
  private static final Duration LAST_WAIT = Duration.ofSeconds(2);

  /// Is told how far the job is.
  public interface Progress {
    /// @param done how many steps are done, of `all`
    void at(int done, int all, String what);

    /// The cluster is there, and the job begins: the moment to show it to somebody.
    ///
    /// @return what to do when the job is over
    /// @throws IOException if that fails; the job is not begun then
    default Runnable started(LocalCluster cluster) throws IOException {
      return () -> {};
    }

    /// Something happened that whoever watches should know.
    void said(String what);
  }

  private CensusJob() {}

  /// The whole job: what a user would write.
  static RemoteFuture<PartialCensus> submit(Client client, List<WorkUnit> units,
      List<RemoteFuture<PartialCensus>> counts) {
    counts.addAll(client.map(units, Census::of, TaskOptions.named("count")));
    return client.reduce(counts, PartialCensus::merge, TaskOptions.named("merge"));
  }

  /// Starts worker processes, takes the census, and ends them.
  ///
  /// @throws IOException if they do not start, or all of them die
  public static Run run(ClassSource.Listing listing, ClusterOptions options, Progress progress)
      throws IOException, InterruptedException {
    progress.at(0, listing.units().size(),
        "starting " + Figures.counted(options.workers(), "worker"));
    try (var cluster = LocalCluster.start(options);
        var history = new WorkerHistory(cluster, progress)) {
      var over = progress.started(cluster);
      try {
        var started = Instant.now();
        var startedNanos = System.nanoTime();
        var census = listing.units().isEmpty()
            ? PartialCensus.NONE
            : take(cluster, listing.units(), progress, history);
        var elapsed = Duration.ofNanos(System.nanoTime() - startedNanos);
        return history.run(listing, started, elapsed, census);
      } finally {
        over.run();
      }
    }
  }

  private static PartialCensus take(LocalCluster cluster, List<WorkUnit> units, Progress progress,
      WorkerHistory history) throws IOException, InterruptedException {
    var counts = new java.util.ArrayList<RemoteFuture<PartialCensus>>();
    var total = submit(cluster.client(), units, counts);
    var done = new CountDownLatch(1);
    total.whenComplete((_, _) -> done.countDown());
    while (!done.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
      history.look();
      if (history.noWorkerIsLeft() && !done.await(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("no worker is left to go on with the census; "
            + String.join("; ", history.incidents()));
      }
      var counted = (int) counts.stream().filter(RemoteFuture::isDone).count();
      progress.at(counted, units.size(), counted < units.size() ? "counting" : "merging");
    }
    try {
      return total.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IOException("the census failed: " + e.getMessage(), e);
    }
  }
}
