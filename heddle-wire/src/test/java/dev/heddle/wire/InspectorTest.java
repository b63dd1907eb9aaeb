package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InspectorTest {
  @Test
  void aNodeWhoseHandlerIsStuckShowsItsProcessesToAnotherConnection() throws Exception {
    var over = new CountDownLatch(1);
    try (var server = new TestNode("stuck", UnaryOperator.identity(), (from, batch) -> {
      awaitQuietly(over);
      TestNode.answer(from, batch);
    }); var client = new TestNode("client")) {
      var address = server.listen();
      var pinged = client.connect(address).start(new Message.Ping(1));
      TestNode.next(server.received);

      var processes = (Message.NodeProcesses) client.connect(address)
          .call(new Message.AskProcesses(), TestNode.SOON);

      assertThat(processes.node()).isEqualTo("stuck");
      assertThat(processes.pid()).isEqualTo(ProcessHandle.current().pid());
      assertThat(processes.processes()).extracting(Message.ProcessLine::name)
          .anyMatch(name -> name.startsWith("stuck/accept "))
          .filteredOn(name -> name.startsWith("stuck/link ")).hasSize(2);
      assertThat(processes.processes()).extracting(Message.ProcessLine::activity)
          .anyMatch(activity -> activity.contains("awaitQuietly"));
      over.countDown();
      assertThat(pinged.await(TestNode.SOON)).isEqualTo(new Message.Pong(1));
    }
  }

  @Test
  void whatBelongsToAnotherNodeOfTheSameProcessIsNotShown() throws Exception {
    try (var server = new TestNode("one"); var client = new TestNode("other")) {
      client.listen();
      var processes = (Message.NodeProcesses) client.connect(server.listen())
          .call(new Message.AskProcesses(), TestNode.SOON);

      assertThat(processes.processes()).extracting(Message.ProcessLine::name)
          .anyMatch(name -> name.startsWith("one/")).noneMatch(name -> name.startsWith("other/"));
      assertThat(processes.channels()).extracting(Message.ChannelLine::name)
          .contains("closing one/wire").doesNotContain("closing other/wire");
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
