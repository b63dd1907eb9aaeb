package dev.heddle.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.metadata.EmbeddedMetadataStore;
import dev.heddle.wire.Message;
import dev.heddle.wire.Secret;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StuckTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void aWorkerWhoseStateMachineIsStuckShowsItsProcesses() throws Exception {
    var secret = Secret.generate();
    var entered = new CountDownLatch(1);
    var over = new CountDownLatch(1);
    try (var store = EmbeddedMetadataStore.open();
        var worker = Worker.start(WorkerOptions.of("stuck", secret).withThreads(2), store);
        var network = WorkerNetwork.open("looker", secret)) {
      var holder = Thread.ofPlatform().name("holder").start(() -> worker.control().ask(_ -> {
        entered.countDown();
        return await(over);
      }));
      entered.await();
      try {
        var connection = network.connections().to(worker.address());
        Message.NodeProcesses processes;
        do {
          processes = (Message.NodeProcesses) connection.call(new Message.AskProcesses(), SOON);
        } while (processes.processes().stream() // The clock will wait; a picture takes a moment.
            .noneMatch(
                process -> process.activity().equals("waiting for the turn `control stuck`")));

        assertThat(processes.turns()).singleElement().satisfies(turn -> {
          assertThat(turn.name()).isEqualTo("control stuck");
          assertThat(turn.holder()).isEqualTo("holder");
          assertThat(turn.sinceMicros()).isPositive();
        });
        assertThat(processes.processes()).extracting(Message.ProcessLine::name)
            .contains("stuck/slot-1", "stuck/slot-2", "stuck/gather-1", "stuck/serve-1",
                "stuck/depart", "stuck/registrar", "stuck/locate", "stuck/clock");
        assertThat(processes.channels()).extracting(Message.ChannelLine::name)
            .contains("executions stuck", "fetches stuck", "servings stuck", "departures stuck");
      } finally {
        over.countDown();
        holder.join();
      }
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
