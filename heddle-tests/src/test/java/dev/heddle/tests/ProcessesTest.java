package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.code.RemoteFunction;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.metadata.RemoteMetadataStore;
import dev.heddle.wire.Address;
import dev.heddle.wire.ConnectionLostException;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Key;
import dev.heddle.wire.Secret;
import dev.heddle.worker.TaskFailedException;
import dev.heddle.worker.WorkerClient;
import dev.heddle.worker.WorkerNetwork;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A metadata store and two workers, each a process with nothing but Heddle on its class path, and
/// whoever else a test starts: what becomes of the others when one of them is killed, stopped, asked
/// to end or fed with rubbish.
class ProcessesTest {
  /// No other test's: of what a worker had that died, the store says for a while that it is there.
  private static final Key FINISHED = Key.of("finished");
  private static final Key TWICE = Key.of("twice");
  private static final Key X = Key.of("x");
  private static final Key Y = Key.of("y");
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private static final String FUNCTIONS = """
      import dev.heddle.code.*;
      import java.io.*;
      import java.net.*;
      import java.util.*;

      public class Functions {
        static class Point implements Serializable {
          final int x;
          Point(int x) { this.x = x; }
          Point moved(int by) { return new Point(x + by); }
          @Override public String toString() { return "Point " + x; }
        }

        public static Task1<Integer, Integer> plusOne() { return n -> n + 1; }
        public static Task1<Integer, Object> point() { return Point::new; }
        public static Task1<Point, String> moved() { return p -> p.moved(1).toString(); }
        public static Task<String> exits() { return () -> { System.exit(3); return "after"; }; }
        public static Task<String> halts() {
          return () -> { Runtime.getRuntime().halt(3); return "after"; };
        }
        public static Task<Integer> recurses() { return () -> deeper(0); }
        static int deeper(int n) { return deeper(n + 1) + 1; }
        public static Task<Integer> devours() {
          return () -> {
            List<byte[]> all = new ArrayList<>();
            while (true) {
              all.add(new byte[1 << 20]);
            }
          };
        }
        public static Task<String> missesAClass() {
          return () -> Class.forName("org.example.Missing").getName();
        }
        /** Says that it runs, and waits for a word. */
        public static Task1<Integer, Integer> waits() {
          return port -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
              return socket.getInputStream().read();
            }
          };
        }
      }
      """;

  private static final String CALLER = """
      import dev.heddle.code.*;
      import dev.heddle.wire.*;
      import dev.heddle.worker.*;
      import java.util.*;

      public class Caller {
        record Word(String text, List<Word> others) implements java.io.Serializable {
          int length() { return text.length() + others.stream().mapToInt(Word::length).sum(); }
        }

        public static void main(String[] addresses) throws Exception {
          try (var a = WorkerClient.connect(Address.parse(addresses[0]));
              var b = WorkerClient.connect(Address.parse(addresses[1]))) {
            a.put(Key.of("words"), new Word("one", List.of(new Word("two", List.of()))));
            Task1<Word, Word> longer = word -> new Word("three", List.of(word));
            Task1<Word, Integer> length = Word::length;
            b.compute(Key.of("longer"), longer, Key.of("words"));
            a.compute(Key.of("length"), length, Key.of("longer"));
            System.out.println("length " + a.get(Key.of("length")) + " of "
                + b.get(Key.of("longer")));
          }
        }
      }
      """;

  @TempDir
  private static Path directory;
  private static final List<JvmProcess> ALL = new ArrayList<>();
  private static Secret secret;
  private static Map<String, String> environment;
  private static Address storeAddress;
  private static UserProgram program;
  private static WorkerNetwork network;
  private static MetadataStore store;
  private static WorkerClient a;
  private static WorkerClient b;

  @BeforeAll
  static void start() throws Exception {
    var secretFile = directory.resolve("secret");
    secret = Secret.create(secretFile);
    environment = Map.of("HEDDLE_SECRET_FILE", secretFile.toString());
    var metadata = heddle("metadata", "--port", "0");
    program = UserProgram.compile(directory.resolve("functions"), List.of(), FUNCTIONS);
    storeAddress = Address.parse(metadata.awaitWordAfter("metadata store at "));
    var first = startWorker("a");
    var second = startWorker("b");
    network = WorkerNetwork.open("test", secret);
    store = RemoteMetadataStore.open(EndpointConfig.of(Hello.Role.CLIENT, "test-store", secret),
        storeAddress);
    a = client(first);
    b = client(second);
  }

