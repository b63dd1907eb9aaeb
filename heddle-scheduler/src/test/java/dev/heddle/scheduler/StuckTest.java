package dev.heddle.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Message;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StuckTest {
  @Test
  void aSchedulerWhoseStateMachineIsStuckSaysWhoHoldsItsTurnAndWhoWaits() throws Exception {
    var entered = new CountDownLatch(1);
    var over = new CountDownLatch(1);
    try (var scheduler = Scheduler.start(FakeNode.options());
        var stuck = FakeClient.of("stuck", scheduler);
        var looker = FakeClient.of("looker", scheduler)) {
      var holder = Thread.ofPlatform().name("holder").start(() -> scheduler.control()
          .ask((_, _) -> {
            entered.countDown();
            return await(over);
          }));
      entered.await();
      try {
        stuck.submit(1);

        Message.NodeProcesses processes;
        Message.TurnLine turn;
        do {
          processes = (Message.NodeProcesses) looker.ask(new Message.AskProcesses());
          turn = processes.turns().stream().filter(each -> each.holder().equals("holder"))
              .findFirst().orElseThrow();
        } while (turn.waiting() < 2); // the clock, and the link of `stuck`

        assertThat(processes.role()).isEqualTo("scheduler");
        assertThat(turn.name()).isEqualTo("control " + processes.node());
        assertThat(turn.sinceMicros()).isPositive();
        assertThat(processes.processes())
            .filteredOn(process -> process.name().contains("/link "))
            .extracting(Message.ProcessLine::activity)
            .contains("waiting for the turn `" + turn.name() + "`");
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
