package dev.heddle.scheduler;

import dev.heddle.metadata.EmbeddedMetadataStore;
import dev.heddle.metadata.MetadataServer;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.metadata.Watch;
import dev.heddle.process.Channel;
import dev.heddle.process.FlightEvents;
import dev.heddle.process.Kind;
import dev.heddle.process.ProcessScope;
import dev.heddle.process.ProcessesStillRunningException;
import dev.heddle.process.Received;
import dev.heddle.process.ScopeStoppedException;
import dev.heddle.wire.Address;
import dev.heddle.wire.ConnectionLostException;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Message;
import dev.heddle.wire.TaskKeys;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A scheduler in this JVM: it takes tasks from clients, gives them to workers, and tells clients
/// how they ended. It never loads a user's class. See the package's drawing for its processes.
///
/// For any number of threads.
public final class Scheduler implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  static {
    FlightEvents.add(() -> {
      var _ = TransitionEvent.isOn() || HeartbeatGapEvent.isOn();
    });
  }

  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration RETIRE_WITHIN = Duration.ofSeconds(10);
  private static final int RELAYS = 8;
  private static final int ASKERS_OF_STORE = 2;

  private final String name;
  private final ProcessScope scope;
  private final Door door = new Door();
  private final Endpoint endpoint;
  private final MetadataStore store;
  private final @Nullable EmbeddedMetadataStore embedded;
  private final @Nullable MetadataServer server;
  private final Address address;
  private final String namespace;
  private final Control control;
  private final CodeRelay code;
  private final StoreDesk desk;
  private final Surveyor surveyor;
  private final Answers answers;
  private final Watch watch;
  private final Channel<SchedulerEvent.Tick> clock;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<@Nullable Throwable> defect = new AtomicReference<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /// Starts a scheduler: when this returns, it takes clients and workers.
  ///
  /// @throws IOException if it cannot listen, or the given store cannot be reached; the message says
  ///     why and what to do
  public static Scheduler start(SchedulerOptions options)
      throws IOException, InterruptedException {
    return new Scheduler(options);
  }

  private Scheduler(SchedulerOptions options) throws IOException, InterruptedException {
    name = options.name();
    scope = ProcessScope.supervising(name, this::failed);
    clock = Channel.bounded("clock " + name, 1);
    code = new CodeRelay(name);
    endpoint = new Endpoint(endpointConfig(options), door);
    embedded = options.metadata().isPresent() ? null : EmbeddedMetadataStore.partOf(scope);
    server = embedded == null ? null : new MetadataServer(scope, embedded);
    store = embedded == null ? options.metadata().orElseThrow() : embedded;
    try {
      address = advertised(endpoint, options.listen());
      namespace = TaskKeys.namespaceOf(address);
      var clients = new ClientLinks();
      var workers = new WorkerLinks();
      var askers = new Askers();
      var config = options.settings().apply(SchedulerConfig.of(namespace));
      control = new Control(name, new SchedulerState(config, new TransitionEvent.Recorder()),
          new Outlets(clients, workers, askers, this::askToLeave), this::failed);
      desk = new StoreDesk(store, server, name, namespace, control);
      surveyor = new Surveyor(name, control);
      watch = store.watch("");
      answers = new Answers(name, config, address, storeText(), control, clients, workers, code);
      door.open(new Links(name, new Message.Welcome(namespace, new SecureRandom().nextLong()),
          control, clients, workers, askers, code, desk,
          answers, surveyor));
      startProcesses(workers);
    } catch (IOException | InterruptedException | RuntimeException e) {
      door.shut();
      scope.stop();
      endpoint.close();
      scope.close();
      throw e;
    }
  }

  private static EndpointConfig endpointConfig(SchedulerOptions options) {
    var config = EndpointConfig.of(Hello.Role.SCHEDULER, options.name(), options.secret());
    return options.advertisedHost().map(config::withAdvertisedHost).orElse(config);
  }

  private static Address advertised(Endpoint endpoint, Address where) throws IOException {
    var bound = endpoint.listen(where);
    return endpoint.advertised().orElse(bound);
  }

  private String storeText() {
    return embedded == null ? store.toString() : "in this scheduler";
  }

  private void startProcesses(WorkerLinks workers) {
    for (var i = 1; i <= RELAYS; i++) {
      scope.start(name + "/relay-" + i, Kind.VIRTUAL, code);
    }
    for (var i = 1; embedded == null && i <= ASKERS_OF_STORE; i++) {
      scope.start(name + "/ask-store-" + i, Kind.VIRTUAL, desk);
    }
    scope.start(name + "/survey", Kind.VIRTUAL, surveyor);
    scope.start(name + "/members", Kind.VIRTUAL,
        new Members(store, watch, namespace, control,
            (worker, before) -> new Attendant(worker, namespace, embedded != null, endpoint, store,
                control, workers, before),
            attend -> scope.start(name + "/attend " + attend.worker().id(), Kind.VIRTUAL,
                attend)));
    scope.start(name + "/clock", Kind.VIRTUAL, this::tick);
  }

  /// Where clients and workers reach it.
  public Address address() {
    return address;
  }

  /// Where it listens, which is another address than [#address] if it was told to advertise one.
  public Address listensAt() {
    return endpoint.address().orElse(address);
  }

  /// How it is, and what it counted since its start.
  ///
  /// @param millis to wait for others who have its turn
  /// @return empty if the turn was not to be had in time, or it has ended
  public Optional<SchedulerFigures> figures(long millis) throws InterruptedException {
    return closed.get()
        ? Optional.empty()
        : control.askWithin(millis, (state, _) -> state.figures());
  }

  /// What its processes, channels and turns do. Waits for none of them.
  public Message.NodeProcesses processes() {
    return endpoint.processes();
  }

  /// How many connections there are to nodes of each role.
  public Map<String, Integer> connections() {
    return endpoint.connectionsByRole();
  }

  /// Whether it has ended, by [#close] or by a defect.
  public boolean hasEnded() {
    return closed.get() || defect.get() != null;
  }

  public String name() {
    return name;
  }

  Control control() {
    return control;
  }

  /// Tells whoever asks from now on where a page about this cluster is served.
  ///
  /// @param asksForToken whether a browser needs the token that is made of the cluster's secret
  public void announcePage(URI page, boolean asksForToken) {
    answers.page(page, asksForToken);
  }

  /// The part of keys that is this scheduler's own; see [TaskKeys].
  public String namespace() {
    return namespace;
  }

  /// The store of who has what, for whoever is in this process.
  public MetadataStore store() {
    return store;
  }

  /// Waits until it has ended, by [#close] or by a defect.
  ///
  /// @return the defect
  public Optional<Throwable> awaitEnd() throws InterruptedException {
    ended.await();
    close();
    return Optional.ofNullable(defect.get());
  }

  private void tick() throws InterruptedException {
    var started = System.nanoTime();
    while (clock.receiveOrDone(TICK) instanceof Received.TimedOut) {
      if (System.nanoTime() - started > FlightEvents.PREPARED_AFTER_NANOS) {
        FlightEvents.prepare();
      }
      control.report(new SchedulerEvent.Tick());
    }
  }

  private void askToLeave(WorkerLink worker) {
    try {
      scope.start(name + "/retire " + worker.worker(), Kind.VIRTUAL, () -> retire(worker));
    } catch (ScopeStoppedException e) {
      log.debug("{} is not asked to leave: this scheduler is closing", worker, e);
    }
  }

  /// The process *retire*, one a worker that is to leave: asks it, and ends.
  private static void retire(WorkerLink worker) throws InterruptedException {
    try {
      var _ = worker.connection().call(new Message.Retire(worker.worker().name()), RETIRE_WITHIN);
    } catch (ConnectionLostException e) {
      log.debug("{} is gone already", worker, e);
    } catch (IOException e) {
      log.warn("{} does not leave: {}", worker, e.getMessage());
    }
  }

  /// A defect of its own: clients and workers are told by the end of their connections. Not by the
  /// process that found it, which would wait for its own end.
  private void failed(Throwable thrown) {
    if (defect.compareAndSet(null, thrown)) {
      log.error("the scheduler {} ends by a defect of its own", name, thrown);
      endpoint.connections().forEach(connection -> connection
          .close("the scheduler " + name + " ends by a defect of its own: " + thrown));
      Thread.ofVirtual().name(name + "/close").start(this::close);
    }
  }

  /// Ends it at once. Workers keep what they have, and clients what they asked for: both come to the
  /// next scheduler at this address.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    control.end();
    clock.done();
    code.done();
    desk.done();
    surveyor.done();
    watch.close();
    scope.stop();
    endpoint.close();
    if (server != null) {
      server.close();
    }
    if (embedded != null) {
      embedded.close();
    }
    try {
      scope.close();
    } catch (ProcessesStillRunningException e) {
      log.warn("the scheduler {} has ended, but not all that ran in it: {}", name, e.getMessage());
    }
    ended.countDown();
  }
}