  @AfterAll
  static void stop() throws Exception {
    ALL.forEach(JvmProcess::close);
    store.close();
    network.close();
    program.close();
  }

  @AfterEach
  void theTwoWorkersServeOn() throws Exception {
    for (var worker : List.of(a, b)) {
      worker.put(Key.of("alive"), true);
      assertThat(worker.get(Key.of("alive"))).isEqualTo(true);
      worker.delete(List.of(Key.of("alive"), X, Y, Key.of("z"), FINISHED, TWICE));
      Awaited.that(() -> assertThat(worker.info().facts()).containsEntry("running", ""));
    }
  }

  private static JvmProcess heddle(String... arguments) throws Exception {
    var process = JvmProcess.heddle(environment, arguments);
    ALL.add(process);
    return process;
  }

  private static JvmProcess startWorker(String name, String... more) throws Exception {
    var arguments = new ArrayList<>(
        List.of("worker", storeAddress.toString(), "--name", name, "--threads", "2"));
    arguments.addAll(List.of(more));
    return heddle(arguments.toArray(String[]::new));
  }

  private static Address addressOf(JvmProcess worker) throws Exception {
    return Address.parse(worker.awaitWordAfter(" at "));
  }

  private static WorkerClient client(JvmProcess worker) throws Exception {
    return network.worker(addressOf(worker));
  }

  private static List<String> holders(Key key) throws Exception {
    return Holders.names(store, key);
  }

  private static RemoteFunction function(String name) throws Exception {
    return program.function("Functions", name);
  }

  /// A function that runs on a worker until the test says a word.
  private static final class Waiting implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private Socket socket = new Socket();

    Waiting() throws Exception {
      server.setSoTimeout(60_000);
    }

    int port() {
      return server.getLocalPort();
    }

    void awaitIt() throws Exception {
      socket = server.accept();
    }

    void say(int word) throws Exception {
      socket.getOutputStream().write(word);
    }

