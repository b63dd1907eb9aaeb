package dev.heddle.examples;

import dev.heddle.cluster.ChildNode;
import dev.heddle.cluster.LocalCluster;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Activity;
import dev.heddle.worker.WorkerNetwork;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the workers of a cluster ran and moved, looked at now and then, so that it is known of those
/// too that die.
final class WorkerHistory implements AutoCloseable {
  private final LocalCluster cluster;
  private final CensusJob.Progress progress;
  private final WorkerNetwork network;
  private final Map<ChildNode, Run.WorkerShare> shares = new LinkedHashMap<>();
  private final Map<ChildNode, List<Activity>> activities = new LinkedHashMap<>();
  private final List<ChildNode> alive;
  private final List<String> incidents = new ArrayList<>();

  WorkerHistory(LocalCluster cluster, CensusJob.Progress progress) throws IOException {
    this.cluster = cluster;
    this.progress = progress;
    network = WorkerNetwork.open("census", cluster.secret());
    alive = new ArrayList<>(cluster.workers());
  }

  boolean noWorkerIsLeft() {
    return alive.isEmpty();
  }

  List<String> incidents() {
    return List.copyOf(incidents);
  }

  /// Asks every living worker what it has done so far.
  void look() throws InterruptedException {
    for (var worker : List.copyOf(alive)) {
      if (worker.death().isPresent()) {
        lost(worker, worker.death().get());
        continue;
      }
      try {
        var client = network.worker(cluster.addressOf(worker));
        activities.put(worker, client.activity());
        var facts = client.info().facts();
        shares.put(worker,
            new Run.WorkerShare(worker.name(), Long.parseLong(facts.getOrDefault("values", "0")),
                Long.parseLong(facts.getOrDefault("bytes", "0"))));
      } catch (IOException e) {
        var death = worker.deathWithin(Duration.ofSeconds(2));
        if (death.isPresent()) {
          lost(worker, death.get());
        }
      }
    }
  }

  private void lost(ChildNode worker, String death) {
    alive.remove(worker);
    shares.remove(worker);
    incidents.add(death);
    progress.said(death + (alive.isEmpty() ? "" : "; doing again what only it had"));
  }

  Run run(ClassSource.Listing listing, Instant started, Duration elapsed, PartialCensus census)
      throws InterruptedException {
    look();
    var ran = new ArrayList<TaskSpan>();
    var moved = new ArrayList<TransferSpan>();
    var zeroMicros = started.getEpochSecond() * 1_000_000 + started.getNano() / 1_000;
    activities.forEach((worker, all) -> {
      for (var activity : all) {
        switch (activity) {
          case Activity.Ran(var key, var slot, var from, var to, var succeeded) ->
            ran.add(new TaskSpan(worker.name(), Math.max(0, slot - 1), kindOf(key),
                key.text() + (succeeded ? "" : " (failed)"), nanos(from, zeroMicros),
                nanos(to, zeroMicros)));
          case Activity.Fetched(var peer, var key, var count, var bytes, var from, var to) ->
            moved.add(new TransferSpan(peer, worker.name(),
                count == 1 ? key.text() : key + " and " + (count - 1) + " more", bytes,
                nanos(from, zeroMicros), nanos(to, zeroMicros)));
          case Activity.Spilled _ -> {
            // The page of the demo tells of who ran and moved what.
          }
        }
      }
    });
    return new Run(listing.title(), started, elapsed, null, census, listing.skips(), incidents,
        List.copyOf(shares.values()), ran, moved);
  }

  private static String kindOf(Key key) {
    return key.text().startsWith("merge") ? "merge" : "count";
  }

  private static long nanos(long epochMicros, long zeroMicros) {
    return Math.max(0, (epochMicros - zeroMicros) * 1_000);
  }

  @Override
  public void close() {
    network.close();
  }
}
