package dev.heddle.cluster;

import dev.heddle.Client;
import dev.heddle.ClientOptions;
import dev.heddle.Heddle;
import dev.heddle.process.Kind;
import dev.heddle.process.ProcessScope;
import dev.heddle.scheduler.Scheduler;
import dev.heddle.scheduler.SchedulerConfig;
import dev.heddle.scheduler.SchedulerOptions;
import dev.heddle.wire.Address;
import dev.heddle.wire.ConnectionPool;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Message;
import dev.heddle.wire.Secret;
import dev.heddle.worker.MemoryOptions;
import dev.heddle.worker.WorkerOptions;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A cluster on this machine for as long as this object, or this JVM, lives: a scheduler and workers,
/// all in this JVM ([#inJvm]), or in child processes ([#processes]). Only those who are told its
/// [#secret] get in.
///
/// For any number of threads.
public final class LocalCluster implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalCluster.class);
  private static final Address ANY_PORT = new Address("127.0.0.1", 0);
  private static final Duration PAGE_AFTER = Duration.ofSeconds(1);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration REPORT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration DEATH_REPORT_MAX = Duration.ofSeconds(10);

  private final ProcessScope scope = ProcessScope.supervising("local-cluster",
      failure -> log.error("a process of a local cluster ended by a defect", failure));
  private final byte[] secretBytes = new byte[Secret.BYTES_LEAST];
  private final Secret secret;
  private final ChildOptions options;
  private final Endpoint endpoint;
  private final ConnectionPool connections;
  private final List<InsideWorker> inside = new ArrayList<>();
  private final List<ChildNode> children = new ArrayList<>();
  private final Map<ChildNode, Address> addresses = new LinkedHashMap<>();
  private Address address = ANY_PORT;
  private @Nullable Scheduler scheduler;
  private @Nullable ChildNode schedulerChild;
  private @Nullable Client client;
  private volatile boolean closing;
  private final CountDownLatch closed = new CountDownLatch(1);

  private LocalCluster(ChildOptions options) {
    this.options = options;
    new SecureRandom().nextBytes(secretBytes);
    secret = Secret.of(secretBytes);
    scope.start("warm up", Kind.PLATFORM, secret::warmUp);
    endpoint = new Endpoint(EndpointConfig.of(Hello.Role.CLIENT, "local-cluster", secret),
        (_, _) -> {});
    connections = new ConnectionPool(endpoint);
  }

  /// Starts a whole cluster inside this JVM: the same code, the same sockets, one debugger.
  ///
  /// @param workers how many, at least 1
  /// @param threads how many functions each runs at once
  /// @throws IOException if it cannot listen
  public static LocalCluster inJvm(int workers, int threads)
      throws IOException, InterruptedException {
    var cluster = startInJvm(workers, threads);
    try {
      cluster.awaitInside();
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /// As [#inJvm], but returns when clients can connect; see [#awaitInside].
  static LocalCluster startInJvm(int workers, int threads)
      throws IOException, InterruptedException {
    checkCount(workers);
    var cluster = new LocalCluster(ChildOptions.DEFAULT.withThreads(threads));
    try {
      var scheduler = Scheduler.start(SchedulerOptions.of(cluster.secret).withListen(ANY_PORT));
      cluster.scheduler = scheduler;
      cluster.address = scheduler.address();
      // They share a heap.
      var memory = MemoryOptions.ofThisProcess();
      memory = memory.withBytesMax(Math.max(1, memory.bytesMax() / workers));
      for (var i = 1; i <= workers; i++) {
        var options = WorkerOptions.of("worker-" + i, cluster.secret).withThreads(threads)
            .withMemory(memory);
        var worker = new InsideWorker(options, scheduler.store());
        cluster.scope.start("start " + options.name(), Kind.PLATFORM, worker);
        cluster.inside.add(worker);
      }
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /// Waits until the workers in this JVM take requests.
  ///
  /// @throws IOException if one does not start
  void awaitInside() throws IOException, InterruptedException {
    for (var worker : inside) {
      worker.await();
    }
  }

  /// Serves a page about this cluster, where one is on the class path. It comes a moment later, so that
  /// whoever waits for a first result does not wait for that too, and a short program goes without.
  void servePage() {
    scope.start("page", Kind.VIRTUAL, () -> {
      if (closed.await(PAGE_AFTER.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
      var providers = ServiceLoader.load(PageProvider.class).iterator();
      if (!providers.hasNext()) {
        return;
      }
      try (var page = providers.next().serve(address, secret)) {
        log.info("the page of this cluster: {}", page.uri());
        closed.await();
      } catch (IOException e) {
        log.warn("this cluster has no page: {}", e.getMessage());
      }
    });
  }

  /// Starts a cluster with workers in child processes; returns when they take requests.
  ///
  /// @param workers how many, at least 1
  /// @throws IOException if one does not start; with its last words
  public static LocalCluster processes(int workers) throws IOException, InterruptedException {
    return processes(workers, ChildOptions.DEFAULT);
  }

  /// Starts a cluster with workers in child processes; returns when they take requests.
  ///
  /// @param workers how many, at least 1
  /// @throws IOException if one does not start; with its last words
  public static LocalCluster processes(int workers, ChildOptions options)
      throws IOException, InterruptedException {
    checkCount(workers);
    var cluster = new LocalCluster(options);
    try {
      cluster.startScheduler();
      var started = new ArrayList<ChildNode>();
      for (var i = 1; i <= workers; i++) {
        started.add(cluster.startChild("worker-" + i));
      }
      for (var child : started) {
        cluster.ready(child);
      }
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.abandon();
      throw e;
    }
  }

  /// Ends it before it is whole. The scheduler first: that its workers go then is no news to it. They are not killed,
  /// so that they remove their files.
  private void abandon() {
    closing = true;
    synchronized (this) {
      if (scheduler != null) {
        scheduler.close();
      }
    }
    close();
  }

  private static void checkCount(int workers) {
    if (workers < 1) {
      throw new IllegalArgumentException("a cluster has at least 1 worker, not " + workers);
    }
  }

  private synchronized void startScheduler() throws IOException, InterruptedException {
    if (options.schedulerToo()) {
      var child = ChildNode.start("scheduler", SchedulerMain.class,
          List.of(address.toString(), secretText()), options, scope);
      schedulerChild = child;
      address = child.awaitReady(options.startTimeout());
    } else {
      var here = Scheduler.start(schedulerOptions(secret, address));
      scheduler = here;
      address = here.address();
    }
  }

  /// A scheduler that is told of every death, so that it can wait for the word.
  static SchedulerOptions schedulerOptions(Secret secret, Address listen) {
    return SchedulerOptions.of(secret).withListen(listen)
        .withSettings(usual -> new SchedulerConfig(usual.namespace(), usual.allowedFailures(),
            usual.clientPatience(), usual.settleWithin(), DEATH_REPORT_MAX, usual.queueAhead()));
  }

  private String secretText() {
    return Base64.getEncoder().encodeToString(secretBytes);
  }

  private synchronized ChildNode startChild(String name) throws IOException {
    var child = ChildNode.start(name, WorkerMain.class, List.of(name,
        String.valueOf(options.threads()), address.toString(), secretText()), options, scope);
    children.add(child);
    return child;
  }

  private void ready(ChildNode child) throws IOException, InterruptedException {
    var where = child.awaitReady(options.startTimeout());
    synchronized (this) {
      addresses.put(child, where);
    }
    scope.start(child.name() + "/watch", Kind.VIRTUAL, () -> watch(child));
  }

  /// Tells the scheduler why a worker died, which it cannot know.
  private void watch(ChildNode child) throws InterruptedException {
    child.awaitEnd();
    if (closing) {
      return;
    }
    var cause = child.death().orElse(child + " ended");
    try {
      connections.to(address).call(new Message.ReportDeath(child.name(), child.pid(), cause),
          REPORT_TIMEOUT);
    } catch (IOException e) {
      log.debug("the scheduler cannot be told that {}", cause, e);
    }
  }

  /// Starts one more worker process.
  ///
  /// @throws IOException if it does not start; with its last words
  public ChildNode addWorker(String name) throws IOException, InterruptedException {
    var child = startChild(name);
    ready(child);
    return child;
  }

  /// Starts a scheduler in the place of one whose process has died, at the same address.
  ///
  /// @throws IllegalStateException if the scheduler is no process of its own, or lives
  public void restartScheduler() throws IOException, InterruptedException {
    if (scheduler().filter(child -> !child.isAlive()).isEmpty()) {
      throw new IllegalStateException("the scheduler is in this JVM, or its process lives");
    }
    startScheduler();
  }

  /// The client of whoever started this cluster; closed with it.
  public synchronized Client client() throws IOException, InterruptedException {
    if (client == null) {
      client = connect();
    }
    return client;
  }

  /// Another client of this cluster, to be closed by the caller.
  public Client connect() throws IOException, InterruptedException {
    return Heddle.connect(address.toString(), ClientOptions.DEFAULT.secret(secret));
  }

  /// Where the scheduler is, for more workers and clients.
  public Address address() {
    return address;
  }

  /// What others need to get in.
  public Secret secret() {
    return secret;
  }

  /// The process of the scheduler, if it has its own.
  public synchronized Optional<ChildNode> scheduler() {
    return Optional.ofNullable(schedulerChild);
  }

  /// The worker processes that were started, dead ones too.
  public synchronized List<ChildNode> workers() {
    return List.copyOf(children);
  }

  /// Where a worker process is.
  public synchronized Address addressOf(ChildNode worker) {
    if (addresses.get(worker) instanceof Address where) {
      return where;
    }
    throw new IllegalArgumentException(worker + " is not of this cluster");
  }

  /// What became of the workers that are dead, for the message that says why something failed.
  public Optional<String> deaths() {
    var deaths = workers().stream().flatMap(worker -> worker.death().stream()).toList();
    return deaths.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", deaths));
  }

  private synchronized void killAll() {
    children.forEach(ChildNode::kill);
    if (schedulerChild != null) {
      schedulerChild.kill();
    }
  }

  /// Ends the client, the workers, by force after 5 s, and the scheduler.
  @Override
  public synchronized void close() {
    closing = true;
    closed.countDown();
    if (client != null) {
      client.close();
    }
    try {
      for (var worker : inside) {
        worker.close();
      }
      children.forEach(ChildNode::end);
      for (var child : children) {
        child.stop(GRACE);
      }
      if (schedulerChild != null) {
        schedulerChild.stop(GRACE);
      }
    } catch (InterruptedException e) {
      killAll();
      Thread.currentThread().interrupt();
    } finally {
      if (scheduler != null) {
        scheduler.close();
      }
      connections.close();
      endpoint.close();
      scope.stop();
      scope.close();
    }
  }
}
