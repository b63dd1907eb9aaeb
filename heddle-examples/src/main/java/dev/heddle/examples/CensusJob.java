package dev.heddle.examples;

import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.ChildWorker;
import dev.heddle.cluster.LocalCluster;
import dev.heddle.code.Task1;
import dev.heddle.code.Task2;
import dev.heddle.process.Channel;
import dev.heddle.process.Kind;
import dev.heddle.process.ProcessScope;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Activity;
import dev.heddle.worker.TaskFailedException;
import dev.heddle.worker.WorkerClient;
import dev.heddle.worker.WorkerNetwork;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes a census on worker processes: counts each unit on some worker, and merges the partial
/// results in a tree whose steps fetch from each other, worker to worker.
///
/// This is a scheduler for one job, written out: which unit runs where, what may be merged, and what
/// has to be done again when a worker dies. One process decides ([#run]); one more for each task
/// under way waits for its end and tells it.
public final class CensusJob {
  /// A unit, and one more so that a worker never waits for its next.
  private static final int TASKS_PER_THREAD = 2;
  private static final int UNDER_WAY_MAX = 4096;
  /// How long after its connection a process that dies may take to be dead.
  private static final Duration DEATH_MAX = Duration.ofSeconds(2);

  /// Is told how far the job is.
  public interface Progress {
    /// @param done how many steps are done, of `all`
    void at(int done, int all, String what);

    /// Something happened that whoever watches should know.
    void said(String what);
  }

  /// A partial result on a worker.
  ///
  /// @param units which units it counts
  private record Partial(Key key, ChildWorker worker, long sizeBytes, BitSet units) {}

  /// A task under way.
  ///
  /// @param inputs what it merges; empty for one that counts a unit
  private record Flight(Key key, ChildWorker worker, List<Partial> inputs, BitSet units) {
    int mergedUnits() {
      return inputs.isEmpty() ? 0 : units.cardinality();
    }
  }

  /// How a task ended.
  ///
  /// @param failure null if it did what it was to do
  private record Landed(Flight flight, long sizeBytes, @Nullable Exception failure) {}

  private final ClassSource.Listing listing;
  private final LocalCluster cluster;
  private final WorkerNetwork network;
  private final Progress progress;
  private final Map<ChildWorker, WorkerClient> clients = new LinkedHashMap<>();
  private final Map<ChildWorker, Integer> underWay = new HashMap<>();
  private final ArrayDeque<Integer> toCount = new ArrayDeque<>();
  private final List<Partial> partials = new ArrayList<>();
  private final Channel<Landed> landings = Channel.bounded("landings", UNDER_WAY_MAX);
  private final int tasksPerWorker;
  private final List<String> incidents = new ArrayList<>();
  private int flights;
  /// How many units the merges under way are about.
  private int mergingUnits;
  private int tasks;

  private CensusJob(ClassSource.Listing listing, LocalCluster cluster, WorkerNetwork network,
      int threads, Progress progress) {
    this.listing = listing;
    this.cluster = cluster;
    this.network = network;
    this.progress = progress;
    this.tasksPerWorker = threads * TASKS_PER_THREAD;
  }

  /// Starts worker processes, takes the census, and ends them.
  ///
  /// A worker that dies costs time, not the result, as long as one is left.
  ///
  /// @param workers how many worker processes
  /// @throws IOException if they do not start, or all of them die
  public static Run run(ClassSource.Listing listing, int workers, ChildOptions options,
      Progress progress) throws IOException, InterruptedException {
    progress.at(0, listing.units().size(), "starting " + Figures.counted(workers, "worker"));
    try (var cluster = LocalCluster.processes(workers, options);
        var network = WorkerNetwork.open("census", cluster.secret())) {
      return new CensusJob(listing, cluster, network, options.threads(), progress).run();
    }
  }

  private Run run() throws IOException, InterruptedException {
    var started = Instant.now();
    var startedNanos = System.nanoTime();
    for (var worker : cluster.workers()) {
      clients.put(worker, network.worker(cluster.addressOf(worker)));
    }
    for (var unit = 0; unit < listing.units().size(); unit++) {
      toCount.add(unit);
    }
    PartialCensus census = null;
    try (var scope = ProcessScope.open("census")) {
      while (census == null) {
        var all = countAndMerge(scope);
        census = all == null ? PartialCensus.NONE : fetch(all);
      }
    }
    var elapsed = Duration.ofNanos(System.nanoTime() - startedNanos);
    return history(started, elapsed, census);
  }

