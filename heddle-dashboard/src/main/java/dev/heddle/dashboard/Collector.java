package dev.heddle.dashboard;

import dev.heddle.process.Activity;
import dev.heddle.process.Body;
import dev.heddle.process.Channel;
import dev.heddle.process.Received;
import dev.heddle.web.EventFeed;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.WorkerStatus;
import dev.heddle.wire.WorkerId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the cluster how it is, and tells whoever watches: as the process *collect*.
///
/// - In: `ticks`, of which none ever comes: its end ends the process. A browser that comes first is not made
///   to wait for the next second.
/// - Out: the event `overview`, or `away` while the scheduler does not answer.
/// - Ends when `ticks` is done.
final class Collector implements Body {
  private static final Logger log = LoggerFactory.getLogger(Collector.class);
  private static final Duration WATCHED = Duration.ofSeconds(1);
  /// While nobody watches: enough for a history.
  private static final int UNWATCHED_TICKS = 5;
  /// So many workers are asked at a time, in turn.
  private static final int WORKERS_A_TICK = 64;
  private static final int ACTIVITIES_MAX = 2_000;
  /// While somebody looks at the stream.
  private static final int ACTIVITIES_STREAM_MAX = 5_000;
  private static final long STREAM_WATCHED_NANOS = 5_000_000_000L;
  private static final Activity ASKING = Activity.named("asking the workers");

  private final Cluster cluster;
  private final EventFeed feed;
  private final Spans spans;
  private final Traffic traffic;
  private final History history;
  private final Channel<Boolean> ticks = Channel.bounded("ticks of the dashboard", 4);
  /// Up to which number each worker's activities are known.
  private final Map<WorkerId, Long> known = new HashMap<>();
  private final Map<String, long[]> moved = new HashMap<>();
  private int nextWorker;
  private long lastDone = -1;
  private long lastBytes;
  private long lastMillis;
  private volatile long streamWatchedNanos = System.nanoTime() - STREAM_WATCHED_NANOS;
  private volatile Message.Status status = new Message.Status("", "", 0, List.of(), Map.of(),
      List.of());

  Collector(Cluster cluster, EventFeed feed, Spans spans, Traffic traffic, History history) {
    this.cluster = cluster;
    this.feed = feed;
    this.spans = spans;
    this.traffic = traffic;
    this.history = history;
  }

  /// Somebody has just begun to watch.
  void watched() {
    var _ = ticks.offer(true);
  }

  /// Somebody looks at what ran when.
  void streamWatched() {
    streamWatchedNanos = System.nanoTime();
  }

  /// As it was last.
  Message.Status status() {
    return status;
  }

  void done() {
    ticks.done();
  }

