package dev.heddle.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ChannelTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(5);

  private final Channel<Integer> numbers = Channel.bounded("numbers", 3);

  @Test
  void itemsAreReceivedInTheOrderInWhichTheyWereSent() throws InterruptedException {
    for (int round = 0; round < 10; round++) {
      numbers.send(1);
      numbers.send(2);
      assertThat(numbers.receive()).isEqualTo(1);
      numbers.send(3);
      assertThat(numbers.receive()).isEqualTo(2);
      assertThat(numbers.receive()).isEqualTo(3);
    }
  }

  @Test
  void aListIsHandedOverInOrderAndTakenInOneTurn() throws InterruptedException {
    numbers.send(1);
    numbers.sendAll(List.of(2, 3));

    assertThat(numbers.receiveAll()).containsExactly(1, 2, 3);
    assertThat(numbers.size()).isZero();
  }

  @Test
  void whatWasTakenAsAListIsNotTouchedByWhatIsSentLater() throws InterruptedException {
    numbers.sendAll(List.of(1, 2));
    var taken = numbers.receiveAll();
    numbers.sendAll(List.of(7, 8, 9));

    assertThat(taken).containsExactly(1, 2);
  }

  @Test
  void aChannelHoldsNoMoreThanItsCapacity() {
    assertThat(IntStream.range(0, 10).filter(numbers::offer)).containsExactly(0, 1, 2);
    assertThat(numbers.size()).isEqualTo(3);
  }

  @Test
  void anOfferToAFullChannelIsRefusedAndLeavesNoTrace() {
    numbers.offer(1);
    numbers.offer(2);
    numbers.offer(3);

    assertThat(numbers.offer(4)).isFalse();
    assertThat(numbers.drain()).containsExactly(1, 2, 3);
    assertThat(numbers.sent()).isEqualTo(3);
    assertThat(numbers.offer(5)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aSenderWaitsForRoomAndGoesOnWhenOneItemIsTaken(Kind kind) throws InterruptedException {
    try (var scope = ProcessScope.open("test")) {
      var sender = scope.start("sender", kind, () -> {
        for (int i = 1; i <= 4; i++) {
          numbers.send(i);
        }
      });
      Eventually.isDoing(sender, "sending to `numbers`");
      assertThat(numbers.size()).isEqualTo(3);

      assertThat(numbers.receive()).isEqualTo(1);
      scope.join();
      assertThat(numbers.drain()).containsExactly(2, 3, 4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aListLongerThanTheCapacityGoesOverInPiecesInOrder(Kind kind) throws InterruptedException {
    var items = IntStream.range(0, 100).boxed().toList();
    var received = new ArrayList<Integer>();
    try (var scope = ProcessScope.open("test")) {
      scope.start("sender", kind, () -> {
        numbers.sendAll(items);
        numbers.done();
      });
      scope.start("receiver", kind, () -> {
        for (var some = numbers.receiveAll(); !some.isEmpty(); some = numbers.receiveAll()) {
          assertThat(some).hasSizeLessThanOrEqualTo(3);
          received.addAll(some);
        }
      });
      scope.join();
    }
    assertThat(received).isEqualTo(items);
  }

  @ParameterizedTest
  @EnumSource
  void aReceiverWaitsForAnItem(Kind kind) throws InterruptedException {
    var received = new ArrayList<Integer>();
    try (var scope = ProcessScope.open("test")) {
      var receiver = scope.start("receiver", kind, () -> received.add(numbers.receive()));
      Eventually.isDoing(receiver, "waiting to receive from `numbers`");

      numbers.send(1);
      scope.join();
    }
    assertThat(received).containsExactly(1);
  }

  @ParameterizedTest
  @EnumSource
  void everyWaitingReceiverGetsItsShareOfAListThatIsSentInOneTurn(Kind kind)
      throws InterruptedException {
    try (var scope = ProcessScope.open("test")) {
      var receivers = IntStream.range(0, 3)
          .mapToObj(i -> scope.start("receiver " + i, kind, numbers::receive)).toList();
      receivers.forEach(r -> Eventually.isDoing(r, "waiting to receive from `numbers`"));

      numbers.sendAll(List.of(1, 2, 3));
      scope.join();
    }
    assertThat(numbers.size()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void everyWaitingSenderGoesOnWhenAllIsTakenInOneTurn(Kind kind) throws InterruptedException {
    numbers.sendAll(List.of(0, 0, 0));
    try (var scope = ProcessScope.open("test")) {
      var senders = IntStream.range(1, 4)
          .mapToObj(i -> scope.start("sender " + i, kind, () -> numbers.send(i))).toList();
      senders.forEach(s -> Eventually.isDoing(s, "sending to `numbers`"));

      assertThat(numbers.receiveAll()).containsExactly(0, 0, 0);
      scope.join();
    }
    assertThat(numbers.drain()).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void drainTakesWhatIsThereAndNeverWaits() {
    assertThat(numbers.drain()).isEmpty();
    numbers.offer(1);
    assertThat(numbers.drain()).containsExactly(1);
    numbers.done();
    assertThat(numbers.drain()).isEmpty();
  }

  @Test
  void whatWasSentBeforeDoneCanStillBeReceived() throws InterruptedException {
    numbers.sendAll(List.of(1, 2));
    numbers.done();

    assertThat(numbers.receive()).isEqualTo(1);
    assertThat(numbers.receiveOrDone()).isEqualTo(2);
    assertThat(numbers.receiveOrDone()).isNull();
    assertThat(numbers.receiveAll()).isEmpty();
    assertThat(numbers.receiveOrDone(LONG)).isEqualTo(new Received.Done<Integer>());
    assertThat(numbers.receiveAll(LONG)).isEqualTo(new Received.Done<List<Integer>>());
    assertThatThrownBy(numbers::receive).isInstanceOfSatisfying(ChannelDoneException.class,
        e -> assertThat(e.channel()).isEqualTo("numbers")).hasMessageContaining("`numbers`");
  }

  @Test
  void aDoneChannelTakesNothingMoreAndSaysItsName() {
    numbers.done();

    assertThatThrownBy(() -> numbers.send(1)).isInstanceOf(ChannelDoneException.class)
        .hasMessage("cannot send to channel `numbers`: it is done");
    assertThatThrownBy(() -> numbers.offer(1)).isInstanceOf(ChannelDoneException.class);
    assertThatThrownBy(() -> numbers.sendAll(List.of(1, 2)))
        .isInstanceOf(ChannelDoneException.class)
        .hasMessage("cannot send to channel `numbers`: it is done; 0 of 2 items went over");
    assertThat(numbers.sent()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void doneWakesWaitingReceivers(Kind kind) throws InterruptedException {
    try (var scope = ProcessScope.open("test")) {
      var receivers = IntStream.range(0, 2).mapToObj(i -> scope.start("receiver " + i, kind,
          () -> assertThat(numbers.receiveOrDone()).isNull())).toList();
      receivers.forEach(r -> Eventually.isDoing(r, "waiting to receive from `numbers`"));

      numbers.done();
      scope.join();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSenderThatWaitsWhenTheChannelIsDoneIsToldHowMuchWentOver(Kind kind)
      throws InterruptedException {
    try (var scope = ProcessScope.open("test")) {
      var sender = scope.start("sender", kind,
          () -> assertThatThrownBy(() -> numbers.sendAll(List.of(1, 2, 3, 4, 5)))
              .hasMessageEndingWith("3 of 5 items went over"));
      Eventually.isDoing(sender, "sending to `numbers`");

      numbers.done();
      scope.join();
    }
    assertThat(numbers.drain()).containsExactly(1, 2, 3);
  }

  @Test
  void aFailureOvertakesWhatIsQueuedAndReachesBothEnds() throws InterruptedException {
    var lost = new IOException("connection reset");
    numbers.sendAll(List.of(1, 2));
    numbers.fail(lost);

    List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> uses = List.of(numbers::receive,
        numbers::receiveOrDone, numbers::receiveAll, numbers::drain,
        () -> numbers.receiveOrDone(LONG), () -> numbers.receiveAll(LONG), () -> numbers.send(1),
        () -> numbers.offer(1), () -> numbers.sendAll(List.of(1)));
    for (var use : uses) {
      assertThatThrownBy(use).isInstanceOf(ChannelFailedException.class).hasCause(lost)
          .hasMessage("channel `numbers` failed: java.io.IOException: connection reset");
    }
    assertThat(numbers.size()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aFailureWakesWhoeverWaits(Kind kind) throws InterruptedException {
    Channel<Integer> full = Channel.bounded("full", 1);
    full.send(1);
    try (var scope = ProcessScope.open("test")) {
      var receiver = scope.start("receiver", kind, () -> assertThatThrownBy(numbers::receive)
          .isInstanceOf(ChannelFailedException.class));
      var sender = scope.start("sender", kind,
          () -> assertThatThrownBy(() -> full.send(2)).isInstanceOf(ChannelFailedException.class));
      Eventually.isDoing(receiver, "waiting to receive from `numbers`");
      Eventually.isDoing(sender, "sending to `full`");

      numbers.fail(new IOException("lost"));
      full.fail(new IOException("lost"));
      scope.join();
    }
  }

  @Test
  void theFirstEndCounts() throws InterruptedException {
    numbers.send(1);
    numbers.done();
    numbers.fail(new IOException("too late"));
    assertThat(numbers.receive()).isEqualTo(1);

    Channel<Integer> failed = Channel.bounded("failed", 1);
    failed.fail(new IOException("first"));
    failed.fail(new IOException("second"));
    failed.done();
    assertThatThrownBy(failed::receive).hasRootCauseMessage("first");
  }

  @Test
  void aTimedReceiveTellsAnItemFromDoneFromTimedOut() throws InterruptedException {
    assertThat(numbers.receiveOrDone(SHORT)).isEqualTo(new Received.TimedOut<Integer>());
    assertThat(numbers.receiveAll(SHORT)).isEqualTo(new Received.TimedOut<List<Integer>>());
    numbers.sendAll(List.of(1, 2, 3));
    assertThat(numbers.receiveOrDone(SHORT)).isEqualTo(new Received.Item<>(1));
    assertThat(numbers.receiveAll(SHORT)).isEqualTo(new Received.Item<>(List.of(2, 3)));
    numbers.done();
    assertThat(numbers.receiveOrDone(SHORT)).isEqualTo(new Received.Done<Integer>());
  }

  @Test
  void aTimeOfZeroOrLessOrForEverIsATime() throws InterruptedException {
    for (var none : List.of(Duration.ZERO, Duration.ofSeconds(-1),
        Duration.ofSeconds(Long.MIN_VALUE))) {
      assertThat(numbers.receiveOrDone(none)).isEqualTo(new Received.TimedOut<Integer>());
    }
    numbers.send(1);
    assertThat(numbers.receiveOrDone(Duration.ofSeconds(Long.MAX_VALUE)))
        .isEqualTo(new Received.Item<>(1));
    numbers.send(2);
    assertThat(numbers.receiveOrDone(Duration.ZERO)).isEqualTo(new Received.Item<>(2));
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptEndsAWaitAndTakesNothing(Kind kind) throws InterruptedException {
    Channel<Integer> full = Channel.bounded("full", 1);
    full.send(1);
    try (var scope = ProcessScope.open("test")) {
      var receiver = scope.start("receiver", kind, () -> assertThatThrownBy(numbers::receive)
          .isInstanceOf(InterruptedException.class));
      var sender = scope.start("sender", kind,
          () -> assertThatThrownBy(() -> full.send(2)).isInstanceOf(InterruptedException.class));
      Eventually.isDoing(receiver, "waiting to receive from `numbers`");
      Eventually.isDoing(sender, "sending to `full`");

      receiver.stop();
      sender.stop();
      scope.join();
    }
    numbers.send(7);
    assertThat(numbers.drain()).containsExactly(7);
    assertThat(full.drain()).containsExactly(1);
  }

  @Test
  void anInterruptedThreadNeitherSendsNorReceivesEvenIfItNeedNotWait() throws InterruptedException {
    numbers.send(1);
    List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> uses = List.of(
        () -> numbers.send(2), () -> numbers.sendAll(List.of(2)), numbers::receive,
        numbers::receiveAll, () -> numbers.receiveOrDone(LONG), () -> numbers.receiveAll(LONG));
    for (var use : uses) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(use).isInstanceOf(InterruptedException.class);
    }
    assertThat(numbers.drain()).containsExactly(1);
  }

  @Test
  void anItemIsNotLostWhenTheReceiverThatItWokeIsInterrupted() throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      Channel<Integer> single = Channel.bounded("single", 1);
      var started = new CountDownLatch(2);
      var received = new java.util.concurrent.atomic.AtomicInteger();
      try (var scope = ProcessScope.open("test")) {
        Body receive = () -> {
          started.countDown();
          received.addAndGet(single.receive());
        };
        var stopped = scope.start("stopped", Kind.PLATFORM, receive);
        var other = scope.start("other", Kind.PLATFORM, receive);
        started.await();

        single.send(1);
        stopped.stop();
        stopped.join();
        if (received.get() == 0) {
          other.join();
        }
      }
      assertThat(received.get()).isEqualTo(1);
    }
  }

  @Test
  void aChannelNeedsACapacityOfAtLeastOne() {
    assertThatThrownBy(() -> Channel.bounded("none", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("channel `none`: capacity is 0, it must be at least 1");
  }

  @Test
  void aHugeCapacityTakesNoRoomUntilItIsUsed() throws InterruptedException {
    Channel<Integer> huge = Channel.bounded("huge", Integer.MAX_VALUE);
    huge.sendAll(IntStream.range(0, 1000).boxed().toList());
    assertThat(huge.receiveAll()).hasSize(1000);
  }
}
