package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.ClientOptions;
import dev.heddle.Heddle;
import dev.heddle.scheduler.Scheduler;
import dev.heddle.scheduler.SchedulerOptions;
import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import dev.heddle.worker.StandardStreams;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerOptions;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TaskQuestionsTest {
  @TempDir
  private Path directory;

  @Test
  void storyMergesWhatSchedulerAndWorkerRememberAndUnknownKeysAreExitCodeFour() throws Exception {
    var secretFile = directory.resolve("secret");
    var secret = Secret.create(secretFile);
    try (var scheduler = Scheduler.start(
        SchedulerOptions.of(secret).withListen(new Address("127.0.0.1", 0)));
        var worker = Worker.start(WorkerOptions.of("anna", secret).withThreads(1),
            scheduler.store());
        var client = Heddle.connect(scheduler.address().toString(),
            ClientOptions.DEFAULT.secret(secret))) {
      assertThat(worker.info().threads()).isEqualTo(1);
      var future = client.submit(() -> 42);
      assertThat(future.get()).isEqualTo(42);
      var heddle = new CommandLines(Map.of("HEDDLE_SECRET_FILE", secretFile.toString(),
          "HEDDLE_ADDRESS", scheduler.address().toString()));

      var story = heddle.run("story", future.key().text());
      assertThat(story.status()).as(story.err()).isZero();
      assertThat(story.out().lines().map(line -> line.replaceFirst("^[^ ]+ +", "")).toList())
          .anyMatch(line -> line.matches("scheduler +.* -> processing +because .*anna"))
          .anyMatch(line -> line.matches("anna +unknown -> .* +because compute asked"))
          .anyMatch(line -> line.matches("anna +running -> stored +because succeeded"))
          .anyMatch(line -> line.matches("scheduler +processing -> memory +because .*"));
      assertThat(story.out().lines().map(line -> line.split(" ", 2)[0]).toList()).isSorted();
      assertThat(heddle.run("story", "--json", future.key().text()).out())
          .contains("\"node\" : \"anna\"");

      assertThat(heddle.run("why", future.key().text()).out()).contains("is done");
      var unknown = heddle.run("why", "nobody-knows");
      assertThat(unknown.status()).isEqualTo(4);
      assertThat(unknown.err()).startsWith("heddle: 'nobody-knows' is not known here");
      assertThat(heddle.run("why", "--json", "nobody-knows").status()).isEqualTo(4);
      assertThat(heddle.run("story", "nobody-knows").status()).isEqualTo(4);
    }
  }

  @Test
  void logsTellsWhatATaskPrintedAndExitsWithFourIfThatIsNothing() throws Exception {
    StandardStreams.keep();
    var secretFile = directory.resolve("secret");
    var secret = Secret.create(secretFile);
    try (var scheduler = Scheduler.start(
        SchedulerOptions.of(secret).withListen(new Address("127.0.0.1", 0)));
        var worker = Worker.start(WorkerOptions.of("anna", secret).withThreads(1),
            scheduler.store());
        var client = Heddle.connect(scheduler.address().toString(),
            ClientOptions.DEFAULT.secret(secret))) {
      assertThat(worker.info().threads()).isEqualTo(1);
      var future = client.submit(() -> {
        System.out.println("one  two");
        return 42;
      });
      assertThat(future.get()).isEqualTo(42);
      var heddle = new CommandLines(Map.of("HEDDLE_SECRET_FILE", secretFile.toString(),
          "HEDDLE_ADDRESS", scheduler.address().toString()));
      var logs = heddle.run("logs", future.key().text());
      assertThat(logs.status()).as(logs.err()).isZero();
      assertThat(logs.out()).matches("\\S+Z {2}anna {2}out {2}one {2}two\n");
      assertThat(heddle.run("logs", "--json", future.key().text()).out())
          .contains("\"text\" : \"one  two\"");
      var nothing = heddle.run("logs", "nobody-knows");
      assertThat(nothing.status()).isEqualTo(4);
      assertThat(nothing.err()).startsWith("heddle: no worker has kept anything");
    }
  }
}