  @Override
  public void run() throws InterruptedException {
    try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var tick = 0;; tick++) {
        var watched = feed.listeners() > 0;
        if (watched || tick % UNWATCHED_TICKS == 0) {
          collect(watched, askers);
        }
        if (ticks.receiveOrDone(WATCHED) instanceof Received.Done) {
          return;
        }
      }
    }
  }

  private void collect(boolean watched, ExecutorService askers) throws InterruptedException {
    try {
      status = cluster.ask(new Message.AskStatus(), Message.Status.class);
      var series = cluster.ask(new Message.AskSeries(), Message.Series.class);
      if (watched) {
        activities(status.workers(), askers);
      }
      var point = point(series);
      feed.publish("overview", overview(series, point));
    } catch (IOException e) {
      log.debug("the page cannot say how the cluster is: {}", e.getMessage());
      feed.publish("away", new Json().object().add("reason", String.valueOf(e.getMessage()))
          .add("at", System.currentTimeMillis()).endObject().toString());
    }
  }

  // --- what workers did

  private record Answer(WorkerId worker, Message.Activities activities) {}

  private void activities(List<WorkerStatus> workers, ExecutorService askers)
      throws InterruptedException {
    var limit = System.nanoTime() - streamWatchedNanos < STREAM_WATCHED_NANOS
        ? ACTIVITIES_STREAM_MAX
        : ACTIVITIES_MAX;
    var asked = new ArrayList<Future<Answer>>();
    for (var i = 0; i < Math.min(workers.size(), WORKERS_A_TICK); i++) {
      var worker = workers.get((nextWorker + i) % workers.size()).worker();
      var after = known.getOrDefault(worker.id(), 0L);
      asked.add(askers.submit(() -> new Answer(worker.id(), cluster.ask(worker.address(),
          new Message.AskActivities(after, limit), Message.Activities.class))));
    }
    nextWorker = workers.isEmpty() ? 0 : (nextWorker + asked.size()) % workers.size();
    var deadline = System.nanoTime() + WATCHED.toNanos();
    try (var _ = ASKING.begin()) {
      for (var each : asked) {
        take(each, deadline);
      }
    }
    var living = new ArrayList<WorkerId>();
    workers.forEach(worker -> living.add(worker.worker().id()));
    known.keySet().retainAll(living);
  }

  private void take(Future<Answer> asked, long deadline) throws InterruptedException {
    try {
      var answer = asked.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      var before = known.put(answer.worker, answer.activities.last());
      spans.add(answer.worker.name(), answer.activities.activities(),
          before != null && answer.activities.lost());
      traffic.add(answer.worker.name(), answer.activities.activities());
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      asked.cancel(true);
      log.debug("a worker does not say what it did: {}", e.toString());
    }
  }

  // --- what is told

  private History.Point point(Message.Series series) {
    var done = series.lines().stream().mapToLong(Message.SeriesLine::done).sum();
    var bytes = traffic.bytes();
    var seconds = Math.max(0.05, (series.atEpochMillis() - lastMillis) / 1_000.0);
    var tasks = status.tasks();
    var running = status.workers().stream().mapToInt(WorkerStatus::running).sum();
    var point = new History.Point(series.atEpochMillis(),
        lastDone < 0 ? 0 : Math.max(0, done - lastDone) / seconds,
        lastDone < 0 ? 0 : Math.max(0, bytes - lastBytes) / seconds, running,
        tasks.getOrDefault("waiting", 0L) + tasks.getOrDefault("queued", 0L));
    lastDone = done;
    lastBytes = bytes;
    lastMillis = series.atEpochMillis();
    history.add(point);
    return point;
  }

  private String overview(Message.Series series, History.Point point) {
    var json = new Json().object().add("at", series.atEpochMillis())
        .add("scheduler", status.scheduler()).add("address", cluster.scheduler().toString())
        .add("started", status.startedEpochMillis()).add("clients", status.clients().size())
        .add("moves", series.moves());
    json.array("point").add(point.epochMillis()).add(point.tasksPerSecond())
        .add(point.bytesPerSecond()).add(point.running()).add(point.waiting()).endArray();
    json.object("tasks");
    status.tasks().forEach(json::add);
    json.endObject().array("workers");
    for (var worker : status.workers()) {
      worker(json, worker, series.atEpochMillis());
    }
    json.endArray().array("series");
    for (var line : series.lines()) {
      json.object().add("name", line.name()).add("done", line.done()).add("failed", line.failed())
          .add("mean", line.meanNanos()).object("tasks");
      line.tasks().forEach(json::add);
      json.endObject().endObject();
    }
    json.endArray().add("seriesOmitted", series.omitted()).array("failures");
    for (var failure : series.failures()) {
      json.object().add("key", failure.key().text()).add("name", failure.name())
          .add("at", failure.atEpochMillis()).add("type", failure.type())
          .add("message", failure.message()).add("where", failure.where())
          .add("submitted", failure.submitted()).endObject();
    }
    moved.keySet().retainAll(status.workers().stream().map(w -> w.worker().id().name()).toList());
    return json.endArray().endObject().toString();
  }

  /// Adds what a scheduler tells of a worker.
  static Json facts(Json json, WorkerStatus worker) {
    return json.add("name", worker.worker().id().name()).add("host", worker.worker().host())
        .add("pid", worker.worker().pid()).add("address", worker.worker().address().toString())
        .add("state", worker.state()).add("threads", worker.worker().threads())
        .add("running", worker.running()).add("assigned", worker.assigned())
        .add("values", worker.values()).add("memory", worker.memoryBytes())
        .add("memoryMax", worker.memoryBytesMax()).add("disk", worker.diskBytes())
        .add("beat", worker.sinceBeatMillis());
  }

  private void worker(Json json, WorkerStatus worker, long millis) {
    var name = worker.worker().id().name();
    var in = traffic.in(name);
    var out = traffic.out(name);
    var before = moved.getOrDefault(name, new long[]{in, out, millis - 1_000});
    var seconds = Math.max(0.05, (millis - before[2]) / 1_000.0);
    moved.put(name, new long[]{in, out, millis});
    facts(json.object(), worker).add("in", in).add("out", out)
        .add("inRate", (in - before[0]) / seconds).add("outRate", (out - before[1]) / seconds)
        .endObject();
  }
}