  /// @return the one partial result that counts all units; null if there are none
  private @Nullable Partial countAndMerge(ProcessScope scope)
      throws IOException, InterruptedException {
    while (true) {
      startWhatCanStart(scope);
      if (flights == 0 && partials.size() <= 1 && toCount.isEmpty()) {
        return partials.isEmpty() ? null : partials.getFirst();
      }
      if (flights == 0) {
        throw new IllegalStateException("nothing is under way, yet there is more to do");
      }
      landed(landings.receive());
      reportProgress();
    }
  }

  private void startWhatCanStart(ProcessScope scope) throws IOException, InterruptedException {
    for (var free = freest(); free != null && !toCount.isEmpty(); free = freest()) {
      var unit = toCount.remove();
      var units = new BitSet();
      units.set(unit);
      Task1<WorkUnit, PartialCensus> count = Census::of;
      start(scope, new Flight(nextKey("count", unit), free, List.of(), units), count,
          listing.units().get(unit));
    }
    for (var pair = pairToMerge(); pair != null; pair = pairToMerge()) {
      partials.removeAll(pair);
      var units = (BitSet) pair.getFirst().units().clone();
      units.or(pair.getLast().units());
      var larger = pair.getFirst().sizeBytes() >= pair.getLast().sizeBytes()
          ? pair.getFirst()
          : pair.getLast();
      Task2<PartialCensus, PartialCensus, PartialCensus> merge = PartialCensus::merge;
      start(scope, new Flight(nextKey("merge", units.cardinality()), larger.worker(), pair, units),
          merge, pair.getFirst().key(), pair.getLast().key());
    }
  }

  private Key nextKey(String kind, int number) {
    return Key.of("census/" + kind + "-" + number + "/" + ++tasks);
  }

  /// The living worker with the least to do, if it may be given more.
  private @Nullable ChildWorker freest() throws IOException {
    if (clients.isEmpty()) {
      throw new IOException("no worker is left to go on with the census; "
          + String.join("; ", incidents));
    }
    ChildWorker best = null;
    for (var worker : clients.keySet()) {
      if (best == null || underWay(worker) < underWay(best)) {
        best = worker;
      }
    }
    return best == null || underWay(best) >= tasksPerWorker ? null : best;
  }

  private int underWay(ChildWorker worker) {
    return underWay.getOrDefault(worker, 0);
  }

  /// Two of one worker, if there are, since that moves nothing, and of like size, since that copies
  /// least; any two once all is counted.
  private @Nullable List<Partial> pairToMerge() {
    for (var i = 0; i < partials.size(); i++) {
      for (var j = i + 1; j < partials.size(); j++) {
        if (isWorthMerging(partials.get(i), partials.get(j))) {
          return List.of(partials.get(i), partials.get(j));
        }
      }
    }
    var allCounted = toCount.isEmpty() && flights == 0;
    return allCounted && partials.size() >= 2 ? List.of(partials.get(0), partials.get(1)) : null;
  }

  private static boolean isWorthMerging(Partial one, Partial other) {
    var fewer = Math.min(one.units().cardinality(), other.units().cardinality());
    var more = Math.max(one.units().cardinality(), other.units().cardinality());
    return one.worker() == other.worker() && more <= 2 * fewer;
  }

  private void start(ProcessScope scope, Flight flight, dev.heddle.code.RemoteFunction function,
      Object... arguments) {
    flights++;
    mergingUnits += flight.mergedUnits();
    underWay.merge(flight.worker(), 1, Integer::sum);
    var client = clients.get(flight.worker());
    scope.start("await " + flight.key(), Kind.VIRTUAL, () -> {
      Landed landed;
      try {
        if (client == null) {
          throw new IOException(flight.worker() + " is gone");
        }
        var computed = client.compute(flight.key(), function, arguments);
        landed = new Landed(flight, computed.sizeBytes(), null);
      } catch (IOException | RuntimeException e) {
        landed = new Landed(flight, 0, e);
      }
      landings.send(landed);
    });
  }

