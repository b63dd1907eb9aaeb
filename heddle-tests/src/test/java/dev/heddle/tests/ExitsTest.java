package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.heddle.Client;
import dev.heddle.ClientOptions;
import dev.heddle.Heddle;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.metadata.RemoteMetadataStore;
import dev.heddle.scheduler.Scheduler;
import dev.heddle.scheduler.SchedulerConfig;
import dev.heddle.scheduler.SchedulerOptions;
import dev.heddle.wire.Address;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Key;
import dev.heddle.wire.Secret;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerClient;
import dev.heddle.worker.WorkerNetwork;
import dev.heddle.worker.WorkerOptions;
import java.io.File;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// How each kind of process ends by a signal, and what it leaves: nothing. How a worker drains is in [ProcessesTest]
/// and [LeavingTest].
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class ExitsTest {
  /// 300 ms are promised from the second signal on. The rest is for the program `kill` to start, which is in what is
  /// measured, and for a machine that does other things as well.
  private static final long AT_ONCE_MILLIS = 900;
  /// How long what has nothing to finish may take, on a machine that does other things as well.
  private static final long PROMPTLY_MILLIS = 3_000;
  private static final List<String> SMALL = List.of("-Xmx64m");

  private static final String WAITS = """
      import dev.heddle.*;
      import dev.heddle.cluster.*;
      import java.util.*;
      import java.util.concurrent.*;
      import java.util.stream.*;

      public class Waits {
        public static void main(String[] how) throws Exception {
          if (how[0].equals("connect")) {
            try (var client = Heddle.connect()) {
              waits(client, 4);
            }
          } else {
            var options = ChildOptions.DEFAULT.withHeapBytesMax(64 << 20)
                .withJavaOptions(List.of("-XX:TieredStopAtLevel=1"));
            try (var cluster = LocalCluster.processes(2, options)) {
              waits(cluster.client(), 64);
            }
          }
        }

        static void waits(Client client, int mebibytes) throws Exception {
          Task1<Integer, byte[]> bytes = n -> new byte[1 << 20];
          Task1<byte[], Integer> length = array -> array.length;
          var values = client.map(IntStream.range(0, mebibytes).boxed().toList(), bytes);
          System.out.println("sum " + client.reduce(client.map(values, length), Integer::sum).get());
          client.submit(Waits::all, List.copyOf(values.subList(0, 4))).get();
          var never = client.submit(() -> new CountDownLatch(1).await(1, TimeUnit.HOURS));
          System.out.println("waits");
          never.get();
        }

        static int all(List<RemoteFuture<byte[]>> values) throws Exception {
          var sum = 0;
          for (var value : values) {
            sum += value.get().length;
          }
          return sum;
        }
      }
      """;

  private static final String STUBBORN = """
      import dev.heddle.*;
      import java.util.concurrent.*;

      public class Stubborn {
        public static void main(String[] none) throws Exception {
          Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println("hook");
            forEver();
          }));
          System.out.println("waits");
          forEver();
        }

        static int forEver() {
          while (true) {
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              // It goes on.
            }
          }
        }

        public static Task<Integer> task() { return Stubborn::forEver; }
      }
      """;

  /// A signal, and what a process exits with that it cut short.
  enum Signal {
    INT(130), TERM(143);

    final int exitCode;

    Signal(int exitCode) {
      this.exitCode = exitCode;
    }
  }

  /// To whom it is sent.
  enum To {
    PROCESS, GROUP
  }

  /// By a terminal, and by whatever runs services.
  static List<Arguments> signals() {
    return List.of(arguments(Signal.INT, To.GROUP), arguments(Signal.TERM, To.PROCESS));
  }

  /// By hand, too.
  static List<Arguments> allSignals() {
    return List.of(arguments(Signal.INT, To.PROCESS), arguments(Signal.INT, To.GROUP),
        arguments(Signal.TERM, To.PROCESS));
  }

  @TempDir
  private static Path directory;
  private static Secret secret;
  private static Map<String, String> shared;
  private static UserProgram waits;
  private static UserProgram stubborn;
  private static JvmProcess scheduler;
  private static JvmProcess worker;
  private static Address address;

  private final List<JvmProcess> started = new ArrayList<>();
  @TempDir
  private Path temporary;
  private Map<String, String> environment = Map.of();

  @BeforeAll
  static void start() throws Exception {
    var secretFile = directory.resolve("secret");
    secret = Secret.create(secretFile);
    shared = Map.of("HEDDLE_SECRET_FILE", secretFile.toString());
    scheduler = JvmProcess.heddle(shared, "scheduler", "--port", "0");
    waits = UserProgram.compile(directory.resolve("waits"), List.of(), WAITS);
    stubborn = UserProgram.compile(directory.resolve("stubborn"), List.of(), STUBBORN);
    address = Address.parse(scheduler.awaitWordAfter("scheduler at "));
    worker = JvmProcess.heddle(shared, "worker", address.toString(), "--threads", "16");
    worker.awaitLine(" at ");
  }

  @AfterAll
  static void stop() throws Exception {
    scheduler.close();
    worker.close();
    waits.close();
    stubborn.close();
  }

  /// Children inherit the environment, and so where their temporary files are.
  @BeforeEach
  void ownTemporaryFiles() {
    environment = new HashMap<>(shared);
    environment.put("HEDDLE_ADDRESS", address.toString());
    environment.put("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary);
  }

  @AfterEach
  void endAll() {
    started.forEach(JvmProcess::close);
  }

  private JvmProcess heddle(String... arguments) throws Exception {
    var process = JvmProcess.heddleInGroup(environment, arguments);
    started.add(process);
    return process;
  }

  private JvmProcess program(UserProgram program, String main, String... arguments)
      throws Exception {
    var process = JvmProcess.start(List.of("setsid"), environment, SMALL,
        JvmProcess.classPathOfHeddle() + File.pathSeparator + program.classPath(),
        "org.example." + main, arguments);
    started.add(process);
    return process;
  }

  private Remains remainsOf(JvmProcess process, int descendants, int workers) {
    return Remains.awaitOf(process, descendants, workers, temporary);
  }

  private static void send(JvmProcess process, Signal signal, To to) throws Exception {
    if (to == To.GROUP) {
      process.signalGroup(signal.name());
    } else {
      process.signal(signal.name());
    }
  }

  /// Sends a signal, and awaits the end, within so long.
  private static void assertEnds(JvmProcess process, Signal signal, To to, int exitCode,
      long millisMax) throws Exception {
    var sent = System.nanoTime();
    send(process, signal, to);
    assertThat(process.awaitExit()).as("%s", process).isEqualTo(exitCode);
    var millis = (System.nanoTime() - sent) / 1_000_000;
    assertThat(millis).as("ms from the signal to the end of %s", process)
        .isLessThanOrEqualTo(millisMax);
    assertNoTrace(process);
  }

  private static void assertNoTrace(JvmProcess process) {
    // Another worker that has no room for a value is no mistake of this one.
    assertThat(process.output().lines().filter(line -> !line.contains("WARN  cannot give ")))
        .noneMatch(line -> Stream.of("\tat ", "Exception", "WARN", "ERROR")
            .anyMatch(line::contains));
  }

  // --- programs that wait

  @ParameterizedTest
  @MethodSource("signals")
  void aClientThatWaitsEnds(Signal signal, To to) throws Exception {
    var client = program(waits, "Waits", "connect");
    client.awaitLine("waits");
    var remains = remainsOf(client, 0, 0);
    assertEnds(client, signal, to, signal.exitCode, PROMPTLY_MILLIS);
    remains.awaitNone();
  }

  @ParameterizedTest
  @MethodSource("allSignals")
  void aClientThatWaitsForItsOwnWorkersEndsWithThem(Signal signal, To to) throws Exception {
    var client = program(waits, "Waits", "processes");
    client.awaitLine("waits");
    var remains = remainsOf(client, 2, 2);
    remains.awaitSpilled();
    assertEnds(client, signal, to, signal.exitCode, PROMPTLY_MILLIS);
    remains.awaitNone();
  }

  @ParameterizedTest
  @MethodSource("signals")
  void aDemoEndsWithItsWorkers(Signal signal, To to) throws Exception {
    var demo = demo();
    var remains = remainsOf(demo, 2, 2);
    assertEnds(demo, signal, to, signal.exitCode, PROMPTLY_MILLIS);
    assertThat(demo.output()).contains("heddle: the demo was stopped");
    remains.awaitNone();
  }

  private JvmProcess demo() throws Exception {
    return heddle("demo", "--report", directory.resolve("demo.html").toString());
  }

  @ParameterizedTest
  @MethodSource("signals")
  void aBenchEndsWithItsNodes(Signal signal, To to) throws Exception {
    var bench = bench();
    var remains = remainsOf(bench, 3, 2);
    assertEnds(bench, signal, to, signal.exitCode, PROMPTLY_MILLIS);
    remains.awaitNone();
  }

  private JvmProcess bench() throws Exception {
    return heddle("bench", "noop", "--warm-up", "1h");
  }

  @ParameterizedTest
  @MethodSource("allSignals")
  void whatIsRunByHeddleRunGetsTheSignalToo(Signal signal, To to) throws Exception {
    var run = heddle("run", "--jar", waits.classPath().toString(), "-J-Xmx64m",
        "org.example.Waits", "connect");
    run.awaitLine("waits");
    var remains = remainsOf(run, 1, 0);
    assertEnds(run, signal, to, signal.exitCode, PROMPTLY_MILLIS);
    remains.awaitNone();
  }

  @Test
  void theSecondSignalEndsAProgramThatDoesNotEndByTheFirst() throws Exception {
    var run = heddle("run", "--jar", stubborn.classPath().toString(), "-J-Xmx64m",
        "org.example.Stubborn");
    run.awaitLine("waits");
    var remains = remainsOf(run, 1, 0);
    run.signal("TERM");
    run.awaitLine("hook");
    assertEnds(run, Signal.TERM, To.PROCESS, 143, AT_ONCE_MILLIS);
    remains.awaitNone();
  }

  // --- nodes

  @ParameterizedTest
  @MethodSource("signals")
  void aSchedulerWithClientsAndWorkersEndsWell(Signal signal, To to) throws Exception {
    var node = heddle("scheduler", "--port", "0");
    var where = Address.parse(node.awaitWordAfter("scheduler at "));
    try (var attached = new Attached(where)) {
      assertThat(attached.works()).isTrue();
      assertEnds(node, signal, to, 0, PROMPTLY_MILLIS);
    }
    assertNobodyListensAt(where);
    remainsNothing();
  }

  /// A worker and a client of a scheduler, in this JVM.
  private static final class Attached implements AutoCloseable {
    private final MetadataStore store;
    private final Worker worker;
    private final Client client;

    Attached(Address scheduler) throws Exception {
      store = RemoteMetadataStore.open(EndpointConfig
          .of(Hello.Role.WORKER, "attached-store", secret), scheduler);
      worker = Worker.start(WorkerOptions.of("attached", secret).withThreads(1), store);
      client = Heddle.connect(scheduler.toString(), ClientOptions.DEFAULT.secret(secret));
    }

    boolean works() throws Exception {
      return client.submit(() -> true).get();
    }

    @Override
    public void close() throws Exception {
      client.close();
      worker.close();
      store.close();
    }
  }

  @ParameterizedTest
  @MethodSource("signals")
  void aMetadataStoreInUseEndsWell(Signal signal, To to) throws Exception {
    var node = heddle("metadata", "--port", "0");
    var where = Address.parse(node.awaitWordAfter("metadata store at "));
    try (var store = RemoteMetadataStore.open(
        EndpointConfig.of(Hello.Role.CLIENT, "test", secret),
        where)) {
      assertThat(store.workers()).isEmpty();
      assertEnds(node, signal, to, 0, PROMPTLY_MILLIS);
    }
    assertNobodyListensAt(where);
    remainsNothing();
  }

  private void remainsNothing() {
    new Remains(List.of(), List.of(), temporary).awaitNone();
  }

  private static void assertNobodyListensAt(Address where) {
    assertThatThrownBy(() -> new Socket(where.host(), where.port()).close())
        .isInstanceOf(ConnectException.class);
  }

  /// A worker whose only function ignores its interruption.
  private WorkerClient stubbornlyBusy(JvmProcess node, WorkerNetwork network) throws Exception {
    var client = network.worker(Address.parse(node.awaitWordAfter(" at ")));
    var _ = client.start(Key.of("stubborn"), stubborn.function("Stubborn", "task"));
    Awaited.that(
        () -> assertThat(client.info().facts()).containsEntry("running", "stubborn"));
    return client;
  }

  @ParameterizedTest
  @MethodSource("signals")
  void theSecondSignalEndsAWorkerAtOnce(Signal signal, To to) throws Exception {
    var node = heddle("worker", address.toString(), "--value-limit", "64MiB");
    try (var network = WorkerNetwork.open("test", secret)) {
      stubbornlyBusy(node, network).put(Key.of("large"), new byte[48 << 20]);
      var remains = remainsOf(node, 0, 1);
      remains.awaitSpilled();
      send(node, signal, to);
      assertThat(node.awaitLine("ending within "))
          .matches("ending within (2\\d|30) s: 1 function runs \\(stubborn\\);"
              + " once more to end at once");
      assertEnds(node, signal, to, signal.exitCode, AT_ONCE_MILLIS);
      remains.awaitNone();
    }
  }

  @Test
  void aWorkerEndsWithinItsGraceWhateverRuns() throws Exception {
    var node = heddle("worker", address.toString(), "--grace", "1s");
    try (var network = WorkerNetwork.open("test", secret)) {
      stubbornlyBusy(node, network);
      var remains = remainsOf(node, 0, 1);
      assertEnds(node, Signal.TERM, To.PROCESS, 143, 1_000 + AT_ONCE_MILLIS);
      assertThat(node.output()).contains("ending within ", "1 function runs (stubborn)",
          "cut short 1 function: stubborn");
      remains.awaitNone();
    }
  }

  // --- what cannot be helped

  @Test
  void theWorkersOfAProgramThatIsKilledEndByThemselves() throws Exception {
    var parent = program(waits, "Waits", "processes");
    parent.awaitLine("waits");
    var remains = remainsOf(parent, 2, 2);
    remains.awaitSpilled();
    parent.signal("KILL");
    assertThat(parent.awaitExit()).isEqualTo(137);
    remains.awaitNone();
  }

  @Test
  void theProgramOfAHeddleRunThatIsKilledEndsToo() throws Exception {
    Assumptions.assumeThat(Path.of("/usr/bin/setpriv")).exists();
    var run = heddle("run", "--jar", waits.classPath().toString(), "-J-Xmx64m",
        "org.example.Waits", "connect");
    run.awaitLine("waits");
    var remains = remainsOf(run, 1, 0);
    run.signal("KILL");
    assertThat(run.awaitExit()).isEqualTo(137);
    remains.awaitNone();
  }

  @Test
  void theWorkersOfADemoThatIsKilledEndByThemselves() throws Exception {
    var parent = demo();
    var remains = remainsOf(parent, 2, 2);
    parent.signal("KILL");
    assertThat(parent.awaitExit()).isEqualTo(137);
    remains.awaitNone();
  }

  @Test
  void whatAKilledClientHeldIsReleasedOnceItsTimeToComeBackIsOver() throws Exception {
    var patience = Duration.ofSeconds(1);
    var options = SchedulerOptions.of(secret).withListen(new Address("127.0.0.1", 0))
        .withSettings(usual -> new SchedulerConfig(usual.namespace(), usual.allowedFailures(),
            patience, usual.settleWithin(), usual.deathReportWithin(), usual.queueAhead()));
    try (var here = Scheduler.start(options);
        var node = Worker.start(WorkerOptions.of("holder", secret).withThreads(2), here.store());
        var looker = Heddle.connect(here.address().toString(),
            ClientOptions.DEFAULT.secret(secret));
        var network = WorkerNetwork.open("test", secret)) {
      environment.put("HEDDLE_ADDRESS", here.address().toString());
      var client = program(waits, "Waits", "connect");
      client.awaitLine("waits");
      var facts = network.worker(node.address());
      assertThat(Integer.parseInt(facts.info().facts().get("values"))).isGreaterThanOrEqualTo(4);
      client.signal("KILL");
      assertThat(client.awaitExit()).isEqualTo(137);
      Awaited.that(() -> assertThat(facts.info().facts()).containsEntry("values", "0")
          .containsEntry("tasks", "0").containsEntry("running", ""));
      assertThat(looker.submit(() -> 1).get()).isEqualTo(1);
    }
  }
}
