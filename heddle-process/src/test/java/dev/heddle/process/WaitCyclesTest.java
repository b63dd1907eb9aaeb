package dev.heddle.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WaitCyclesTest {
  private final Channel<Integer> there = Channel.bounded("there", 1);
  private final Channel<Integer> back = Channel.bounded("back", 1);

  @Test
  void processesThatSendToEachOthersFullChannelsArePointedOut() {
    try (var scope = ProcessScope.open("cycle test")) {
      scope.start("ping", Kind.PLATFORM, () -> exchange(there, back));
      scope.start("pong", Kind.VIRTUAL, () -> exchange(back, there));

      Eventually.holds(() -> !cycles().isEmpty(), Processes::snapshot);

      assertThat(cycles()).singleElement().asString().contains(
          "`ping` sends to `there`, which is full since ", ", which is up to `pong`",
          "`pong` sends to `back`, which is full since ", ", which is up to `ping`");
      assertThat(Processes.snapshot().tree())
          .contains("these wait for each other, and none of them goes on:\n");
    }
  }

  /// Each has received from the other once, and then sends more than there is room for.
  private static void exchange(Channel<Integer> out, Channel<Integer> in)
      throws InterruptedException {
    out.send(0);
    in.receive();
    out.sendAll(List.of(1, 2, 3));
  }

  @Test
  void aTurnWhoseHolderWaitsForOneWhoWaitsForTheTurnIsPointedOut() {
    var turn = Turn.named("control cycle test");
    var holds = new CountDownLatch(1);
    try (var scope = ProcessScope.open("cycle test")) {
      var waiter = scope.start("waiter", Kind.PLATFORM, () -> {
        holds.await();
        take(turn);
      });
      scope.start("holder", Kind.PLATFORM, () -> {
        turn.take();
        try {
          turn.began(System.nanoTime());
          holds.countDown();
          waiter.join();
        } finally {
          turn.give();
        }
      });

      Eventually.holds(() -> !cycles().isEmpty(), Processes::snapshot);

      assertThat(cycles()).singleElement().asString().contains(
          "`waiter` waits for the turn `control cycle test` since ", "which is up to `holder`",
          "`holder` waits for the end of process `waiter` since ");
      Eventually.isDoing(waiter, "waiting for the turn `control cycle test`");
      var info = turn.info();
      assertThat(info.holder()).isEqualTo("holder");
      assertThat(info.waiting()).isEqualTo(1);
      assertThat(info.since()).isPositive();
      assertThat(info.taken()).isEqualTo(1);
      scope.stop();
    }
    assertThat(turn.info().holder()).isEmpty();
  }

  private static void take(Turn turn) {
    turn.take();
    turn.give();
  }

  @Test
  void thoseWhoHaveNothingToDoAreNoCycle() {
    try (var scope = ProcessScope.open("cycle test")) {
      var a = scope.start("a", Kind.VIRTUAL, () -> answer(there, back));
      var b = scope.start("b", Kind.VIRTUAL, () -> answer(back, there));

      Eventually.isDoing(a, "waiting to receive from `there`");
      Eventually.isDoing(b, "waiting to receive from `back`");
      Eventually.holds(() -> a.info().since().toMillis() > 200 && b.info().since().toMillis() > 200,
          Processes::snapshot);

      assertThat(cycles()).isEmpty();
    }
  }

  /// Each has sent once, so that both ends are known.
  private static void answer(Channel<Integer> in, Channel<Integer> out)
      throws InterruptedException {
    out.send(0);
    in.receive();
    in.receive();
  }

  @Test
  void whoeverWaitsForOneWhoReadsFromOutsideIsFine() {
    var outside = new CountDownLatch(1);
    try (var scope = ProcessScope.open("cycle test")) {
      scope.start("source", Kind.VIRTUAL, () -> {
        there.receive();
        outside.await();
      });
      var sender = scope.start("sender", Kind.VIRTUAL, () -> there.sendAll(List.of(1, 2, 3)));

      Eventually.isDoing(sender, "sending to `there`");
      Eventually.holds(() -> sender.info().since().toMillis() > 200, Processes::snapshot);

      assertThat(cycles()).isEmpty();
    }
  }

  private static List<String> cycles() {
    return Processes.snapshot().cycles();
  }
}
