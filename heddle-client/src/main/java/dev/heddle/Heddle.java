package dev.heddle;

import dev.heddle.code.CodeBases;
import dev.heddle.code.TaskScope;
import dev.heddle.wire.Address;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// Where a program begins: connects it to a cluster.
///
/// ```java
/// try (Client client = Heddle.connect("heddle://localhost:8786")) {
///   RemoteFuture<Integer> x = client.submit(() -> 20 + 1);
///   RemoteFuture<Integer> y = client.submit(a -> a * 2, x);
///   System.out.println(y.get());
/// }
/// ```
public final class Heddle {
  /// The variable that names the scheduler's address.
  public static final String ADDRESS_VARIABLE = "HEDDLE_ADDRESS";

  private Heddle() {}

  /// Connects to the scheduler that `HEDDLE_ADDRESS` names: `heddle://host:port`.
  ///
  /// @throws IllegalStateException if the variable is not set
  /// @throws IOException as [#connect(String)] does
  public static Client connect() throws IOException {
    var address = System.getenv(ADDRESS_VARIABLE);
    if (address == null || address.isBlank()) {
      throw new IllegalStateException("the variable " + ADDRESS_VARIABLE + " is not set; set it to"
          + " the scheduler's address, heddle://host:port, or name it: Heddle.connect(\"…\")");
    }
    return connect(address);
  }

  /// Connects to a scheduler with the secret of `HEDDLE_SECRET_FILE`, or this user's own.
  ///
  /// @param address `heddle://host:port`
  /// @throws IOException if nobody answers there, or it has another secret; says what to do
  /// @throws IllegalArgumentException if that is no address
  public static Client connect(String address) throws IOException {
    return connect(address, ClientOptions.DEFAULT);
  }

  /// Connects to a scheduler.
  ///
  /// @param address `heddle://host:port`
  /// @throws IOException if nobody answers there, or it has another secret; says what to do
  /// @throws IllegalArgumentException if that is no address
  public static Client connect(String address, ClientOptions options) throws IOException {
    return connect(Address.parse(address), options);
  }

  private static Client connect(Address address, ClientOptions options) throws IOException {
    return connect(address, options, secret(options), new CodeBases(), null);
  }

  private static Secret secret(ClientOptions options) throws IOException {
    if (options.secret().isPresent()) {
      return options.secret().get();
    }
    return options.secretFile().isPresent()
        ? Secret.load(options.secretFile().get())
        : Secret.user();
  }

  private static Client connect(Address address, ClientOptions options, Secret secret,
      CodeBases codeBases, ClusterProvider.@Nullable Started own) throws IOException {
    var name = options.name().orElseGet(() -> "client-" + ProcessHandle.current().pid());
    try {
      return ClientCore.connect(name, address, secret, options, codeBases,
          core -> new Client(core, own));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while connecting to " + address)
          .initCause(e);
    }
  }

  /// A cluster inside this JVM, with as many threads as there are cores; it ends with the client.
  ///
  /// @throws IllegalStateException if `heddle-cluster` is not on the class path
  public static Client local() throws IOException {
    return local(Runtime.getRuntime().availableProcessors());
  }

  /// A cluster inside this JVM; it ends with the client.
  ///
  /// @param threads how many functions run at once, at least 1
  /// @throws IllegalStateException if `heddle-cluster` is not on the class path
  public static Client local(int threads) throws IOException {
    if (threads < 1) {
      throw new IllegalArgumentException(threads + " threads can run nothing; give at least 1");
    }
    return local(ServiceLoader.load(ClusterProvider.class), threads);
  }

  static Client local(Iterable<ClusterProvider> providers, int threads) throws IOException {
    var all = providers.iterator();
    if (!all.hasNext()) {
      throw new IllegalStateException(ErrorCode.PART_MISSING.of("Heddle.local() needs a cluster to"
          + " run in this JVM, and there is none on the class path; add the dependency"
          + " dev.heddle:heddle-cluster, or connect to one: Heddle.connect(\"heddle://host:port\")"));
    }
    try {
      return local(all.next().start(threads));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while a local cluster started")
          .initCause(e);
    }
  }

  private static Client local(ClusterProvider.Started cluster)
      throws IOException, InterruptedException {
    Client client;
    try {
      client = connect(cluster.address(), ClientOptions.DEFAULT.name("local"), cluster.secret(),
          new CodeBases(), cluster);
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
    try {
      cluster.awaitReady();
    } catch (IOException | InterruptedException | RuntimeException e) {
      client.close(); // And the cluster with it.
      throw e;
    }
    return client;
  }

  /// Memory for the result of a task, which goes over to workers of the same host without a copy: they
  /// map the very same pages. Where a worker shares no memory, or has none left, and outside a
  /// task, it is as from [Arena#ofAuto].
  ///
  /// What the result is made of is what counts: the segment itself, a part of it, or a `ByteBuffer` of
  /// it. As any value, it must not be changed when it was returned.
  ///
  /// @param sizeBytes how much, not negative
  /// @return memory that may hold what was there before: write all of it; any thread may use it, and
  ///     it is free again when nothing refers to it
  public static MemorySegment allocate(long sizeBytes) {
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("cannot allocate " + sizeBytes + " bytes");
    }
    return TaskScope.current().flatMap(scope -> scope.allocate(sizeBytes))
        .orElseGet(() -> Arena.ofAuto().allocate(sizeBytes, Long.BYTES));
  }

  /// Inside a task, a client of the cluster that runs it. It is shared by the tasks of one worker,
  /// and lives as long as that: do not close it.
  ///
  /// @throws IllegalStateException outside a task, or in one that no scheduler submitted
  public static Client current() {
    var scope = TaskScope.current().orElseThrow(() -> new IllegalStateException(
        "Heddle.current() is for tasks, and this thread runs none; use the client that"
            + " Heddle.connect(…) or Heddle.local() gave"));
    var scheduler = scope.scheduler().orElseThrow(() -> new IllegalStateException("the task '"
        + scope.key() + "' was given to the worker directly, so there is no scheduler to submit"
        + " others to; submit it with a client"));
    return scope.shared(Client.class, () -> inTask(scope, scheduler));
  }

  private static Client inTask(TaskScope scope, Address scheduler) {
    try {
      return connect(scheduler,
          ClientOptions.DEFAULT.name(scope.worker() + "/tasks").patience(Duration.ofSeconds(60)),
          scope.secret(), scope.codeBases(), null);
    } catch (IOException e) {
      throw new ClusterUnavailableException("a task on " + scope.worker()
          + " could not reach its scheduler: " + e.getMessage(), e);
    }
  }
}
