package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.ClientOptions;
import dev.heddle.Heddle;
import dev.heddle.TaskOptions;
import dev.heddle.scheduler.Scheduler;
import dev.heddle.scheduler.SchedulerOptions;
import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerOptions;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReportCommandTest {
  @TempDir
  private Path directory;

  @Test
  void aReportTellsWhatRanAndNothingSecret() throws Exception {
    var secretFile = directory.resolve("secret");
    var secret = Secret.create(secretFile);
    try (
        var scheduler = Scheduler.start(
            SchedulerOptions.of(secret).withListen(new Address("127.0.0.1", 0)));
        var worker = Worker.start(WorkerOptions.of("anna", secret).withThreads(1),
            scheduler.store());
        var client = Heddle.connect(scheduler.address().toString(),
            ClientOptions.DEFAULT.secret(secret))) {
      var texts = client.map(List.of(1, 2, 3), i -> "a value of a " + "user, " + 1570 * i,
          TaskOptions.named("write"));
      assertThat(client.gather(texts)).contains("a value of a user, 4710");
      var heddle = new CommandLines(Map.of("HEDDLE_SECRET_FILE", secretFile.toString(),
          "HEDDLE_ADDRESS", scheduler.address().toString()));
      var file = directory.resolve("report.html");

      var ended = heddle.run("report", file.toString());

      assertThat(ended.status()).as(ended.err()).isZero();
      var text = Files.readString(file);
      assertThat(ended.out()).isEqualTo(file + ": 3 runs, " + Files.size(file) + " bytes\n");
      assertThat(text).contains("1 worker with 1 slot", ">write<", "anna")
          .doesNotContain("user, 4710", Files.readString(secretFile).strip(),
              secretFile.toString());
      System.getenv().forEach((name, value) -> {
        if (value.length() > 20) {
          assertThat(text).as(name).doesNotContain(value);
        }
      });
      var again = heddle.run("report", file.toString());
      assertThat(again.status()).isEqualTo(Failures.FAILED);
      assertThat(again.err()).startsWith("heddle: cannot write the report to " + file
          + ": it is there already; remove it, or name another (HDL-0053)");
      assertThat(heddle.run("report", directory.resolve("2.html").toString(), "--json").out())
          .contains("\"runs\" : 3", "\"silent\" : { }");
    }
  }

  @Test
  void withoutASchedulerThereIsNoFile() throws Exception {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var secretFile = directory.resolve("secret");
    var _ = Secret.create(secretFile);
    var heddle = new CommandLines(Map.of("HEDDLE_SECRET_FILE", secretFile.toString(),
        "HEDDLE_ADDRESS", "heddle://127.0.0.1:" + port));

    var ended = heddle.run("report", directory.resolve("report.html").toString());

    assertThat(ended.status()).isEqualTo(Failures.UNREACHABLE);
    assertThat(ended.err()).contains("(HDL-0001)");
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(secretFile);
    }
  }
}
