package dev.heddle.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ProcessesTest {
  private final Channel<Integer> control = Channel.bounded("control", 4);

  @ParameterizedTest
  @EnumSource
  void aWaitingProcessShowsWhatItWaitsForAndSinceWhen(Kind kind) {
    try (var scope = ProcessScope.open("registry test")) {
      var receiver = scope.start("receiver", kind, control::receive);
      Eventually.isDoing(receiver, "waiting to receive from `control`");
      var before = process("receiver").orElseThrow();
      Eventually.holds(() -> receiver.info().since().compareTo(before.since()) > 0, receiver::info);

      var info = process("receiver").orElseThrow();
      assertThat(info.kind()).isEqualTo(kind);
      assertThat(info.scopes()).extracting(ScopeInfo::name).containsExactly("registry test");
      assertThat(info.startedAt()).contains("ProcessesTest.java:");
      assertThat(info.since()).isLessThan(Duration.ofSeconds(30));
      assertThat(info).hasToString("`receiver` (" + Snapshot.word(kind)
          + ") waiting to receive from `control` since " + Waits.text(info.since()));
    }
  }

  @Test
  void aProcessThatGoesOnIsRunningAndHasCountedItsMessages() throws InterruptedException {
    Channel<Integer> answers = Channel.bounded("answers", 10);
    Channel<ProcessInfo> infos = Channel.bounded("infos", 1);
    try (var scope = ProcessScope.open("registry test")) {
      scope.start("counter", Kind.VIRTUAL, () -> {
        control.receive();
        control.receiveAll();
        answers.send(1);
        answers.sendAll(List.of(2, 3, 4));
        infos.send(process("counter").orElseThrow());
      });
      control.sendAll(List.of(1, 2, 3));
      scope.join();
    }
    var info = infos.receive();
    assertThat(info.activity()).isEqualTo("running");
    assertThat(info.received()).isEqualTo(3);
    assertThat(info.sent()).isEqualTo(4);
  }

  @Test
  void aProcessThatHasEndedLeaves() throws InterruptedException {
    try (var scope = ProcessScope.open("registry test")) {
      var waiting = scope.start("brief", Kind.PLATFORM, control::receive);
      assertThat(process("brief")).isPresent();
      control.send(1);
      waiting.join();
      assertThat(process("brief")).isEmpty();
    }
  }

  @Test
  void aChannelShowsHowFullItIsAndHowMuchWentThrough() throws InterruptedException {
    Channel<Integer> half = Channel.bounded("half full", 4);
    half.sendAll(List.of(1, 2, 3));
    half.receive();

    var info = channel("half full").orElseThrow();
    assertThat(info)
        .isEqualTo(new ChannelInfo("half full", 2, 4, 3, 1, ChannelInfo.State.OPEN))
        .hasToString("`half full` holds 2 of 4, 3 sent, 1 received");
  }

  @Test
  void aChannelThatIsDoneLeavesOnceItIsEmpty() throws InterruptedException {
    Channel<Integer> ending = Channel.bounded("ending", 4);
    ending.sendAll(List.of(1, 2));
    ending.done();
    assertThat(channel("ending").orElseThrow().state()).isEqualTo(ChannelInfo.State.DONE);
    ending.receiveAll();
    assertThat(channel("ending")).isEmpty();

    Channel<Integer> empty = Channel.bounded("empty", 4);
    empty.done();
    assertThat(channel("empty")).isEmpty();
  }

  @Test
  void aChannelThatFailsLeavesAtOnce() {
    Channel<Integer> failing = Channel.bounded("failing", 4);
    failing.offer(1);
    failing.fail(new IOException("lost"));
    assertThat(channel("failing")).isEmpty();
    assertThat(failing.info()).isEqualTo(
        new ChannelInfo("failing", 0, 4, 1, 0, ChannelInfo.State.FAILED));
  }

  @Test
  void aChannelThatNobodyUsesAnyMoreIsNotKeptByTheRegistry() {
    var dropped = new WeakReference<>(Channel.bounded("dropped", 4));
    assertIsCollected(dropped);
    Eventually.holds(() -> channel("dropped").isEmpty(), Processes::snapshot);
  }

  @Test
  void channelsThatWereDroppedLeaveNothingBehind() {
    for (int i = 0; i < 10_000; i++) {
      Channel.bounded("dropped " + i, 4);
    }
    Eventually.holds(() -> {
      System.gc();
      return Processes.snapshot().channels().size() < 1_000 && Processes.channelEntries() < 1_000;
    }, Processes::channelEntries);
  }

  @Test
  void aProcessThatHasEndedIsKeptByNobody() throws InterruptedException {
    try (var scope = ProcessScope.open("registry test")) {
      var ended = new WeakReference<>(scope.start("ended", Kind.VIRTUAL, () -> {}));
      scope.join();
      assertIsCollected(ended);
    }
  }

  @Test
  void aScopeThatWasClosedIsNotKeptByTheOneAroundIt() throws InterruptedException {
    try (var scope = ProcessScope.open("registry test")) {
      var closed = new WeakReference<>(closedPartOf(scope));
      assertIsCollected(closed);
    }
  }

  @Test
  void activitiesNestAndGiveBackWhatWasBefore() throws InterruptedException {
    try (var scope = ProcessScope.open("registry test")) {
      var worker = scope.start("worker", Kind.VIRTUAL, () -> {
        try (var _ = Activity.named("shaking hands with 10.0.0.7:8786").begin()) {
          control.receive();
          assertThat(process("worker").orElseThrow().activity())
              .isEqualTo("shaking hands with 10.0.0.7:8786");
        }
        assertThat(process("worker").orElseThrow().activity()).isEqualTo("running");
      });
      Eventually.isDoing(worker, "waiting to receive from `control`");
      control.send(1);
      scope.join();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aProcessThatWaitsWithoutSayingWhyIsShownByWhereItStands(Kind kind)
      throws InterruptedException {
    var latch = new CountDownLatch(1);
    try (var scope = ProcessScope.open("registry test")) {
      var silent = scope.start("silent", kind, () -> standStill(latch));
      Eventually.holds(() -> silent.info().activity()
          .startsWith("waiting in dev.heddle.process.ProcessesTest.standStill(ProcessesTest.java:"),
          silent::info);
      latch.countDown();
      scope.join();
    }
  }

  @Test
  void activitiesNestedBeyondAllMeasureDoNoHarm() throws InterruptedException {
    try (var scope = ProcessScope.open("registry test")) {
      scope.start("deep", Kind.VIRTUAL, () -> {
        nest(100);
        assertThat(process("deep").orElseThrow().activity()).isEqualTo("running");
      });
      scope.join();
    }
  }

  @Test
  void offANamedProcessAnActivityIsNothing() {
    try (var doing = Activity.named("testing").begin()) {
      assertThat(doing).isSameAs(Activity.Doing.NOTHING);
    }
    assertThat(NamedProcess.current()).isEmpty();
  }

  @Test
  void theTreeShowsScopesWithTheirProcessesThenChannels() {
    var node = new ScopeInfo(1, "node");
    var connections = new ScopeInfo(2, "connections");
    var snapshot = new Snapshot(List.of(
        new ProcessInfo(30, "node/control", Kind.PLATFORM, List.of(node),
            "waiting to receive from `events`", Duration.ofSeconds(12), 1207, 980, "A.b(A.java:1)"),
        new ProcessInfo(31, "10.0.0.7:40312", Kind.VIRTUAL, List.of(node, connections),
            "reading from 10.0.0.7:40312", Duration.ofMillis(250), 0, 1207, "A.b(A.java:2)")),
        List.of(new ChannelInfo("events", 0, 1024, 1207, 1207, ChannelInfo.State.OPEN),
            new ChannelInfo("old", 3, 4, 3, 0, ChannelInfo.State.DONE)),
        List.of(new TurnInfo("control", "node/control", Duration.ofSeconds(3), 2, 17)),
        List.of("a waits for b\nb waits for a"));

    assertThat(snapshot.tree()).isEqualTo("""
        node
          node/control      platform  waiting to receive from `events` since 12 s  1207 in, 980 out
          connections
            10.0.0.7:40312  virtual   reading from 10.0.0.7:40312 since 0.2 s      0 in, 1207 out
        channels
          events  0 of 1024  1207 sent
          old     3 of 4     3 sent     done
        turns
          control  held by node/control since 3 s  2 wait  17 taken
        these wait for each other, and none of them goes on:
          a waits for b
          b waits for a
        """);
  }

  @Test
  void processesOfOneScopeStandTogether() {
    try (var node = ProcessScope.open("node of tree")) {
      var part = node.nest("part");
      part.start("in part", Kind.VIRTUAL, control::receive);
      node.start("in node", Kind.VIRTUAL, control::receive);
      part.start("in part too", Kind.VIRTUAL, control::receive);

      assertThat(Processes.snapshot().processes())
          .filteredOn(p -> p.scopes().getFirst().name().equals("node of tree"))
          .extracting(ProcessInfo::name).containsExactly("in node", "in part", "in part too");
    }
  }

  private static ProcessScope closedPartOf(ProcessScope scope) {
    try (var part = scope.nest("part")) {
      return part;
    }
  }

  private static void standStill(CountDownLatch latch) throws InterruptedException {
    latch.await();
  }

  private static void nest(int depth) {
    if (depth > 0) {
      try (var _ = Activity.named("level " + depth).begin()) {
        nest(depth - 1);
      }
    }
  }

  private static void assertIsCollected(WeakReference<?> reference) {
    Eventually.holds(() -> {
      System.gc();
      return reference.refersTo(null);
    }, reference::get);
  }

  private static Optional<ProcessInfo> process(String name) {
    return Processes.snapshot().processes().stream().filter(p -> p.name().equals(name)).findAny();
  }

  private static Optional<ChannelInfo> channel(String name) {
    return Processes.snapshot().channels().stream().filter(c -> c.name().equals(name)).findAny();
  }
}