    @Override
    public void close() throws IOException {
      socket.close();
      server.close();
    }
  }

  // --- code and values

  @Test
  void aCallersOwnClassesTravelFromItsJarToWorkersThatDoNotHaveThem() throws Exception {
    try (var caller = UserProgram.compile(directory.resolve("caller"), List.of(), CALLER)
        .inJar(directory.resolve("caller.jar"))) {
      var classPath = JvmProcess.classPathOfHeddle() + File.pathSeparator
          + caller.classPath();
      try (var process = JvmProcess.start(environment, List.of("-Xmx96m"), classPath,
          "org.example.Caller", a.address().toString(), b.address().toString())) {
        process.awaitLine("length 11 of Word[text=three");
        assertThat(process.awaitExit()).as("%s", process).isZero();
      }
    }
    assertThat(holders(Key.of("longer"))).containsExactly("a", "b");
    // The caller has ended, and its classes with it: what needs none of them is still to be had.
    assertThat(a.get(Key.of("length"))).isEqualTo(11);
    a.delete(List.of(Key.of("words"), Key.of("longer"), Key.of("length")));
    b.delete(List.of(Key.of("words"), Key.of("longer")));
  }

  @Test
  void classesOfJava8RunUnchanged() throws Exception {
    try (var old = UserProgram.compile(directory.resolve("java8"), List.of("--release", "8"),
        FUNCTIONS)) {
      a.compute(X, old.function("Functions", "point"), 4);
      b.compute(Y, old.function("Functions", "moved"), X);
      assertThat(b.get(Y)).isEqualTo("Point 5");
    }
  }

  @Test
  void aClassThatNobodyHasIsAFailureThatSaysWhereWasLooked() throws Exception {
    assertThatThrownBy(() -> a.compute(X, function("missesAClass")))
        .isInstanceOf(TaskFailedException.class).hasMessageContaining("ClassNotFoundException")
        .hasMessageContaining("org.example.Missing is not in code base ")
        .hasMessageContaining("test at ").hasMessageContaining("does not have it. Put the jar");
  }

  // --- functions that would take the process with them

  @Test
  void endingTheProcessIsRefused() throws Exception {
    for (var way : List.of("exits", "halts")) {
      assertThatThrownBy(() -> a.compute(X, function(way))).isInstanceOf(TaskFailedException.class)
          .hasMessageContaining("refused, as it would end the worker")
          .hasMessageContaining("org.example.Functions");
    }
  }

  @Test
  void recursionWithoutEndIsAFailure() {
    assertThatThrownBy(() -> a.compute(X, function("recurses")))
        .hasMessageContaining("StackOverflowError");
  }

  @Test
  void devouringTheWholeHeapIsAFailure() {
    assertThatThrownBy(() -> a.compute(X, function("devours")))
        .isInstanceOf(TaskFailedException.class).hasMessageContaining("OutOfMemoryError");
  }

  // --- holders that go

  @Test
  void aKilledHolderIsPassedOverAndForgottenWithItsLease() throws Exception {
    var victim = startWorker("victim", "--lease", "3s");
    var client = client(victim);
    client.put(Map.of(X, 1, Key.of("only-there"), 1));
    b.put(X, 1);
    var ofVictim = Holders.named(store, X, "victim");
    victim.signal("KILL");
    assertThat(victim.awaitExit()).isEqualTo(137);
    a.startKnowing(Map.of(X, List.of(ofVictim)), Y, function("plusOne"), false, X).await();
    assertThat(a.get(Y)).isEqualTo(2);
    assertThatThrownBy(() -> a.compute(Key.of("z"), function("plusOne"), Key.of("only-there")))
        .isInstanceOf(TaskFailedException.class).hasMessageContaining("'only-there'");
    Awaited.that(() -> assertThat(holders(Key.of("only-there"))).isEmpty());
    assertThat(store.workers()).extracting(worker -> worker.id().name()).doesNotContain("victim");
  }

  @Test
  void aCallIsToldAtOnceThatItsWorkerWasKilled() throws Exception {
    var victim = startWorker("shortlived", "--lease", "1s");
    var client = client(victim);
    try (var waiting = new Waiting()) {
      var task = client.start(X, function("waits"), waiting.port());
      waiting.awaitIt();
      victim.signal("KILL");
      // By the end of its connection, and not because nothing was heard of it for a while.
      assertThatThrownBy(() -> task.await(PATIENCE)).isInstanceOf(ConnectionLostException.class)
          .hasMessageContaining(client.address().toString())
          .hasMessageNotContaining("no sign of life");
    }
  }

  @Test
  void aStoppedHolderIsNoticedAndPassedOver() throws Exception {
    var frozen = startWorker("frozen");
    client(frozen).put(X, 1);
    b.put(X, 1);
    var ofFrozen = Holders.named(store, X, "frozen");
    // The connection that will fall silent is there already.
    a.startKnowing(Map.of(X, List.of(ofFrozen)), Y, function("plusOne"), false, X).await();
    a.delete(List.of(X, Y));
    frozen.signal("STOP");
    try {
      // Noticed by its silence: it would have a minute to answer.
      a.startKnowing(Map.of(X, List.of(ofFrozen)), Y, function("plusOne"), false, X)
          .await(PATIENCE);
      assertThat(a.get(Y)).isEqualTo(2);
    } finally {
      frozen.signal("CONT");
      frozen.signal("KILL");
    }
  }

  // --- signals

  @Test
  void aWorkerThatIsAskedToEndGivesItsValuesAwayAndEndsWell() throws Exception {
    for (var signal : List.of("TERM", "INT")) {
      var leaving = startWorker("leaving-by-" + signal);
      client(leaving).put(Map.of(X, signal, Key.of("z"), signal + "2"));
      var remains = Remains.awaitOf(leaving, 0, 1, Files.createDirectories(directory.resolve("x")));
      leaving.signal(signal);
      assertThat(leaving.awaitExit()).as("%s", leaving).isZero();
      remains.awaitNone();
      assertThat(leaving.output()).contains("gave 2 values to other workers")
          .doesNotContain("lost");
      var holder = Holders.of(store, X).getFirst();
      assertThat(network.worker(holder.address()).get(X)).isEqualTo(signal);
      assertThat(store.workers()).extracting(worker -> worker.id().name())
          .doesNotContain("leaving-by-" + signal);
      for (var worker : List.of(a, b)) {
        worker.delete(List.of(X, Key.of("z")));
      }
    }
  }

  @Test
  void whatOnlyADeadWorkerHasTooIsGivenAway() throws Exception {
    var dead = startWorker("dead", "--lease", "20s");
    var leaving = startWorker("last-but-dead");
    client(dead).put(TWICE, 1);
    client(leaving).put(TWICE, 1);
    dead.signal("KILL");
    assertThat(dead.awaitExit()).isEqualTo(137);
    leaving.signal("TERM");
    assertThat(leaving.awaitExit()).as("%s", leaving).isZero();
    assertThat(leaving.output()).contains("gave 1 value").doesNotContain("lost");
    assertThat(Holders.of(store, TWICE)).extracting(holder -> holder.worker().name())
        .containsAnyOf("a", "b");
  }

  @Test
  void twoThatLeaveAtTheSameTimeDoNotCountOnEachOther() throws Exception {
    var leaving = List.of(startWorker("leaving-1"), startWorker("leaving-2"));
    for (var worker : leaving) {
      client(worker).put(TWICE, 1);
    }
    for (var worker : leaving) {
      worker.signal("TERM");
    }
    for (var worker : leaving) {
      assertThat(worker.awaitExit()).as("%s", worker).isZero();
      assertThat(worker.output()).doesNotContain("lost");
    }
    assertThat(Holders.of(store, TWICE)).extracting(holder -> holder.worker().name())
        .containsAnyOf("a", "b");
  }

  @Test
  void whatRunsIsFinishedWithinTheGraceWhichIsCountedDown() throws Exception {
    var leaving = startWorker("busy");
    try (var waiting = new Waiting()) {
      var task = client(leaving).start(FINISHED, function("waits"), waiting.port());
      waiting.awaitIt();
      leaving.signal("TERM");
      assertThat(leaving.awaitLine("ending within "))
          .containsPattern(
              "ending within (2\\d|30) s: 1 function runs \\(finished\\); once more to end");
      waiting.say(42);
      assertThat(task.await().key()).isEqualTo(FINISHED);
    }
    assertThat(leaving.awaitExit()).as("%s", leaving).isZero();
    assertThat(leaving.output()).contains("gave 1 value");
    var holder = Holders.of(store, FINISHED).getFirst();
    assertThat(network.worker(holder.address()).get(FINISHED)).isEqualTo(42);
  }

  // --- mistakes of whoever starts them

  @Test
  void whatCannotStartSaysWhyAndWhatToDo() throws Exception {
    var other = Secret.create(directory.resolve("other-secret"));
    assertThat(other.isGiven()).isTrue();
    var store = storeAddress.toString();
    // All at once, since each is a JVM to start.
    var wrongSecret = heddle("worker", store, "--secret-file",
        directory.resolve("other-secret").toString());
    var sameName = startWorker("a");
    var portInUse = startWorker("c", "--port", String.valueOf(a.address().port()));
    var typo = heddle("worker", "hedle://localhost:8786");
    var nobody = heddle("worker", "heddle://localhost:1");
    var users = JvmProcess.start(Map.of(), List.of("-Xmx96m", "-Duser.home=" + directory),
        JvmProcess.classPathOfHeddle(), "dev.heddle.cli.Main", "metadata", "--port", "0", "--host",
        "0.0.0.0");
    ALL.add(users);
    var mistakes = new LinkedHashMap<JvmProcess, List<String>>();
    mistakes.put(wrongSecret, List.of("secret", store));
    mistakes.put(sameName, List.of("the name 'a' is taken", "--name"));
    mistakes.put(portInUse, List.of("cannot listen on " + a.address(), "--port"));
    mistakes.put(typo, List.of("'hedle://localhost:8786'", "expected heddle://host:port"));
    mistakes.put(nobody, List.of("heddle://localhost:1", "refused"));
    mistakes.put(users, List.of("0.0.0.0", "heddle secret"));
    for (var mistake : mistakes.entrySet()) {
      var process = mistake.getKey();
      assertThat(process.awaitExit()).as("%s", process).isBetween(1, 4);
      assertThat(process.output()).contains(mistake.getValue()).doesNotContain("\tat ")
          .contains("heddle: ");
      assertThat(process.output().lines().count()).as("%s", process).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void strangersAreTurnedAwayAndNobodyElseNotices() throws Exception {
    var random = new byte[4096];
    new Random(7).nextBytes(random);
    for (var rubbish : List.of("GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        .getBytes(StandardCharsets.US_ASCII), random, new byte[]{1})) {
      for (var node : List.of(a.address(), storeAddress)) {
        try (var socket = new Socket(node.host(), node.port())) {
          socket.setSoTimeout(10_000);
          socket.getOutputStream().write(rubbish);
          socket.shutdownOutput();
          assertThat(drained(socket.getInputStream())).isLessThan(4096);
        }
        assertThat(a.ping()).isPositive();
      }
    }
  }

  /// Reads to the end, also where that is a reset.
  private static int drained(InputStream in) throws Exception {
    try {
      return in.readAllBytes().length;
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
      return 0;
    }
  }
}
