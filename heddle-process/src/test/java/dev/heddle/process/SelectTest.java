package dev.heddle.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class SelectTest {
  private static final Duration SHORT = Duration.ofMillis(5);

  private final Channel<String> a = Channel.bounded("a", 100);
  private final Channel<String> b = Channel.bounded("b", 100);

  sealed interface Input {
    record Command(int number) implements Input {}

    record Result(String text) implements Input {}

    record ResultsDone() implements Input {}
  }

  @Test
  void anItemOfAnySourceIsReceived() throws InterruptedException {
    var either = Select.of(a, b);
    b.send("b1");
    assertThat(either.receive()).isEqualTo("b1");
    a.send("a1");
    assertThat(either.receive()).isEqualTo("a1");
  }

  @Test
  void itemsOfDifferentTypesBecomeOneSealedType() throws InterruptedException {
    Channel<Integer> commands = Channel.bounded("commands", 1);
    var inputs = Select.<Input>of().and(commands, Input.Command::new)
        .and(a, Input.Result::new, Input.ResultsDone::new);
    commands.send(1);
    a.send("x");
    a.done();

    var received = new ArrayList<Input>();
    for (int i = 0; i < 3; i++) {
      received.add(inputs.receive());
    }
    assertThat(received).containsExactly(new Input.Command(1), new Input.Result("x"),
        new Input.ResultsDone());
  }

  @Test
  void aBusySourceDoesNotStarveTheOthers() throws InterruptedException {
    Channel<String> c = Channel.bounded("c", 100);
    var any = Select.of(a, b, c);
    for (int i = 0; i < 10; i++) {
      a.send("a");
    }
    b.send("b");
    c.send("c");

    assertThat(List.of(any.receive(), any.receive(), any.receive(), any.receive()))
        .containsExactly("a", "b", "c", "a");
  }

  @Test
  void sourcesThatAlwaysHaveSomethingGetEqualShares() throws InterruptedException {
    var either = Select.of(a, b);
    for (int i = 0; i < 100; i++) {
      a.send("a");
      b.send("b");
    }
    var first = new ArrayList<String>();
    for (int i = 0; i < 50; i++) {
      first.add(either.receive());
    }
    assertThat(first).filteredOn("a"::equals).hasSize(25);
  }

  @Test
  void aSourceThatIsDoneIsLeftOutAndTheLastOneEndsTheSelect() throws InterruptedException {
    var either = Select.of(a, b);
    a.send("a1");
    a.done();
    b.send("b1");
    b.send("b2");
    b.done();

    assertThat(List.of(either.receive(), either.receive(), either.receive()))
        .containsExactlyInAnyOrder("a1", "b1", "b2");
    assertThat(either.receiveOrDone()).isNull();
    assertThat(either.receiveAll()).isEmpty();
    assertThat(either.receiveOrDone(SHORT)).isEqualTo(new Received.Done<String>());
    assertThatThrownBy(either::receive).isInstanceOf(ChannelDoneException.class)
        .hasMessage("cannot receive from channel `a`, `b`: it is done and everything was received");
  }

  @Test
  void aSourceThatFailsEndsTheWaitWithItsFailure() {
    var either = Select.of(a, b);
    b.fail(new IOException("lost"));

    assertThatThrownBy(either::receive).isInstanceOf(ChannelFailedException.class)
        .hasMessageContaining("`b`").hasRootCauseMessage("lost");
  }

  @Test
  void aWaitOfLimitedTimeTellsTimedOutFromAnItem() throws InterruptedException {
    var either = Select.of(a, b);
    assertThat(either.receiveOrDone(SHORT)).isEqualTo(new Received.TimedOut<String>());
    assertThat(either.receiveAll(Duration.ZERO)).isEqualTo(new Received.TimedOut<List<String>>());
    a.send("a1");
    assertThat(either.receiveOrDone(SHORT)).isEqualTo(new Received.Item<>("a1"));
  }

  @Test
  void aWaitThatIsOverLeavesNothingInTheChannels() throws InterruptedException {
    assertThat(Select.of(a, b).receiveOrDone(SHORT)).isEqualTo(new Received.TimedOut<String>());
    assertThat(a.selectingCount() + b.selectingCount()).isZero();
  }

  @Test
  void allThatIsQueuedInAnySourceIsTakenTogether() throws InterruptedException {
    var either = Select.of(a, b);
    a.sendAll(List.of("a1", "a2"));
    b.sendAll(List.of("b1", "b2"));

    assertThat(either.receiveAll()).containsExactly("a1", "a2", "b1", "b2");
  }

  @Test
  void whatWasTakenBesideASourceThatFailsIsNotLost() throws InterruptedException {
    var either = Select.of(a, b);
    a.sendAll(List.of("a1", "a2"));
    b.fail(new IOException("lost"));

    assertThat(either.receiveAll()).containsExactly("a1", "a2");
    assertThatThrownBy(either::receiveAll).isInstanceOf(ChannelFailedException.class);
  }

  @ParameterizedTest
  @EnumSource
  void aWaitingSelectIsWokenByAnyOfItsSources(Kind kind) throws InterruptedException {
    for (var channel : List.of(a, b)) {
      try (var scope = ProcessScope.open("test")) {
        var either = Select.of(a, b);
        var receiver = scope.start("receiver", kind,
            () -> assertThat(either.receive()).isEqualTo("x"));
        Eventually.isDoing(receiver, "waiting to receive from `a` or `b`");

        channel.send("x");
        scope.join();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWaitingSelectIsWokenByDoneAndByFailure(Kind kind) throws InterruptedException {
    try (var scope = ProcessScope.open("test")) {
      var either = Select.of(a, b);
      var receiver = scope.start("receiver", kind, () -> assertThatThrownBy(either::receive)
          .isInstanceOf(ChannelFailedException.class));
      Eventually.isDoing(receiver, "waiting to receive from `a` or `b`");
      a.done();
      Eventually.isDoing(receiver, "waiting to receive from `b`");
      b.fail(new IOException("lost"));
      scope.join();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptEndsTheWait(Kind kind) throws InterruptedException {
    try (var scope = ProcessScope.open("test")) {
      var either = Select.of(a, b);
      var receiver = scope.start("receiver", kind, () -> assertThatThrownBy(either::receive)
          .isInstanceOf(InterruptedException.class));
      Eventually.isDoing(receiver, "waiting to receive from `a` or `b`");
      receiver.stop();
      scope.join();
    }
  }

  @Test
  void anInterruptedThreadReceivesNothingEvenIfItNeedNotWait() throws InterruptedException {
    a.send("a1");
    Thread.currentThread().interrupt();
    assertThatThrownBy(Select.of(a, b)::receive).isInstanceOf(InterruptedException.class);
    assertThat(a.size()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void selectsAndReceiversOfTheSameChannelsGetEveryItemOnce(Kind kind)
      throws InterruptedException {
    int each = 2_000;
    Channel<Integer> left = Channel.bounded("left", 7);
    Channel<Integer> right = Channel.bounded("right", 7);
    Channel<Integer> sums = Channel.bounded("sums", 10);
    try (var scope = ProcessScope.open("test")) {
      for (var channel : List.of(left, right)) {
        scope.start("sender to " + channel.name(), kind, () -> {
          for (int i = 1; i <= each; i++) {
            channel.send(i);
          }
          channel.done();
        });
        scope.start("receiver of " + channel.name(), kind, () -> {
          int sum = 0;
          while (channel.receiveOrDone() instanceof Integer item) {
            sum += item;
          }
          sums.send(sum);
        });
      }
      for (int i = 0; i < 2; i++) {
        scope.start("select " + i, kind, () -> {
          var either = Select.of(left, right);
          int sum = 0;
          while (either.receiveOrDone() instanceof Integer item) {
            sum += item;
          }
          sums.send(sum);
        });
      }
      scope.join();
    }
    assertThat(sums.drain().stream().mapToInt(i -> i).sum())
        .isEqualTo(2 * IntStream.rangeClosed(1, each).sum());
  }
}
