package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.ClientOptions;
import dev.heddle.Heddle;
import dev.heddle.scheduler.Scheduler;
import dev.heddle.scheduler.SchedulerOptions;
import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.FutureTask;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RecordCommandTest {
  @TempDir
  private Path directory;

  @Test
  void aRecordingANodeHasItsTasksAndTransitionsAndNotItsEnvironment() throws Exception {
    var secretFile = directory.resolve("secret");
    var secret = Secret.create(secretFile);
    try (var scheduler = Scheduler.start(
        SchedulerOptions.of(secret).withListen(new Address("127.0.0.1", 0)));
        var worker = Worker.start(WorkerOptions.of("anna", secret).withThreads(1),
            scheduler.store());
        var client = Heddle.connect(scheduler.address().toString(),
            ClientOptions.DEFAULT.secret(secret))) {
      assertThat(worker.info().threads()).isEqualTo(1);
      var heddle = new CommandLines(Map.of("HEDDLE_SECRET_FILE", secretFile.toString(),
          "HEDDLE_ADDRESS", scheduler.address().toString()));
      var recording = new FutureTask<>(
          () -> heddle.run("record", "--seconds", "2", directory.toString()));
      Thread.ofPlatform().start(recording);
      while (!recording.isDone()) {
        assertThat(client.submit(() -> 42).get()).isEqualTo(42);
      }

      assertThat(recording.get().status()).as(recording.get().err()).isZero();
      var ofWorker = RecordingFile.readAllEvents(directory.resolve("anna.jfr"));
      assertThat(ofWorker).anyMatch(event -> isOf(event, "dev.heddle.Task")
          && event.getInt("slot") == 1 && event.getBoolean("succeeded")
          && !event.getString("key").isEmpty());
      var ofScheduler = RecordingFile.readAllEvents(directory.resolve("scheduler.jfr"));
      assertThat(ofScheduler).anyMatch(event -> isOf(event, "dev.heddle.Transition")
          && event.getString("from").equals("processing")
          && event.getString("to").equals("memory") && event.getString("worker").equals("anna"));
      assertThat(ofWorker).noneMatch(event -> isOf(event, "jdk.InitialEnvironmentVariable")
          || isOf(event, "jdk.InitialSystemProperty") || isOf(event, "jdk.JVMInformation"));
    }
  }

  private static boolean isOf(RecordedEvent event, String type) {
    return event.getEventType().getName().equals(type);
  }
}
