package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.metadata.MetadataNode;
import dev.heddle.wire.Address;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Key;
import dev.heddle.wire.Secret;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerClient;
import dev.heddle.worker.WorkerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The commands that ask, against a store and a worker over real sockets.
class AskingCommandsTest {
  @TempDir
  static Path directory;
  private static MetadataNode store;
  private static Worker worker;
  private static CommandLines heddle;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    var file = directory.resolve("secret");
    var secret = Secret.create(file);
    store = MetadataNode.open(EndpointConfig.of(Hello.Role.METADATA, "metadata", secret),
        new Address("127.0.0.1", 0));
    worker = Worker.start(WorkerOptions.of("anna", secret).withThreads(1), store.store());
    try (var client = WorkerClient.connect(worker.address(), secret)) {
      client.put(Key.of("x"), 123);
      client.put(Key.of("list"), new int[]{1, 2, 3});
    }
    heddle = new CommandLines(Map.of("HEDDLE_SECRET_FILE", file.toString(), "HEDDLE_METADATA",
        store.address().toString()));
  }

  @AfterAll
  static void stop() {
    worker.close();
    store.close();
  }

  @Test
  void workersAreListed() {
    assertThat(heddle.run("workers").out().lines().toList()).hasSize(2)
        .last().asString().contains("anna", worker.address().toString());
    var listed = json("workers", "--json").get(0);
    assertThat(listed.get("name").asString()).isEqualTo("anna");
    assertThat(listed.get("threads").asInt()).isEqualTo(1);
    assertThat(listed.get("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
  }

  @Test
  void whoHasNamesTheHoldersOfEachKey() {
    assertThat(heddle.run("who-has", "x", "list").out()).contains("x     anna", "list  anna");
    assertThat(json("who-has", "x", "--json").get("x").get(0).get("worker").asString())
        .isEqualTo("anna");
  }

  @Test
  void aKeyThatNobodyHasIsExitCodeFourAfterWhatIsThere() {
    var ended = heddle.run("who-has", "x", "nope");
    assertThat(ended.status()).isEqualTo(4);
    assertThat(ended.out()).contains("anna");
    assertThat(ended.err()).isEqualTo("heddle: nobody has [nope] (HDL-0052)\n");
    assertThat(heddle.run("get", "nope"))
        .isEqualTo(new CommandLines.Ended(4, "", "heddle: nobody has 'nope' (HDL-0052)\n"));
  }

  @Test
  void hasWhatNamesTheKeysOfAWorkerAndTheWorkersThatThereAre() {
    assertThat(heddle.run("has-what", "anna").out()).contains("x ", "list ");
    assertThat(json("has-what", "anna", "--json")).hasSize(2);
    assertThat(heddle.run("has-what", "ana")).isEqualTo(new CommandLines.Ended(4, "",
        "heddle: there is no worker 'ana'; there is anna (HDL-0052)\n"));
  }

  @Test
  void getPrintsTheValue() {
    assertThat(heddle.run("get", "x")).isEqualTo(new CommandLines.Ended(0, "123\n", ""));
    assertThat(heddle.run("get", "list").out()).isEqualTo("[1, 2, 3]\n");
    assertThat(heddle.run("get", "list", "--characters", "4").out())
        .isEqualTo("[1, … (9 characters)\n");
    assertThat(json("get", "x", "--json").get("type").asString()).isEqualTo("java.lang.Integer");
  }

  @Test
  void psShowsTheProcessesAndChannelsOfTheDrawing() {
    var shown = heddle.run("ps", worker.address().toString());
    assertThat(shown.status()).as(shown.err()).isZero();
    assertThat(shown.out()).startsWith("worker anna at " + worker.address() + ", pid ")
        .contains("──► control (", " turns/s", "executions 0 of ", " ──► slot", "fetches 0 of ",
            " ──► gather ×", "servings 0 of ", " ──► serve ×", "departures 0 of ", " ──► depart",
            "spills 0 of ", " ──► spill", "registrar", "locate", "clock", "beat", "accept",
            "waiting to receive from `executions anna`", "link 127.0.0.1:");
    assertThat(heddle.run("ps", store.address().toString()).out())
        .startsWith("metadata metadata at ").contains("leases");
    var json = json("ps", "--json", worker.address().toString()).get(0);
    assertThat(json.get("node").asString()).isEqualTo("anna");
    assertThat(json.get("processes")).isNotEmpty();
    assertThat(json.get("channels").get(0).get("capacity").asInt()).isPositive();
    assertThat(json.get("turns").get(0).get("name").asString()).isEqualTo("control anna");
    assertThat(json.get("cycles")).isEmpty();
  }

  @Test
  void psOfANodeThatIsNotThereNamesIt() {
    var gone = heddle.run("ps", "localhost:1");
    assertThat(gone.status()).isEqualTo(3);
    assertThat(gone.out()).startsWith("localhost:1 at heddle://localhost:1: cannot connect");
  }

  @Test
  void threePingsGetThreePongs() {
    var ended = heddle.run("ping", worker.address().toString());
    assertThat(ended.out().lines().filter(line -> line.startsWith("pong from anna in ")))
        .hasSize(3);
    assertThat(ended.out()).contains("role: worker", "values: 2");
    assertThat(json("ping", "--json", "-c", "1", worker.address().toString()).get("pingMicros"))
        .hasSize(1);
  }

  @Test
  void whereNobodyListensIsExitCodeThreeInOneLine() {
    var nowhere = heddle.run("ping", "localhost:1");
    assertThat(nowhere.status()).isEqualTo(3);
    assertThat(nowhere.err()).startsWith("heddle: cannot connect to heddle://localhost:1")
        .hasLineCount(1);
    var away = heddle.run("workers", "--metadata", "localhost:1");
    assertThat(away.status()).isEqualTo(3);
    assertThat(away.err()).contains("heddle://localhost:1").hasLineCount(1);
  }

  @Test
  void anotherSecretIsExitCodeThreeAndAMissingOneExitCodeOne() throws IOException {
    var other = directory.resolve("other");
    assertThat(heddle.run("secret", other.toString()))
        .isEqualTo(new CommandLines.Ended(0, other + "\n", ""));
    assertThat(Files.getPosixFilePermissions(other))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    var refused = heddle.run("workers", "--secret-file", other.toString());
    assertThat(refused.status()).isEqualTo(3);
    assertThat(refused.err()).contains("secret").hasLineCount(1);
    var missing = heddle.run("workers", "--secret-file", directory.resolve("none").toString());
    assertThat(missing.status()).isEqualTo(1);
    assertThat(missing.err()).contains("make one with: heddle secret").hasLineCount(1);
  }

  @Test
  void aSecretIsNeverReplaced() throws IOException {
    var file = directory.resolve("kept");
    Secret.create(file);
    var before = Files.readString(file);
    var ended = heddle.run("secret", file.toString());
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains("there is a secret already: " + file).hasLineCount(1);
    assertThat(file).hasContent(before);
  }

  @Test
  void aPortInUseIsExitCodeOne() {
    var ended = heddle.run("worker", "--port", String.valueOf(worker.address().port()));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains("port in use").hasLineCount(1);
  }

  private static JsonNode json(String... arguments) {
    var ended = heddle.run(arguments);
    assertThat(ended.status()).as(ended.err()).isZero();
    return JsonMapper.shared().readTree(ended.out());
  }
}