  private void landed(Landed landed) throws InterruptedException {
    var flight = landed.flight();
    flights--;
    mergingUnits -= flight.mergedUnits();
    underWay.merge(flight.worker(), -1, Integer::sum);
    switch (landed.failure()) {
      case null -> partials
          .add(new Partial(flight.key(), flight.worker(), landed.sizeBytes(), flight.units()));
      case TaskFailedException failed when !lostAnInput(flight) -> throw failed;
      case Exception failure -> {
        if (!(failure instanceof TaskFailedException)) {
          lost(flight.worker(), failure);
        }
        doAgain(flight);
      }
    }
  }

  /// Whether a merge failed because a worker that had one of its inputs is gone.
  private boolean lostAnInput(Flight flight) throws InterruptedException {
    for (var input : flight.inputs()) {
      if (clients.get(input.worker()) instanceof WorkerClient client) {
        try {
          client.ping();
        } catch (IOException e) {
          lost(input.worker(), e);
        }
      }
    }
    return flight.inputs().stream().anyMatch(input -> !clients.containsKey(input.worker()));
  }

  /// A worker is gone, and with it what only it had.
  private void lost(ChildWorker worker, Exception how) throws InterruptedException {
    if (clients.remove(worker) != null) {
      var incident = worker.deathWithin(DEATH_MAX)
          .orElse(worker + " was given up: " + how.getMessage());
      incidents.add(incident);
      progress.said(incident + (clients.isEmpty() ? "" : "; doing again what only it had"));
    }
    for (var partial : List.copyOf(partials)) {
      if (partial.worker() == worker) {
        partials.remove(partial);
        countAgain(partial.units());
      }
    }
  }

  private void doAgain(Flight flight) {
    if (flight.inputs().isEmpty()) {
      countAgain(flight.units());
    }
    for (var input : flight.inputs()) {
      if (clients.containsKey(input.worker())) {
        partials.add(input);
      } else {
        countAgain(input.units());
      }
    }
  }

  private void countAgain(BitSet units) {
    units.stream().forEach(toCount::add);
  }

  private void reportProgress() {
    var counted = partials.stream().mapToInt(partial -> partial.units().cardinality()).sum()
        + mergingUnits;
    progress.at(counted, listing.units().size(), toCount.isEmpty() ? "merging" : "counting");
  }

  /// @return null if the worker is lost, and the result with it
  private @Nullable PartialCensus fetch(Partial all) throws InterruptedException {
    try {
      var client = clients.get(all.worker());
      return client == null ? null : (PartialCensus) client.get(all.key());
    } catch (IOException e) {
      lost(all.worker(), e);
      return null;
    }
  }

  // --- what happened

  private Run history(Instant started, Duration elapsed, PartialCensus census)
      throws InterruptedException {
    var shares = new ArrayList<Run.WorkerShare>();
    var ran = new ArrayList<TaskSpan>();
    var moved = new ArrayList<TransferSpan>();
    var zeroMicros = started.getEpochSecond() * 1_000_000 + started.getNano() / 1_000;
    for (var each : List.copyOf(clients.entrySet())) {
      var name = each.getKey().name();
      try {
        var facts = each.getValue().info().facts();
        shares.add(new Run.WorkerShare(name, Long.parseLong(facts.getOrDefault("values", "0")),
            Long.parseLong(facts.getOrDefault("bytes", "0"))));
        for (var activity : each.getValue().activity()) {
          switch (activity) {
            case Activity.Ran(var key, var slot, var from, var to, var succeeded) ->
              ran.add(new TaskSpan(name, Math.max(0, slot - 1), kindOf(key), key.text(),
                  nanos(from, zeroMicros), nanos(to, zeroMicros)));
            case Activity.Fetched(var peer, var key, var count, var bytes, var from, var to) ->
              moved.add(new TransferSpan(peer, name,
                  count == 1 ? key.text() : key + " and " + (count - 1) + " more", bytes,
                  nanos(from, zeroMicros), nanos(to, zeroMicros)));
          }
        }
      } catch (IOException e) {
        // Too late to matter to the counts; what it ran is not known any more.
        lost(each.getKey(), e);
      }
    }
    return new Run(listing.title(), started, elapsed, null, census, listing.skips(), incidents,
        shares, ran, moved);
  }

  private static String kindOf(Key key) {
    return key.text().startsWith("census/merge") ? "merge" : "count";
  }

  private static long nanos(long epochMicros, long zeroMicros) {
    return Math.max(0, (epochMicros - zeroMicros) * 1_000);
  }
}
