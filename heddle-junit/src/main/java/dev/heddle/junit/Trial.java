package dev.heddle.junit;

import dev.heddle.Client;
import dev.heddle.cluster.LocalCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One run of one test: its cluster, its faults, and what was there before.
final class Trial implements AutoCloseable {
  private static final long WORKERS_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long PAUSE_MILLIS = 5;

  private final String test;
  private final Setting setting;
  private final Footprint before;
  private final FaultLog log = new FaultLog();
  private @Nullable FaultyDoors doors;
  private @Nullable Crashes crashes;
  private @Nullable LocalCluster cluster;

  Trial(String test, Setting setting) {
    this.test = test;
    this.setting = setting;
    before = Footprint.now(setting.leaks());
  }

  LocalCluster cluster() throws IOException, InterruptedException {
    if (cluster instanceof LocalCluster started) {
      return started;
    }
    var started = start();
    cluster = started;
    awaitWorkers(started.client());
    if (doors != null) {
      doors.begin();
    }
    return started;
  }

  Client client() throws IOException, InterruptedException {
    return cluster().client();
  }

  /// Workers take requests a moment before the scheduler has taken them into service.
  private void awaitWorkers(Client client) throws IOException, InterruptedException {
    var deadline = System.nanoTime() + WORKERS_WITHIN_NANOS;
    var count = client.workers().size();
    while (count < setting.cluster().workers()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("only " + count + " of " + setting.cluster().workers()
            + " workers are in service after 30 s");
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      count = client.workers().size();
    }
  }

  private LocalCluster start() throws IOException, InterruptedException {
    if (setting.seed().isEmpty()) {
      return LocalCluster.start(setting.cluster());
    }
    var plan = new FaultPlan(setting.seed().get(), setting.faults(), setting.cluster().workers(),
        setting.crashes());
    var doomed = new Doomed();
    var open = new FaultyDoors(plan, log, doomed::add);
    doors = open;
    var started = LocalCluster.start(setting.cluster().withDoors(open));
    var these = new Crashes(started, log, doomed);
    these.start();
    crashes = these;
    return started;
  }

  /// What the faults were, for a test that has failed.
  Optional<FaultsPlayed> faultsPlayed() {
    return doors == null
        ? Optional.empty()
        : setting.seed().map(seed -> new FaultsPlayed(seed, log));
  }

  /// Ends the faults, then the cluster.
  ///
  /// @param passed whether to look for what the test has left behind
  /// @throws LeaksFoundError if that is something
  void end(boolean passed) throws IOException, InterruptedException {
    endFaults();
    List<String> leaks = List.of();
    try {
      if (passed && cluster != null && setting.leaks().contains(Leak.KEYS)) {
        leaks = KeysLeft.in(cluster);
      }
    } finally {
      close();
    }
    if (passed) {
      leaks = new ArrayList<>(leaks);
      leaks.addAll(before.left(setting.threadsThatMayStay()));
    }
    if (!leaks.isEmpty()) {
      throw new LeaksFoundError(test, leaks);
    }
  }

  private void endFaults() throws InterruptedException {
    if (doors != null) {
      doors.end();
    }
    if (crashes != null) {
      crashes.stop();
    }
  }

  @Override
  public void close() throws InterruptedException {
    endFaults();
    if (cluster != null) {
      cluster.close();
    }
    if (doors != null) {
      doors.close();
    }
  }
}
