package dev.heddle;

import static java.util.Objects.requireNonNull;

import dev.heddle.code.CodeBases;
import dev.heddle.code.RemoteFunction;
import dev.heddle.code.TaskScope;
import dev.heddle.values.ClassResolver;
import dev.heddle.values.Failures;
import dev.heddle.values.Values;
import dev.heddle.wire.Address;
import dev.heddle.wire.Attempt;
import dev.heddle.wire.Callee;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionHandler;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Begun;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.Operand;
import dev.heddle.wire.Payload;
import dev.heddle.wire.Secret;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.TaskSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A scheduler with its workers, as clients see one, in this JVM: it runs what is submitted, each
/// task on a thread of its own, as soon as its inputs are there and the test lets it.
final class Toy implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(30);

  final Secret secret = Secret.generate();
  final List<ToyWorker> workers = new ArrayList<>();
  /// What clients said, in order.
  final List<Message> said = new CopyOnWriteArrayList<>();
  /// How often each function began.
  final Map<Key, Integer> runs = new ConcurrentHashMap<>();
  final AtomicInteger waitedWithoutSlot = new AtomicInteger();
  private final CodeBases codeBases = new CodeBases();
  private final Values values = new Values(
      ClassResolver.of(codeBases::codeBaseOf, codeBases::load));
  private final Failures failures = new Failures(values);
  private final Map<Class<?>, AutoCloseable> shared = new ConcurrentHashMap<>();
  private volatile CountDownLatch reading = new CountDownLatch(0);
  private Endpoint endpoint;
  final Address address;

  // Guarded by this.
  private Life life = new Life();
  private boolean isHeld;
  /// Whether it only knows later whether what was aborted had begun.
  private boolean asksWorkers;
  private int inlineMax = 4096;

  /// From one start of the scheduler to its end.
  private static final class Life {
    final Map<ClientId, Remote> clients = new LinkedHashMap<>();
    final Map<Key, Job> jobs = new LinkedHashMap<>();
    final ArrayDeque<Job> ready = new ArrayDeque<>();
    final Map<String, Job> published = new HashMap<>();
    final long incarnation = System.nanoTime();
  }

  /// A client.
  private static final class Remote {
    @Nullable
    Connection connection;
    final Map<Integer, Payload> functions = new HashMap<>();
    final Map<Long, Job> tasks = new LinkedHashMap<>();
  }

  private record Want(Remote remote, long number) {}

  /// A task.
  private static final class Job {
    final Key key;
    final Payload function;
    final List<Object> arguments;
    final List<Job> needs = new ArrayList<>();
    final List<Job> neededBy = new ArrayList<>();
    /// Equal calls of one client are one job under several numbers.
    final Set<Want> wantedBy = new LinkedHashSet<>();
    final TaskSettings settings;
    @Nullable
    Result end;
    boolean isReady;
    boolean begun;
    @Nullable
    Thread thread;

    Job(Key key, Payload function, List<Object> arguments, TaskSettings settings) {
      this.key = key;
      this.function = function;
      this.arguments = arguments;
      this.settings = settings;
    }
  }

  Toy() throws IOException {
    this(1);
  }

  Toy(int count) throws IOException {
    for (var i = 1; i <= count; i++) {
      workers.add(new ToyWorker("w" + i, secret));
    }
    endpoint = new Endpoint(EndpointConfig.of(Hello.Role.SCHEDULER, "toy", secret),
        new Scheduler());
    address = endpoint.listen(new Address("127.0.0.1", 0));
  }

  Client connect() throws IOException {
    return connect(ClientOptions.DEFAULT);
  }

  Client connect(ClientOptions options) throws IOException {
    return Heddle.connect(address.toString(), options.secret(secret));
  }

  // --- what tests do to it

  /// Values larger than this stay on the worker.
  synchronized Toy inlineMax(int bytes) {
    inlineMax = bytes;
    return this;
  }

  /// Nothing begins until [#release] or [#runOne].
  synchronized Toy hold() {
    isHeld = true;
    return this;
  }

  synchronized void release() {
    isHeld = false;
    runReady();
  }

  /// Runs the first that is ready and fits.
  void runOne(Predicate<Key> which) throws InterruptedException {
    eventually("a ready task", () -> {
      synchronized (this) {
        var job = life.ready.stream().filter(ready -> which.test(ready.key)).findFirst();
        job.ifPresent(ready -> {
          life.ready.remove(ready);
          start(ready);
        });
        return job.isPresent();
      }
    });
  }

  /// Breaks every client's connection.
  void breakConnections() {
    endpoint.connections().forEach(connection -> connection.close("the test breaks it"));
  }

  /// The scheduler takes nothing in until [#goOnReading].
  void stopReading() {
    reading = new CountDownLatch(1);
  }

  void goOnReading() {
    reading.countDown();
  }

  /// The scheduler dies.
  void stop() {
    endpoint.close();
    synchronized (this) {
      life = new Life();
    }
  }

  synchronized void asksWorkers() {
    asksWorkers = true;
  }

  /// A new one starts at the same address, which knows nothing; the workers have what they had.
  void start() throws IOException {
    endpoint = new Endpoint(EndpointConfig.of(Hello.Role.SCHEDULER, "toy", secret),
        new Scheduler());
    endpoint.listen(address);
  }

  ToyWorker worker() {
    return workers.getFirst();
  }

  <M extends Message> List<M> said(Class<M> type) {
    return said.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /// Waits until it is so.
  static void eventually(String what, Callable<Boolean> isSo) throws InterruptedException {
    var deadline = System.nanoTime() + SOON.toNanos();
    try {
      while (!isSo.call()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("not within " + SOON + ": " + what);
        }
        LockSupport.parkNanos(50_000);
      }
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  synchronized int wanted() {
    return (int) life.clients.values().stream().mapToLong(remote -> remote.tasks.size()).sum();
  }

  synchronized int clients() {
    return (int) life.clients.values().stream().filter(remote -> remote.connection != null)
        .count();
  }

  /// Ends a task as the test says.
  synchronized void end(Key key, java.util.function.LongFunction<Result> how) {
    var job = life.jobs.get(key);
    if (job == null) {
      throw new AssertionError("there is no '" + key + "'");
    }
    job.wantedBy.forEach(want -> tell(want.remote(), how.apply(want.number())));
  }

  // --- the scheduler

  private final class Scheduler implements ConnectionHandler {
    private final Map<Connection, Remote> remotes = new ConcurrentHashMap<>();

    @Override
    public void received(Connection from, List<Incoming> batch) {
      try {
        reading.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      synchronized (Toy.this) {
        for (var incoming : batch) {
          switch (incoming) {
            case Incoming.Asked(var correlation, var request) -> {
              said.add(request);
              asked(from, correlation, request);
            }
            case Incoming.Noticed(var notice) -> {
              said.add(notice);
              noticed(requireNonNull(remotes.get(from)), notice);
            }
          }
        }
      }
    }

    private void greeted(Connection from, long correlation, Message.Greet greet) {
      var known = life.clients.computeIfAbsent(greet.client(), _ -> new Remote());
      known.connection = from;
      known.functions.clear();
      remotes.put(from, known);
      from.reply(correlation,
          new Message.Welcome(TaskKeys.namespaceOf(address), life.incarnation));
      from.notice(
          new Message.WorkersNow(workers.stream().map(worker -> worker.info).toList()));
    }

    private void asked(Connection from, long correlation, Message.Request request) {
      if (request instanceof Message.Greet greet) {
        greeted(from, correlation, greet);
        return;
      }
      var remote = requireNonNull(remotes.get(from));
      switch (request) {
        case Message.Publish(var name, var number) -> {
          life.published.put(name, remote.tasks.get(number));
          from.reply(correlation, new Message.Done());
        }
        case Message.Unpublish(var name) -> {
          life.published.remove(name);
          from.reply(correlation, new Message.Done());
        }
        case Message.AskPublished() -> from.reply(correlation,
            new Message.Names(List.copyOf(life.published.keySet())));
        case Message.Adopt(var name, var number) -> {
          var job = life.published.get(name);
          from.reply(correlation, job == null
              ? new Message.Refused(Message.Reason.BAD_REQUEST, "nothing is published as " + name)
              : new Message.Adopted(job.key));
          if (job != null) {
            want(remote, number, job);
          }
        }
        case Message.Explain(var key) ->
          from.reply(correlation, new Message.Text("the toy was not asked to run " + key, true));
        case Message.AskStory(var key) ->
          from.reply(correlation, new Message.Text(key + ": released → waiting", true));
        case Message.WhoHas(var keys) -> {
          var holders = new LinkedHashMap<Key, List<Holder>>();
          keys.forEach(key -> holders.put(key, holders(key)));
          from.reply(correlation, new Message.Holders(holders));
        }
        case Message.AskStatus() -> from.reply(correlation,
            new Message.Status("toy", TaskKeys.namespaceOf(address), 0,
                workers.stream().map(worker -> new Message.WorkerStatus(worker.info, "running", 0,
                    0, worker.values.size(), 0, 0, 0, 0, Map.of("GPU", 1), 5)).toList(),
                Map.of("memory", (long) life.jobs.size()), List.of("a client")));
        default -> from.reply(correlation,
            new Message.Refused(Message.Reason.UNKNOWN_OPERATION, "not in a toy"));
      }
    }

    private void noticed(Remote remote, Message.Notice notice) {
      switch (notice) {
        case Message.Define(var function, var payload) -> remote.functions.put(function, payload);
        case Message.Undefine(var functions) -> functions.forEach(remote.functions::remove);
        case Message.Submit submit -> submitted(remote, submit.number(), submit.key(),
            function(remote, submit.function()), submit.operands(), submit.captured(),
            submit.settings());
        case Message.SubmitMap map -> {
          for (var i = 0; i < map.operands().size(); i++) {
            submitted(remote, map.first() + i, TaskKeys.element(map.group(), map.index() + i),
                function(remote, map.function()), List.of(map.operands().get(i)),
                map.captured(), map.settings());
          }
        }
        case Message.Scattered(var number, var key, var _, var size) -> {
          var job = new Job(key, new Payload(0, List.of(), new byte[0], List.of()), List.of(),
              TaskSettings.DEFAULT);
          job.end = new Result.Ready(0, "", size, holders(key), Optional.empty());
          life.jobs.put(key, job);
          want(remote, number, job);
        }
        case Message.Drop(var ranges) -> ranges.forEach(range -> {
          for (var number = range.first(); number < range.first() + range.count(); number++) {
            drop(remote, number);
          }
        });
        case Message.Withdraw(var numbers) -> numbers.forEach(number -> drop(remote, number));
        case Message.Need(var numbers) -> numbers.forEach(number -> need(remote, number));
        case Message.Abort(var numbers) -> numbers.forEach(number -> abort(remote, number));
        case Message.Trace _ -> {
          // It runs all the same.
        }
        case Message.SubmittedAt _ -> {
          // For people who look on.
        }
        case Message.Farewell() -> List.copyOf(remote.tasks.keySet())
            .forEach(number -> drop(remote, number));
        default -> throw new AssertionError("a client said " + notice);
      }
    }

    @Override
    public void closed(Connection connection, String reason) {
      synchronized (Toy.this) {
        var remote = remotes.remove(connection);
        if (remote != null && connection.equals(remote.connection)) {
          remote.connection = null;
        }
      }
    }
  }

  private static Payload function(Remote remote, Callee callee) {
    return switch (callee) {
      case Callee.Known(var number) -> {
        var payload = remote.functions.get(number);
        if (payload == null) {
          throw new AssertionError("the function " + number + " was not defined");
        }
        yield payload;
      }
      case Callee.Carried(var payload) -> payload;
    };
  }

  private void submitted(Remote remote, long number, Key key, Payload function,
      List<Operand> operands, List<Long> captured, TaskSettings settings) {
    var known = life.jobs.get(key);
    if (known == null) {
      var needs = new ArrayList<Job>();
      var arguments = new ArrayList<>();
      for (var operand : operands) {
        switch (operand) {
          case Operand.OfTask(var task) -> {
            needs.add(job(remote, task, key));
            arguments.add(job(remote, task, key).key);
          }
          case Operand.Inline(var payload) -> arguments.add(payload);
        }
      }
      captured.forEach(task -> needs.add(job(remote, task, key)));
      known = new Job(key, function, arguments, settings);
      known.needs.addAll(needs);
      for (var need : needs) {
        need.neededBy.add(known);
      }
      life.jobs.put(key, known);
      for (var worker : workers) {
        var stored = worker.values.get(key);
        if (stored != null && known.end == null) {
          known.end = ready(key, stored);
        }
      }
      want(remote, number, known);
      consider(known);
    } else {
      want(remote, number, known);
    }
  }

  private static Job job(Remote remote, long number, Key by) {
    var job = remote.tasks.get(number);
    if (job == null) {
      throw new AssertionError(by + " needs the task " + number + ", which was not submitted");
    }
    return job;
  }

  private void want(Remote remote, long number, Job job) {
    remote.tasks.put(number, job);
    job.wantedBy.add(new Want(remote, number));
    if (job.end != null) {
      tell(remote, numbered(job.end, number));
    }
  }

  private void drop(Remote remote, long number) {
    var job = remote.tasks.remove(number);
    if (job != null) {
      job.wantedBy.remove(new Want(remote, number));
      if (job.wantedBy.isEmpty() && !job.settings.detached() && job.neededBy.stream()
          .noneMatch(other -> other.end == null)) {
        life.jobs.remove(job.key);
        life.ready.remove(job);
        workers.forEach(worker -> worker.values.remove(job.key));
      }
    }
  }

  private void need(Remote remote, long number) {
    var job = job(remote, number, Key.of("need"));
    if (!holders(job.key).isEmpty() && job.end != null) {
      tell(remote, numbered(job.end, number));
    } else if (job.function.header().length == 0) {
      tell(remote, new Result.Lost(number, "'" + job.key + "' was scattered, and its worker died"));
    } else {
      job.end = null;
      job.begun = false;
      job.isReady = false;
      consider(job);
    }
  }

  private void abort(Remote remote, long number) {
    var job = remote.tasks.get(number);
    if (job != null && job.end == null) {
      if (job.thread != null) {
        job.thread.interrupt();
      }
      life.ready.remove(job);
      var begun = job.begun ? Begun.PERHAPS : Begun.NO;
      if (asksWorkers) {
        end(job, new Result.Cancelled(0, "aborted", Begun.UNTOLD));
      }
      end(job, new Result.Cancelled(0, "aborted", begun));
    }
  }

  private void consider(Job job) {
    if (job.end != null || job.begun || job.isReady) {
      return;
    }
    for (var need : job.needs) {
      if (need.end instanceof Result.Failed failed) {
        end(job, new Result.Failed(0, Optional.of(failed.origin().orElse(need.key)),
            failed.attempt(), failed.failure()));
        return;
      }
      if (need.end instanceof Result.Cancelled(_, var reason, _)) {
        end(job, new Result.Cancelled(0, "it needs '" + need.key + "': " + reason, Begun.NO));
        return;
      }
      if (need.end == null) {
        return;
      }
    }
    job.isReady = true;
    life.ready.add(job);
    runReady();
  }

  private void runReady() {
    while (!isHeld && !life.ready.isEmpty()) {
      start(life.ready.remove());
    }
  }

  private void start(Job job) {
    job.begun = true;
    job.thread = Thread.ofVirtual().name("toy " + job.key).start(() -> run(job));
  }

  private void run(Job job) {
    runs.merge(job.key, 1, Integer::sum);
    Result end;
    try {
      var payload = values.encode(TaskScope.in(new Scope(job.key), () -> call(job)));
      synchronized (this) {
        place(job.key).values.put(job.key, payload);
        end = ready(job.key, payload);
      }
    } catch (Throwable e) {
      end = new Result.Failed(0, Optional.empty(), Optional.of(new Attempt(job.key, "toy-1", "here",
          17, 2, 3, 41_000_000)), failures.capture(e));
    }
    synchronized (this) {
      if (job.end == null && isCurrent(job)) {
        end(job, end);
      }
    }
  }

  /// Whether it is a task of this life of the scheduler.
  private boolean isCurrent(Job job) {
    return job.equals(life.jobs.get(job.key));
  }

  private @Nullable Object call(Job job) throws Exception {
    var function = (RemoteFunction) requireNonNull(values.decode(job.function));
    var arguments = job.arguments.stream()
        .map(argument -> argument instanceof Key key
            ? stored(key)
            : values.decode(
                (Payload) argument))
        .toArray();
    return function.apply(arguments);
  }

  private @Nullable Object stored(Key key) {
    for (var worker : workers) {
      var payload = worker.values.get(key);
      if (payload != null) {
        return values.decode(payload);
      }
    }
    throw new IllegalStateException("no worker has " + key);
  }

  private ToyWorker place(Key key) {
    return workers.get(Math.floorMod(key.hashCode(), workers.size()));
  }

  private Result.Ready ready(Key key, Payload payload) {
    return new Result.Ready(0, "a type", payload.sizeBytes(), holders(key),
        payload.sizeBytes() <= inlineMax ? Optional.of(payload) : Optional.empty());
  }

  private List<Holder> holders(Key key) {
    return workers.stream().filter(worker -> worker.values.containsKey(key))
        .map(ToyWorker::holder).toList();
  }

  private void end(Job job, Result end) {
    job.end = end;
    job.wantedBy.forEach(want -> tell(want.remote(), numbered(end, want.number())));
    List.copyOf(job.neededBy).forEach(this::consider);
  }

  private static Result numbered(Result end, long number) {
    return switch (end) {
      case Result.Ready(_, var type, var size, var holders, var value) ->
        new Result.Ready(number, type, size, holders, value);
      case Result.Failed(_, var origin, var attempt, var failure) ->
        new Result.Failed(number, origin, attempt, failure);
      case Result.Cancelled(_, var reason, var begun) ->
        new Result.Cancelled(number, reason, begun);
      case Result.Lost(_, var reason) -> new Result.Lost(number, reason);
    };
  }

  private static void tell(Remote remote, Result result) {
    var to = remote.connection;
    if (to != null) {
      to.notice(new Message.Results(List.of(result)));
      to.flush();
    }
  }

  Failure failure(Throwable of) {
    return failures.capture(of);
  }

  /// What a task sees of its worker.
  private final class Scope implements TaskScope {
    private final Key key;

    Scope(Key key) {
      this.key = key;
    }

    @Override
    public Key key() {
      return key;
    }

    @Override
    public String worker() {
      return "w1";
    }

    @Override
    public @Nullable Object input(Key input) {
      return stored(input);
    }

    @Override
    public Optional<Address> scheduler() {
      return Optional.of(address);
    }

    @Override
    public Secret secret() {
      return secret;
    }

    @Override
    public CodeBases codeBases() {
      return codeBases;
    }

    @Override
    public <T extends @Nullable Object> T withoutSlot(Callable<T> wait) throws Exception {
      waitedWithoutSlot.incrementAndGet();
      return wait.call();
    }

    @Override
    public <T extends AutoCloseable> T shared(Class<T> type, Supplier<T> maker) {
      return type.cast(shared.computeIfAbsent(type, _ -> maker.get()));
    }
  }

  @Override
  public void close() {
    goOnReading();
    shared.values().forEach(one -> {
      try {
        one.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    });
    endpoint.close();
    workers.forEach(ToyWorker::close);
  }
}
