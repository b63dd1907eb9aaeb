package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutboxRoomTest {
  private final Outbox outbox = new Outbox(Limits.DEFAULT, Limits.DEFAULT);

  private void say(int bytes) {
    outbox.add(FrameType.NOTICE, 0, new Message.Define(1,
        new Payload(0, List.of(), new byte[bytes], List.of())));
  }

  /// Somebody who waits for room, and what ended the wait.
  private final class Waiter {
    final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    final Thread thread;

    Waiter(long bytesMax) throws InterruptedException {
      var begun = new CountDownLatch(1);
      thread = Thread.ofPlatform().start(() -> {
        begun.countDown();
        try {
          outbox.awaitAtMost(bytesMax);
        } catch (InterruptedException e) {
          failure.set(e);
        }
      });
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    }

    Waiter whichWaits() {
      while (thread.getState() != Thread.State.WAITING) {
        assertThat(thread.isAlive()).isTrue();
        Thread.onSpinWait();
      }
      return this;
    }

    void ends() throws InterruptedException {
      assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void whoeverWaitsForRoomGoesOnWhenTheSocketHasTakenEnough() throws Exception {
    say(1000);
    say(1000);
    var waiter = new Waiter(1500).whichWaits();
    var taken = new ArrayDeque<Outbox.Segment>();
    outbox.take(taken, new ArrayDeque<>());
    waiter.whichWaits();
    outbox.written(1000, 1);
    waiter.ends();
    assertThat(waiter.failure.get()).isNull();
  }

  @Test
  void nobodyWaitsWhereThereIsRoom() throws Exception {
    say(1000);
    new Waiter(5000).ends();
  }

  @Test
  void largeBuffersCountToo() throws Exception {
    outbox.add(FrameType.NOTICE, 0, new Message.Define(1,
        new Payload(0, List.of(), new byte[0], List.of(Bulk.of(new byte[100_000])))));
    var waiter = new Waiter(50_000).whichWaits();
    var ring = new ArrayDeque<OutboundTransfer>();
    outbox.take(new ArrayDeque<>(), ring);
    outbox.ended(ring.getFirst());
    waiter.ends();
  }

  @Test
  void theEndOfTheConnectionEndsTheWait() throws Exception {
    say(1000);
    var waiter = new Waiter(10).whichWaits();
    outbox.discard();
    waiter.ends();
    assertThat(waiter.failure.get()).isNull();
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    say(1000);
    var waiter = new Waiter(10).whichWaits();
    waiter.thread.interrupt();
    waiter.ends();
    assertThat(waiter.failure.get()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void theHandlerOfAConnectionDoesNotWaitForItself() throws Exception {
    var refusals = new java.util.concurrent.LinkedBlockingQueue<Throwable>();
    try (var server = new TestNode("server", config -> config, (from, batch) -> {
      try {
        from.awaitRoom(0);
      } catch (InterruptedException | IllegalStateException e) {
        refusals.add(e);
      }
      TestNode.answer(from, batch);
    }); var client = new TestNode("client")) {
      var connection = client.connect(server.listen());
      connection.call(new Message.Ping(1), TestNode.SOON);
      assertThat(TestNode.next(refusals)).isInstanceOf(IllegalStateException.class);
      connection.awaitRoom(0);
      connection.close();
      connection.awaitRoom(0);
      assertThatThrownBy(() -> connection.start(new Message.Ping(2)))
          .isInstanceOf(ConnectionLostException.class);
    }
  }
}
