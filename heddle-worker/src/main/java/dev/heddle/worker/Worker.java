package dev.heddle.worker;

import dev.heddle.metadata.MetadataException;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.process.Channel;
import dev.heddle.process.FlightEvents;
import dev.heddle.process.Kind;
import dev.heddle.process.ProcessScope;
import dev.heddle.process.ProcessesStillRunningException;
import dev.heddle.process.Received;
import dev.heddle.wire.Address;
import dev.heddle.wire.ConnectionPool;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import dev.heddle.worker.WorkerCommand.Fetch;
import dev.heddle.worker.WorkerCommand.Stop;
import dev.heddle.worker.WorkerEvent.DrainAsked;
import dev.heddle.worker.WorkerEvent.Tick;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A worker in this JVM: it stores values, computes on them when asked, collects those that it lacks
/// from peers, and serves those that it has. See the package's drawing for its processes.
///
/// For any number of threads.
public final class Worker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  static {
    FlightEvents.add(() -> {
      var _ = TaskEvent.isOn() || TransferEvent.isOn() || SpillEvent.isOn();
    });
  }

  private static final Duration TICK = Duration.ofMillis(50);
  /// What runs for longer is worth a name.
  private static final long LONG_NANOS = 10_000_000;
  /// What runs for longer gives way to what else runs on the host.
  private static final long GIVES_WAY_AFTER_NANOS = 1_000_000_000;
  private static final int SERVERS = 2;
  private static final int TAKERS = 2;
  private static final int SERVINGS_MAX = 256;
  private static final int SPILLS_MAX = 100_000;
  /// How long functions may take to end after their interruption when the worker ends.
  private static final Duration STOP_WITHIN = Duration.ofSeconds(2);
  /// How long it may take to leave when it is asked to by a message.
  private static final Duration RETIRE_GRACE = Duration.ofSeconds(30);
  private static final Duration STUCK_AFTER = Duration.ofSeconds(10);

  /// How a worker ended.
  ///
  /// @param lost keys whose only copy ended with it
  /// @param handedOver how many values others took
  /// @param cutShort keys whose functions ran at the end of the grace period, and were interrupted
  /// @param defect what made it end, where that was a defect of its own
  public record Ending(List<Key> lost, int handedOver, List<Key> cutShort,
      Optional<Throwable> defect) {}

  private final WorkerOptions options;
  private final WorkerInfo info;
  private final Address listensAt;
  private final long startedEpochMillis = System.currentTimeMillis();
  private final Endpoint endpoint;
  private final ConnectionPool peers;
  private final ProcessScope scope;
  private final Executor executor;
  private final Control control;
  private final Links links;
  private final Fetches fetches;
  private final StoreLink store;
  private final NodeCode code;
  private final SharedThings shared;
  private final Optional<SpillDirectory> spillDirectory;
  private final SharedMemory sharedMemory;
  private final ActivityLog activities = new ActivityLog();
  private final Channel<Tick> clock;
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean closed = new AtomicBoolean();
  private long stuckReportedUntilNanos = System.nanoTime();

  /// Starts a worker and joins the store: when this returns, it takes requests.
  ///
  /// @param metadata stays the caller's to close, after the worker
  /// @throws IOException if it cannot listen
  /// @throws MetadataException if the store cannot be reached, or another worker has the name
  public static Worker start(WorkerOptions options, MetadataStore metadata)
      throws IOException, InterruptedException {
    return new Worker(options, metadata);
  }

  private Worker(WorkerOptions options, MetadataStore metadata)
      throws IOException, InterruptedException {
    this.options = options;
    var name = options.name();
    var id = new WorkerId(name, new SecureRandom().nextLong());
    scope = ProcessScope.supervising(name, this::failed).stopWithin(STOP_WITHIN);
    clock = Channel.bounded("clock " + name, 1);
    code = new NodeCode(name);
    shared = new SharedThings(name);
    var memory = options.memory();
    var config = WorkerConfig.of(id, WorkerOptions.hostName(), options.threads(),
        MemoryBounds.of(memory.bytesMax(), memory.spillDirectory().isPresent()));
    spillDirectory = memory.spillDirectory().map(base -> new SpillDirectory(base, name,
        id.incarnation(), memory.spillBytesMax()));
    Channel<Serving> servings = Channel.bounded("servings " + name, SERVINGS_MAX);
    var printed = new Printed();
    var attached = new Message.Attached(options.threads(), options.resources(),
        memory.bytesMax());
    sharedMemory = SharedMemory.open(id, memory.sharedBytesMax());
    var serve = new Servings(servings, sharedMemory);
    links = new Links(code, serve, sharedMemory, this::nodeInfo, activities, printed, options,
        attached,
        () -> drain(RETIRE_GRACE));
    var endpointConfig = EndpointConfig.of(Hello.Role.WORKER, name, options.secret());
    if (options.advertisedHost().isPresent()) {
      endpointConfig = endpointConfig.withAdvertisedHost(options.advertisedHost().get());
    }
    endpoint = new Endpoint(endpointConfig, links);
    try {
      if (spillDirectory.isPresent()
          && !spillDirectory.get().base().equals(SpillDirectory.defaultBase())) {
        spillDirectory.get().check(); // Whoever named it is told at once what is wrong with it.
      }
      listensAt = endpoint.listen(options.listen());
      info = new WorkerInfo(id, endpoint.advertised().orElse(listensAt), config.host(),
          ProcessHandle.current().pid(), options.threads());
      peers = new ConnectionPool(endpoint);
      Channel<Fetch> connecting = Channel.bounded("fetches " + name, config.fetchesMax());
      Channel<Fetches.Copying> copies = Channel.bounded("copies " + name, config.fetchesMax());
      fetches = new Fetches(connecting, copies, peers, code, sharedMemory, activities,
          options.fetchTimeout(), config.fetchBytesMax());
      Channel<WorkerCommand> departures = Channel.bounded("departures " + name, 10_000);
      Channel<Spilling.Job> spills = Channel.bounded("spills " + name, SPILLS_MAX);
      executor = new Executor(
          new RunningTask.Node(name, code, options.secret(), shared, sharedMemory, printed),
          options, activities, scope);
      store = new StoreLink(metadata, info, options.lease(), scope);
      control = new Control(name, new WorkerState(config),
          new Outlets(links, executor, fetches, serve, departures, spills, store,
              this::stopped),
          this::failed);
      store.start(control);
      executor.start(control);
      for (var i = 1; i <= config.fetchesMax(); i++) {
        scope.start(name + "/gather-" + i, Kind.VIRTUAL,
            new Gatherer(connecting, fetches, control));
      }
      for (var i = 1; i <= TAKERS; i++) {
        // To copy must not keep others from their carriers.
        scope.start(name + "/take-" + i, Kind.PLATFORM, new Taker(copies, fetches, control));
      }
      var lanes = new Lanes();
      for (var i = 1; i <= SERVERS; i++) {
        scope.start(name + "/serve-" + i, Kind.PLATFORM,
            new Server(servings, code, sharedMemory, lanes, control::report));
      }
      scope.start(name + "/depart", Kind.VIRTUAL,
          new Departing(info.id(), departures, metadata, peers, code,
              control, options.fetchTimeout()));
      if (spillDirectory.isPresent()) {
        scope.start(name + "/spill", Kind.PLATFORM,
            new Spilling(spills, spillDirectory.get(), code, control, activities));
      }
      scope.start(name + "/clock", Kind.VIRTUAL, this::tick);
      scope.start(name + "/beat", Kind.VIRTUAL, new Beating(clock, control));
      links.start(control, fetches);
    } catch (IOException | InterruptedException | RuntimeException e) {
      endpoint.close();
      scope.close();
      shared.close();
      sharedMemory.close();
      code.close();
      throw e;
    }
  }

  public WorkerInfo info() {
    return info;
  }

  /// How it is, and what it counted since its start.
  ///
  /// @param millis to wait for others who have its turn
  /// @return empty if the turn was not to be had in time, or it has ended
  public Optional<WorkerFigures> figures(long millis) throws InterruptedException {
    if (hasEnded()) {
      return Optional.empty();
    }
    var ran = activities.ran();
    var fetched = activities.fetched();
    var filesBytes = spillDirectory.map(SpillDirectory::usedBytes).orElse(0L);
    var sharedBytes = sharedMemory.sharedBytes();
    return control.askWithin(millis, state -> state.figures(ran, fetched, filesBytes,
        sharedBytes));
  }

  /// What its processes, channels and turns do. Waits for none of them.
  public Message.NodeProcesses processes() {
    return endpoint.processes();
  }

  /// How many connections there are to nodes of each role.
  public Map<String, Integer> connections() {
    return endpoint.connectionsByRole();
  }

  /// Whether it has ended: it left, was closed, or has a defect.
  public boolean hasEnded() {
    return ended.getCount() == 0;
  }

  Control control() {
    return control;
  }

  /// Where others reach it.
  public Address address() {
    return info.address();
  }

  /// Where it listens, which is another address than [#address] if it was told to advertise one.
  public Address listensAt() {
    return listensAt;
  }

  /// Begins to leave: takes no more work, finishes what runs, gives values that nobody else has to
  /// other workers, and ends. Returns at once; [#awaitEnd] waits.
  ///
  /// @param grace after which it ends whatever is left
  public void drain(Duration grace) {
    control.report(new DrainAsked(System.nanoTime() + grace.toNanos()));
  }

  /// What keeps a worker from ending, for a countdown: `2 functions run, 5 values to give away`.
  public String whatIsLeft() {
    var figures = control.figures();
    return switch (figures.phase()) {
      case STAYING -> "not leaving";
      case FINISHING -> figures.runs() + (figures.runs() == 1 ? " function runs" : " functions run")
          + " (" + keysText() + ")";
      case SURVEYING -> "asking who else has its " + figures.stored() + " values";
      case HANDING_OVER -> "giving values to other workers";
      case STOPPED -> "nothing";
    };
  }

  private String keysText() {
    return executor.runningKeys().stream().limit(3).map(Key::text)
        .collect(Collectors.joining(", "));
  }

  /// Waits until it has ended, then frees what it had.
  public Ending awaitEnd() throws InterruptedException {
    ended.await();
    close();
    return ending();
  }

  /// [#awaitEnd], for a while.
  ///
  /// @return empty if it has not ended within `timeout`
  public Optional<Ending> awaitEnd(Duration timeout) throws InterruptedException {
    return awaitStop(timeout) ? Optional.of(awaitEnd()) : Optional.empty();
  }

  /// Waits for a while until it has left, or failed, without freeing what it had: [#close] does, and waits for
  /// functions that were interrupted.
  ///
  /// @return empty if it has not within `timeout`
  public Optional<Ending> awaitEnding(Duration timeout) throws InterruptedException {
    return awaitStop(timeout) ? Optional.of(ending()) : Optional.empty();
  }

  private boolean awaitStop(Duration timeout) throws InterruptedException {
    return ended.await(timeout.toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS);
  }

  private Ending ending() {
    var known = ending.get();
    return known == null ? new Ending(List.of(), 0, List.of(), Optional.empty()) : known;
  }

  private void stopped(Stop stop) {
    end(new Ending(stop.lost(), stop.handedOver(), stop.cutShort(), Optional.empty()));
  }

  /// A defect of the worker's own: whoever waits for an answer is told by the end of its connection.
  /// Not by the process that found it, which would wait for its own end.
  private void failed(Throwable defect) {
    log.error("the worker {} ends by a defect of its own", options.name(), defect);
    end(new Ending(List.of(), 0, List.of(), Optional.of(defect)));
    Thread.ofVirtual().name(options.name() + "/close").start(this::close);
  }

  private void end(Ending how) {
    ending.compareAndSet(null, how);
    ended.countDown();
  }

  /// Tells whoever is connected that this worker's JVM ends, and what ran in it: for a shutdown that
  /// nobody asked for, such as a function's `System.exit`. Frees only what would outlive the process.
  public void sayLastWords() {
    if (!closed.get() && ended.getCount() > 0) {
      var running = keysText();
      var reason = "the JVM of the worker " + options.name() + " ends"
          + (running.isEmpty()
              ? ""
              : " while these run: " + running
                  + "; did one of them call System.exit?");
      log.error("{}", reason);
      endpoint.connections().forEach(connection -> connection.close(reason));
    }
    removeFiles();
  }

  /// Removes the values that it has on disk and in shared memory, for a process that ends without
  /// closing it.
  public void removeFiles() {
    sharedMemory.close();
    spillDirectory.ifPresent(SpillDirectory::close);
  }

  /// Ends it at once: functions are interrupted, values are gone.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      end(new Ending(List.of(), 0, List.of(), Optional.empty()));
      clock.done();
      control.ended();
      store.leave();
      peers.close();
      endpoint.close();
      executor.close();
      shared.close();
      scope.stop();
      try {
        scope.close();
      } catch (ProcessesStillRunningException e) {
        log.warn("the worker {} has ended, but not all that ran in it; a function that ignores its"
            + " interruption goes on for as long as this JVM. {}", options.name(), e.getMessage());
      }
      sharedMemory.close();
      code.close();
      spillDirectory.ifPresent(SpillDirectory::close);
    }
  }

  private void tick() throws InterruptedException {
    var started = System.nanoTime();
    while (clock.receiveOrDone(TICK) instanceof Received.TimedOut) {
      var now = System.nanoTime();
      if (now - started > FlightEvents.PREPARED_AFTER_NANOS) {
        FlightEvents.prepare();
      }
      control.report(fetches.expired(now));
      control.report(new Tick());
      sharedMemory.trim();
      links.flushSchedulers();
      executor.nameLong(now - LONG_NANOS);
      executor.giveWay(now - GIVES_WAY_AFTER_NANOS);
      reportStuck();
    }
  }

  /// Says once of each function that was cancelled and goes on, that it keeps its slot.
  private void reportStuck() {
    var before = System.nanoTime() - STUCK_AFTER.toNanos();
    for (var stuck : executor.stuckSince(before)) {
      if (stuck.cancelledNanos() - stuckReportedUntilNanos >= 0) {
        log.warn("the function of '{}' was cancelled {} s ago and goes on; it keeps its slot until"
            + " it ends. It ignores interruption at {}", stuck.key(), STUCK_AFTER.toSeconds(),
            stuck.stack().isEmpty() ? "?" : stuck.stack().getFirst());
      }
    }
    stuckReportedUntilNanos = before;
  }

  /// What it was told, beside the rest.
  private Map<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    settings.put("spill directory", options.memory().spillDirectory().map(Path::toString)
        .orElse("none"));
    settings.put("spill limit", options.memory().spillBytesMax() == Long.MAX_VALUE
        ? "none"
        : options.memory().spillBytesMax() + " bytes");
    settings.put("shared memory", options.memory().sharedBytesMax() + " bytes");
    settings.put("value limit", options.valueBytesMax() + " bytes");
    settings.put("lease", options.lease().toMillis() + " ms");
    settings.put("fetch timeout", options.fetchTimeout().toMillis() + " ms");
    settings.put("resources", options.resources().isEmpty()
        ? "none"
        : options.resources().toString());
    settings.put("nice", String.valueOf(options.nice()));
    settings.put("checks", options.checks() ? "on" : "off");
    settings.put("heap limit", Runtime.getRuntime().maxMemory() + " bytes");
    settings.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    return settings;
  }

  private Message.NodeInfo nodeInfo() {
    var figures = control.figures();
    var facts = new LinkedHashMap<String, String>();
    facts.put("threads", String.valueOf(options.threads()));
    facts.put("values", String.valueOf(figures.stored()));
    facts.put("bytes", String.valueOf(figures.storedBytes()));
    facts.put("memory", String.valueOf(figures.memory().bytes()));
    facts.put("sharedBytes", String.valueOf(sharedMemory.sharedBytes()));
    facts.put("memory at most so far", String.valueOf(figures.memory().bytesMost()));
    facts.put("memory limit", String.valueOf(figures.memory().limitBytes()));
    facts.put("on disk", figures.memory().files() + " values, " + figures.memory().fileBytes()
        + " bytes, " + spillDirectory.map(directory -> directory.usedBytes()
            + " in files in " + directory.base()).orElse("no spill directory"));
    facts.put("tasks", String.valueOf(figures.tasks()));
    facts.put("running", executor.runningKeys().stream().limit(100).map(Key::text)
        .collect(Collectors.joining(", ")));
    facts.put("called", String.valueOf(executor.called()));
    facts.put("fetches", String.valueOf(figures.fetches()));
    facts.put("store", figures.storeAway().map(reason -> "away: " + reason).orElse("reached"));
    facts.put("state", switch (figures.phase()) {
      case STAYING -> figures.memory().paused().isEmpty()
          ? "serving"
          : "takes no work: " + figures.memory().paused();
      case FINISHING, SURVEYING, HANDING_OVER -> "leaving: " + whatIsLeft();
      case STOPPED -> "stopped";
    });
    facts.putAll(settings());
    facts.put("java", Runtime.version().toString());
    return new Message.NodeInfo("worker", options.name(), info.address(), info.host(), info.pid(),
        startedEpochMillis, facts);
  }
}
