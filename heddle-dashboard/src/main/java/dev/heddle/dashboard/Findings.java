package dev.heddle.dashboard;

import dev.heddle.wire.Address;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Activity;
import dev.heddle.wire.Message.WorkerStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// What a cluster tells of the work that it did, at one moment: what a [Report] is made of.
///
/// @param nodes the workers, by their names
/// @param silent workers that did not answer, and why
/// @param failures the last ones, as far as they are known
/// @param spans what the workers did, of each the last that there is room for
/// @param omitted how much more they did
record Findings(long atEpochMillis, Address address, Message.Status status, Message.Series series,
    Message.Values values, Node scheduler, Map<String, Node> nodes, Map<String, String> silent,
    List<Message.TaskDetail> failures,
    Spans spans, Traffic traffic, Runs runs, long omitted) {
  private static final String SCHEDULER = "scheduler";
  private static final int LARGEST_MAX = 20;
  private static final int ASKED_AT_ONCE = 64;
  /// However many workers there are.
  private static final int SHARE_LEAST = 100;
  private static final int PAGE_MAX = 5_000;
  /// More than any worker has: asks for none, and how many there were.
  private static final long BEYOND = Long.MAX_VALUE - 1;

  /// What a node says of itself, and how it introduced itself.
  record Node(Message.NodeInfo info, Hello hello) {}

  /// @param before how many activities it had before these
  private record Told(Node node, List<Activity> activities, long before) {}

  /// Asks all of them.
  ///
  /// @throws IOException if the scheduler does not answer; workers may be silent
  static Findings of(Cluster cluster) throws IOException, InterruptedException {
    var info = cluster.ask(new Message.AskInfo(), Message.NodeInfo.class);
    if (!info.role().equals(SCHEDULER)) {
      throw new IOException(ErrorCode.WRONG_ROLE.of(
          cluster.scheduler() + " is no scheduler but a " + info.role() + "; give the address of"
              + " one"));
    }
    var status = cluster.ask(new Message.AskStatus(), Message.Status.class);
    var series = cluster.ask(new Message.AskSeries(), Message.Series.class);
    var values = cluster.ask(new Message.AskValues(LARGEST_MAX), Message.Values.class);
    var scheduler = new Node(info, cluster.hello(cluster.scheduler()));
    var nodes = new LinkedHashMap<String, Node>();
    var failures = new ArrayList<Message.TaskDetail>();
    for (var failure : series.failures()) {
      failures.add(
          cluster.ask(new Message.AskTask(failure.key()), Message.TaskDetail.class));
    }
    var silent = new LinkedHashMap<String, String>();
    var spans = new Spans();
    var traffic = Traffic.ofLargest();
    var runs = new Runs();
    var omitted = 0L;
    for (var each : askWorkers(cluster, status.workers()).entrySet()) {
      var name = each.getKey();
      try {
        var told = each.getValue().get();
        nodes.put(name, told.node);
        spans.add(name, told.activities, false);
        traffic.add(name, told.activities);
        told.activities.forEach(activity -> {
          if (activity instanceof Activity.Ran ran) {
            runs.add(name, ran);
          }
        });
        omitted += told.before;
      } catch (ExecutionException e) {
        silent.put(name, messageOf(e.getCause()));
      }
    }
    return new Findings(System.currentTimeMillis(), cluster.scheduler(), status, series, values,
        scheduler, nodes, silent, failures, spans, traffic, runs, omitted);
  }

  private static String messageOf(@Nullable Throwable cause) {
    return cause == null || cause.getMessage() == null
        ? String.valueOf(cause)
        : cause.getMessage();
  }

  /// When this returns, each has answered, or failed to.
  private static Map<String, Future<Told>> askWorkers(Cluster cluster,
      List<WorkerStatus> workers) {
    var share = Math.max(SHARE_LEAST, Spans.COUNT_MAX / Math.max(1, workers.size()));
    var asked = new LinkedHashMap<String, Future<Told>>();
    var room = new Semaphore(ASKED_AT_ONCE);
    try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var worker : workers) {
        asked.put(worker.worker().id().name(), askers.submit(() -> {
          room.acquire();
          try {
            return ask(cluster, worker.worker().address(), share);
          } finally {
            room.release();
          }
        }));
      }
    }
    return asked;
  }

  private static Told ask(Cluster cluster, Address worker, int share)
      throws IOException, InterruptedException {
    var info = cluster.ask(worker, new Message.AskInfo(), Message.NodeInfo.class);
    var count = activities(cluster, worker, BEYOND, 0).last();
    var all = new ArrayList<Activity>();
    var after = Math.max(0, count - share);
    while (after < count) {
      var some = activities(cluster, worker, after,
          (int) Math.min(PAGE_MAX, count - after));
      all.addAll(some.activities());
      if (some.last() <= after) {
        break;
      }
      after = some.last();
    }
    return new Told(new Node(info, cluster.hello(worker)), all,
        Math.max(0, count - all.size()));
  }

  private static Message.Activities activities(Cluster cluster, Address worker, long after,
      int limit) throws IOException, InterruptedException {
    return cluster.ask(worker, new Message.AskActivities(after, limit),
        Message.Activities.class);
  }
}
