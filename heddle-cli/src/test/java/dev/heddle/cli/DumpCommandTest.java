package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.ClientOptions;
import dev.heddle.Heddle;
import dev.heddle.scheduler.Scheduler;
import dev.heddle.scheduler.SchedulerOptions;
import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerOptions;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DumpCommandTest {
  @TempDir
  private Path directory;

  @Test
  void aDumpHasAllOfEveryNodeNothingSecretAndTheNamesOfThoseWhoAreSilent() throws Exception {
    var secretFile = directory.resolve("secret");
    var secret = Secret.create(secretFile);
    try (var silent = new ServerSocket(0);
        var scheduler = Scheduler.start(
            SchedulerOptions.of(secret).withListen(new Address("127.0.0.1", 0)));
        var worker = Worker.start(WorkerOptions.of("anna", secret).withThreads(1),
            scheduler.store())) {
      joinWithoutAnswering(scheduler, silent);
      try (var client = Heddle.connect(scheduler.address().toString(),
          ClientOptions.DEFAULT.secret(secret))) {
        var value = client.submit(() -> "a value of a " + "user, 4711");
        assertThat(value.get()).endsWith("4711");
        var heddle = new CommandLines(Map.of("HEDDLE_SECRET_FILE", secretFile.toString(),
            "HEDDLE_ADDRESS", scheduler.address().toString()));
        var zip = directory.resolve("dump.zip");

        var began = System.nanoTime();
        var ended = heddle.run("dump", zip.toString());

        assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(ended.out()).startsWith(zip + ": 2 of 3 nodes\nbertha at ");
        var files = files(zip);
        for (var node : new String[]{"scheduler", "anna"}) {
          for (var name : new String[]{"processes.txt", "node.txt", "threads.txt", "log.txt",
              "state.txt", "stories.txt"}) {
            assertThat(files).containsKey(node + "/" + name);
          }
        }
        assertThat(files.get("silent.txt")).startsWith("bertha at ");
        assertThat(files.get("scheduler/state.txt")).contains("'" + value.key() + "' is done");
        assertThat(files.get("scheduler/stories.txt")).contains("processing -> memory");
        assertThat(files.get("anna/state.txt")).contains(value.key() + "  Stored");
        assertThat(files.get("anna/stories.txt")).contains(value.key() + ": running -> stored");
        assertThat(files.get("anna/threads.txt")).contains("anna/slot-1", "anna/clock");
        var all = String.join("\n", files.values());
        var raw = Files.readString(secretFile).strip();
        assertThat(all).doesNotContain(raw, "4711", secretFile.toString());
        System.getenv().forEach((name, text) -> {
          if (text.length() > 20) {
            assertThat(all).as(name).doesNotContain(text);
          }
        });
        assertThat(heddle.run("dump", zip.toString()).status()).isEqualTo(1);
      }
    }
  }

  private static void joinWithoutAnswering(Scheduler scheduler, ServerSocket socket)
      throws Exception {
    scheduler.store().join(new WorkerInfo(
        new WorkerId("bertha", 7),
        new Address("127.0.0.1", socket.getLocalPort()), "there", 1, 1),
        Duration.ofMinutes(1));
  }

  private static Map<String, String> files(Path zip) throws Exception {
    var files = new LinkedHashMap<String, String>();
    try (var opened = new ZipFile(zip.toFile())) {
      for (var entry : opened.stream().toList()) {
        files.put(entry.getName(), new String(opened.getInputStream(entry).readAllBytes(),
            StandardCharsets.UTF_8));
      }
    }
    return files;
  }
}
