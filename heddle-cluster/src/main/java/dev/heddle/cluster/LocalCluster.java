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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private static final Duration PAGE_WITHIN = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration REPORT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration DEATH_REPORT_MAX = Duration.ofSeconds(10);

  private final ProcessScope scope = ProcessScope.supervising("local-cluster",
      failure -> log.error("a process of a local cluster ended by a defect", failure));
  private final Secret secret;
  private final ClusterOptions options;
  private final ChildOptions childOptions;
  private final Endpoint endpoint;
  private final ConnectionPool connections;
  private final Map<String, InsideWorker> inside = new LinkedHashMap<>();
  private final List<ChildNode> children = new ArrayList<>();
  private final Map<ChildNode, Address> addresses = new LinkedHashMap<>();
  private final Map<String, Doors.Door> doors = new LinkedHashMap<>();
  private Address address = ANY_PORT;
  private @Nullable Scheduler scheduler;
  private @Nullable ChildNode schedulerChild;
  private @Nullable Client client;
  private volatile boolean closing;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch pageAsked = new CountDownLatch(1);
  private final CountDownLatch pageTried = new CountDownLatch(1);

  private LocalCluster(ClusterOptions options) {
    this.options = options;
    childOptions = options.children(options.children().orElse(ChildOptions.DEFAULT));
    secret = options.secret().orElseGet(Secret::generate);
    scope.start("warm up", Kind.PLATFORM, secret::warmUp);
    endpoint = new Endpoint(EndpointConfig.of(Hello.Role.CLIENT, "local-cluster", secret),
        (_, _) -> {});
    connections = new ConnectionPool(endpoint);
  }

  /// Starts a cluster; returns when its workers take requests.
  ///
  /// @throws IOException if a node does not start; with its last words, if it is a process
  public static LocalCluster start(ClusterOptions options)
      throws IOException, InterruptedException {
    return options.children().isPresent() ? startProcesses(options) : awaited(startInJvm(options));
  }

  /// Starts a whole cluster inside this JVM: the same code, the same sockets, one debugger.
  ///
  /// @param workers how many, at least 1
  /// @param threads how many functions each runs at once
  /// @throws IOException if it cannot listen
  public static LocalCluster inJvm(int workers, int threads)
      throws IOException, InterruptedException {
    return start(ClusterOptions.DEFAULT.withWorkers(workers).withThreads(threads));
  }

  private static LocalCluster awaited(LocalCluster cluster)
      throws IOException, InterruptedException {
    try {
      cluster.awaitInside();
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /// As [#inJvm], but returns when clients can connect; see [#awaitInside].
  static LocalCluster startInJvm(ClusterOptions options) throws IOException, InterruptedException {
    var cluster = new LocalCluster(options);
    try {
      cluster.startScheduler();
      for (var i = 1; i <= options.workers(); i++) {
        cluster.startInside("worker-" + i);
      }
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private synchronized InsideWorker startInside(String name) throws IOException {
    var here = Objects.requireNonNull(scheduler);
    // They share a heap.
    var memory = MemoryOptions.ofThisProcess();
    memory = memory.withBytesMax(Math.max(1, memory.bytesMax() / options.workers()));
    var its = WorkerOptions.of(name, secret).withThreads(options.threads()).withMemory(memory)
        .withChecks(options.checks());
    var door = door(name);
    if (door.isPresent()) {
      its = its.withAdvertisedHost(door.get().address().toString());
    }
    var worker = new InsideWorker(its, here.store(), door);
    scope.start("start " + name, Kind.PLATFORM, worker);
    inside.put(name, worker);
    return worker;
  }

  private synchronized Optional<Doors.Door> door(String node) throws IOException {
    if (options.doors().isEmpty()) {
      return Optional.empty();
    }
    var door = options.doors().get().before(node);
    doors.put(node, door);
    return Optional.of(door);
  }

  /// Waits until the workers in this JVM take requests.
  ///
  /// @throws IOException if one does not start
  void awaitInside() throws IOException, InterruptedException {
    for (var worker : insideWorkers()) {
      worker.await();
    }
  }

  /// Serves a page about this cluster, where one is on the class path. It comes a moment later, or when somebody
  /// waits for it, so that whoever waits for a first result does not wait for that too, and a short program goes
  /// without.
  synchronized void servePage() {
    var here = Objects.requireNonNull(scheduler);
    scope.start("page", Kind.VIRTUAL, () -> {
      try {
        var _ = pageAsked.await(PAGE_AFTER.toMillis(), TimeUnit.MILLISECONDS);
        var providers = ServiceLoader.load(PageProvider.class).iterator();
        if (closed.getCount() > 0 && providers.hasNext()) {
          servePage(providers.next(), here);
        }
      } finally {
        pageTried.countDown();
      }
    });
  }

  private void servePage(PageProvider provider, Scheduler here) throws InterruptedException {
    try (var page = provider.serve(address, secret)) {
      log.info("the page of this cluster: {}", page.uri());
      here.announcePage(page.uri(), false);
      pageTried.countDown();
      closed.await();
    } catch (IOException e) {
      log.warn("this cluster has no page: {}", e.getMessage());
    }
  }

  /// Waits until the page can be opened, or it is known that there is none.
  void awaitPage() throws InterruptedException {
    pageAsked.countDown();
    if (!pageTried.await(PAGE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
      log.warn("the page of this cluster is not there after {} s", PAGE_WITHIN.toSeconds());
    }
  }

  private synchronized List<InsideWorker> insideWorkers() {
    return List.copyOf(inside.values());
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
    return startProcesses(ClusterOptions.DEFAULT.withWorkers(workers)
        .withThreads(options.threads()).withChildren(options));
  }

  private static LocalCluster startProcesses(ClusterOptions options)
      throws IOException, InterruptedException {
    var cluster = new LocalCluster(options);
    try {
      cluster.startScheduler();
      var started = new ArrayList<ChildNode>();
      for (var i = 1; i <= options.workers(); i++) {
        started.add(cluster.startChild("worker-" + i));
      }
      for (var child : started) {
        cluster.ready(child);
      }
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private synchronized void startScheduler() throws IOException, InterruptedException {
    if (options.children().isPresent() && childOptions.schedulerToo()) {
      var child = ChildNode.start("scheduler", SchedulerMain.class,
          List.of(address.toString(), secret.textForChild(),
              String.valueOf(options.allowedFailures())),
          childOptions, scope);
      schedulerChild = child;
      address = child.awaitReady(childOptions.startTimeout());
      return;
    }
    var its = schedulerOptions(secret, address, options.allowedFailures(),
        options.children().isPresent());
    var door = door("scheduler");
    if (door.isPresent()) {
      its = its.withAdvertisedHost(door.get().address().toString());
    }
    var here = Scheduler.start(its);
    door.ifPresent(open -> open.leadsTo(here.listensAt()));
    scheduler = here;
    address = here.address();
  }

  /// @param toldOfDeaths whether it is told of every death, so that it can wait for the word
  static SchedulerOptions schedulerOptions(Secret secret, Address listen, int allowedFailures,
      boolean toldOfDeaths) {
    return SchedulerOptions.of(secret).withListen(listen)
        .withSettings(usual -> new SchedulerConfig(usual.namespace(), allowedFailures,
            usual.clientPatience(), usual.settleWithin(),
            toldOfDeaths ? DEATH_REPORT_MAX : usual.deathReportWithin(), usual.queueAhead()));
  }

  private synchronized ChildNode startChild(String name) throws IOException {
    var door = door(name);
    var child = ChildNode.start(name, WorkerMain.class,
        List.of(name, String.valueOf(options.threads()), address.toString(), secret.textForChild(),
            door.map(open -> open.address().toString()).orElse("")),
        childOptions, scope);
    children.add(child);
    return child;
  }

  private void ready(ChildNode child) throws IOException, InterruptedException {
    var where = child.awaitReady(childOptions.startTimeout());
    synchronized (this) {
      var door = doors.get(child.name());
      if (door != null) {
        door.leadsTo(where);
      }
      addresses.put(child, door == null ? where : door.address());
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

  /// Starts one more worker, in this JVM or in a process, wherever the others are.
  ///
  /// @throws IOException if it does not start
  public void startWorker(String name) throws IOException, InterruptedException {
    if (options.children().isPresent()) {
      addWorker(name);
    } else {
      startInside(name).await();
    }
  }

  /// Has a worker die, as if its machine had lost its power: its process is killed. In this JVM, its connections are
  /// cut off, its functions interrupted, and its values are gone.
  ///
  /// @throws IllegalArgumentException if there is no such worker
  public void crash(String name) throws InterruptedException {
    Doors.Door door;
    InsideWorker here;
    Optional<ChildNode> child;
    synchronized (this) {
      door = doors.get(name);
      here = inside.remove(name);
      child = children.stream().filter(each -> each.name().equals(name) && each.isAlive())
          .findFirst();
    }
    if (here == null && child.isEmpty()) {
      throw new IllegalArgumentException("this cluster has no worker '" + name + "' that lives");
    }
    if (door != null) {
      door.close();
    }
    child.ifPresent(ChildNode::kill);
    if (here != null) {
      here.close();
    }
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
    return connect(ClientOptions.DEFAULT);
  }

  /// As [#connect()], with options of the client's own; its secret is this cluster's.
  public Client connect(ClientOptions its) throws IOException {
    return Heddle.connect(address.toString(), its.secret(secret));
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

  /// What workers hold now, by their names: keys and sizes, at most `max` of each. Empty where the scheduler is a
  /// process of its own.
  public Map<String, List<Message.Entry>> valuesHeld(int max)
      throws IOException, InterruptedException {
    Scheduler here;
    synchronized (this) {
      here = scheduler;
    }
    var held = new LinkedHashMap<String, List<Message.Entry>>();
    if (here != null) {
      for (var worker : here.store().workers()) {
        var name = worker.id().name();
        var entries = here.store().hasWhat(name, Optional.empty(), max).entries();
        if (!entries.isEmpty()) {
          held.put(name, entries);
        }
      }
    }
    return held;
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

  /// Ends the client, the workers, by force after 5 s, and the scheduler. Before workers that are processes the
  /// scheduler ends, which would warn of their deaths otherwise.
  @Override
  public synchronized void close() {
    closing = true;
    closed.countDown();
    pageAsked.countDown();
    if (client != null) {
      client.close();
    }
    try {
      if (scheduler != null && inside.isEmpty()) {
        scheduler.close();
      }
      for (var worker : inside.values()) {
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
      doors.values().forEach(Doors.Door::close);
      scope.stop();
      scope.close();
    }
  }
}
