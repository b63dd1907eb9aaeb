package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heddle.Client;
import dev.heddle.ClientOptions;
import dev.heddle.Heddle;
import dev.heddle.RemoteFuture;
import dev.heddle.Task;
import dev.heddle.TaskOptions;
import dev.heddle.wire.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// What a program and a person at the command line are told, word by word ([Golden]), by a scheduler and a
/// worker of one thread, each a process of its own.
@Timeout(180)
class MessagesTest {
  @TempDir
  private static Path directory;
  private static final List<JvmProcess> ALL = new ArrayList<>();
  private static Map<String, String> environment;
  private static ClientOptions options;
  private static String address;
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    var secretFile = directory.resolve("secret");
    assertThat(Secret.create(secretFile).isGiven()).isTrue();
    var scheduler = JvmProcess.heddle(Map.of("HEDDLE_SECRET_FILE", secretFile.toString()),
        "scheduler", "--port", "0", "--dashboard-port", "none");
    ALL.add(scheduler);
    address = scheduler.awaitWordAfter("scheduler at ");
    environment = Map.of("HEDDLE_SECRET_FILE", secretFile.toString(), "HEDDLE_ADDRESS", address);
    heddle("worker", address, "--name", "w1", "--threads", "1").awaitLine("worker w1 at ");
    options = ClientOptions.DEFAULT.secretFile(secretFile).patience(Duration.ZERO);
    client = Heddle.connect(address, options);
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    ALL.forEach(JvmProcess::close);
  }

  private static JvmProcess heddle(String... arguments) throws Exception {
    var process = JvmProcess.heddle(environment, arguments);
    ALL.add(process);
    return process;
  }

  /// What a command prints and how it ends.
  private static String told(JvmProcess command) throws Exception {
    var code = command.awaitExit();
    return command.output().lines().filter(line -> !line.equals("(end of output)"))
        .collect(Collectors.joining("\n", "", "\nexit code " + code));
  }

  private static String failure(RemoteFuture<?> future) {
    return String.valueOf(catchThrowable(() -> future.get(60, TimeUnit.SECONDS)).getMessage());
  }

  private static RemoteFuture<?> running() throws Exception {
    Task<Integer> forever = () -> {
      new CountDownLatch(1).await();
      return 1;
    };
    var running = client.submit(forever, TaskOptions.NONE.name("forever"));
    Awaited.that(() -> assertThat(client.explain(running)).contains(" runs on w1"));
    return running;
  }

  private static int parse(String text) {
    return Integer.parseInt(text);
  }

  @Test
  void aFailureAndWhatNeededIt() throws Exception {
    try (var failing = client.submit(() -> parse("x"), TaskOptions.NONE.name("parse"))) {
      Golden.check("failed", failure(failing)); // so that what needs it is not given along with it
      try (var next = client.submit(n -> n + 1, failing, TaskOptions.NONE.name("next"))) {
        Golden.check("dependent-failed", failure(next));
        Golden.check("heddle-why-failed", told(heddle("why", next.key().text())));
        Golden.check("heddle-story-failed", told(heddle("story", failing.key().text())));
      }
    }
  }

  @Test
  void endingTheProcessIsRefused() throws Exception {
    Golden.check("exit-refused", failure(client.submit(() -> {
      System.exit(3);
      return 1;
    }, TaskOptions.NONE.name("leave"))));
  }

  @Test
  void whoeverWaitsForALimitedTimeIsToldForWhat() throws Exception {
    var running = running();
    var next = client.submit(value -> String.valueOf(value), running,
        TaskOptions.NONE.name("next"));
    var queued = client.submit(() -> 1, TaskOptions.NONE.name("other"));
    Golden.check("timeout-of-get-running",
        catchThrowable(() -> running.get(1, TimeUnit.SECONDS)).toString());
    Golden.check("timeout-of-get-waiting",
        catchThrowable(() -> next.get(1, TimeUnit.SECONDS)).toString());
    Golden.check("timeout-of-get-queued",
        catchThrowable(() -> queued.get(1, TimeUnit.SECONDS)).toString());
    var whyRunning = heddle("why", running.key().text());
    var whyWaiting = heddle("why", next.key().text());
    Golden.check("heddle-why-running", told(whyRunning));
    Golden.check("heddle-why-waiting", told(whyWaiting));
    next.cancel(true);
    running.cancel(true);
  }

  @Test
  void aTaskThatTakesTooLong() throws Exception {
    Golden.check("time-limit", failure(client.submit(() -> {
      new CountDownLatch(1).await();
      return 1;
    }, TaskOptions.NONE.name("slow").timeout(Duration.ofMillis(500)))));
  }

  @Test
  void aTaskThatNoWorkerFits() throws Exception {
    var fits = client.submit(() -> 1, TaskOptions.NONE.name("train").resource("GPU", 1));
    Awaited.that(() -> assertThat(client.explain(fits)).contains("needs a worker"));
    Golden.check("no-worker-fits", client.explain(fits));
    Golden.check("timeout-of-get-no-worker-fits",
        catchThrowable(() -> fits.get(1, TimeUnit.SECONDS)).toString());
    var elsewhere = client.submit(() -> 1,
        TaskOptions.NONE.name("train").workers("gpu-1", "gpu-2"));
    Golden.check("no-such-worker", client.explain(elsewhere));
    fits.close();
    elsewhere.close();
  }

  static final class Service {
    int answer() {
      return 42;
    }
  }

  @Test
  void whatCannotTravelIsRefusedAtSubmit() throws Exception {
    var service = new Service();
    Golden.check("capture-refused",
        catchThrowable(() -> client.submit(() -> service.answer())).toString());
    var thread = client.submit(() -> Thread.currentThread(), TaskOptions.NONE.name("thread"));
    Golden.check("result-cannot-travel", failure(thread));
  }

  @Test
  void aSchedulerThatIsNotThere() throws Exception {
    Golden.check("scheduler-unreachable",
        catchThrowable(() -> Heddle.connect("heddle://127.0.0.1:1", options)).toString());
    var status = JvmProcess.heddle(environment, "status", "--address", "heddle://127.0.0.1:1");
    ALL.add(status);
    Golden.check("heddle-status-unreachable", told(status));
  }

  @Test
  void whatIsDoneAndWhatIsUnknown() throws Exception {
    var done = client.submit(() -> {
      System.out.println("half way");
      System.err.println("a warning");
      LoggerFactory.getLogger("of.the.user").warn("logged");
      return 42;
    }, TaskOptions.NONE.name("answer"));
    assertThat(done.get()).isEqualTo(42);
    var key = done.key().text();
    var commands = Map.of("heddle-why-done", heddle("why", key), "heddle-story-done",
        heddle("story", key), "heddle-logs", heddle("logs", key), "heddle-why-unknown",
        heddle("why", "nothing"), "heddle-story-unknown", heddle("story", "nothing"),
        "heddle-logs-unknown", heddle("logs", "nothing"));
    for (var command : commands.entrySet()) {
      Golden.check(command.getKey(), told(command.getValue()));
    }
  }

  /// To a file alone: nothing of it is printed.
  private static final String LOGBACK = """
      <configuration>
        <appender name="file" class="ch.qos.logback.core.FileAppender">
          <file>FILE</file>
          <encoder><pattern>%msg%n</pattern></encoder>
        </appender>
        <root level="INFO"><appender-ref ref="file"/></root>
      </configuration>
      """;

  @Test
  void whatATaskLogsIsKeptOnceAlsoByAWorkerThatLogsToAFileAlone() throws Exception {
    var log = directory.resolve("w2.log");
    var configuration = Files.writeString(directory.resolve("logback.xml"),
        LOGBACK.replace("FILE", log.toString()));
    try (var process = JvmProcess.start(environment,
        List.of("-Xmx96m", "-Dlogback.configurationFile=" + configuration),
        JvmProcess.classPathOfHeddle(), "dev.heddle.cli.Main", "worker", address, "--name", "w2",
        "--threads", "1")) {
      process.awaitLine("worker w2 at ");
      var logs = client.submit(() -> {
        System.out.println("printed");
        LoggerFactory.getLogger("of.the.user").info("logged {}", 1);
        LoggerFactory.getLogger("of.the.user").debug("not logged");
        return 42;
      }, TaskOptions.NONE.name("logs").workers("w2"));
      assertThat(logs.get()).isEqualTo(42);
      assertThat(Files.readString(log)).contains("logged 1");
      Golden.check("logs-to-a-file", client.logs(logs));
      process.signal("TERM");
      assertThat(process.awaitExit()).as("%s", process).isZero();
    }
    // As other tests expect it.
    Awaited.that(() -> assertThat(client.info().workers()).hasSize(1));
  }

  @Test
  void theProcessesOfTheNodes() throws Exception {
    var running = running();
    var ps = heddle("ps");
    var unknown = heddle("ps", "w9");
    Golden.check("heddle-ps", steady(told(ps)));
    Golden.check("heddle-ps-unknown", told(unknown));
    running.cancel(true);
  }

  /// Without counts, in columns of no width, without connections, which come and go, and with one line for
  /// processes of one kind.
  private static String steady(String text) {
    var lines = new ArrayList<String>();
    for (var line : Golden.normal(text).lines().toList()) {
      var steady = line.replaceAll("(?<=\\S) {2,}", "  ").replaceAll(" +$", "")
          .replaceAll("(?<=  )\\d+(\\.\\d+)?(?=  )", "N")
          .replaceAll("\\d+(\\.\\d+)?(/s| turns/s)", "N$2")
          .replaceAll(" \\(\\d+ at work\\)", "").replaceAll("(\\w\\.java):\\d+", "$1:N")
          .replaceAll("^( +\\w+)-\\d+  ", "$1-N  ").replaceAll("link( ×\\d+)?", "link ×N")
          .replaceAll("^( +(beat|clock)) .*", "$1 …").replaceAll("(└──.*?)  pulse( ×\\d+)?", "$1")
          .replaceAll("└── pulse( ×\\d+)?  ", "└── ")
          .replaceAll("control \\(.* N turns", "control (… N turns");
      if (!lines.contains(steady) && !steady.matches(" +wire| {4,}(link ×N|pulse) .*")) {
        lines.add(steady);
      }
    }
    return String.join("\n", lines);
  }
}
