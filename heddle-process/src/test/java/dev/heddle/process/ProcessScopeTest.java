package dev.heddle.process;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ProcessScopeTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  private final Channel<Integer> never = Channel.bounded("never", 1);

  @ParameterizedTest
  @EnumSource
  void aProcessRunsOnAThreadOfItsNameAndKind(Kind kind) throws InterruptedException {
    Channel<Thread> threads = Channel.bounded("threads", 1);
    try (var scope = ProcessScope.open("node")) {
      scope.start("node/fetcher 10.0.0.7:8786", kind, () -> threads.send(Thread.currentThread()));
      scope.join();
    }
    var thread = threads.receive();
    assertThat(thread.getName()).isEqualTo("node/fetcher 10.0.0.7:8786");
    assertThat(thread.isVirtual()).isEqualTo(kind == Kind.VIRTUAL);
    assertThat(thread.isDaemon()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void joinWaitsForTheLastProcess(Kind kind) throws InterruptedException {
    try (var scope = ProcessScope.open("node")) {
      scope.start("quick", kind, () -> {});
      scope.start("slow", kind, never::receive);
      assertThat(scope.join(SHORT)).isFalse();

      never.send(1);
      scope.join();
      assertThat(scope.join(Duration.ZERO)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFailureStopsTheSiblingsAndSurfacesWithNameLineAndStack(Kind kind) {
    var ended = new CountDownLatch(2);
    try (var scope = ProcessScope.open("node")) {
      for (int i = 0; i < 2; i++) {
        scope.start("sibling " + i, kind, () -> {
          try {
            never.receive();
          } finally {
            ended.countDown();
          }
        });
      }
      scope.start("fetcher", kind, ProcessScopeTest::loseThePeer);
      int line = lineAbove();

      var failure = catchThrowableOfType(ProcessFailedException.class, scope::join);

      assertThat(ended.getCount()).isZero();
      assertThat(failure).hasMessage("process `fetcher` of scope `node` failed:"
          + " java.io.IOException: peer lost; started at " + failure.startedAt());
      assertThat(failure.process()).isEqualTo("fetcher");
      assertThat(failure.startedAt()).contains(
          "ProcessScopeTest.aFailureStopsTheSiblingsAndSurfacesWithNameLineAndStack(ProcessScopeTest.java:"
              + line + ")");
      assertThat(requireNonNull(failure.getCause()).getStackTrace()[0].getMethodName())
          .isEqualTo("loseThePeer");
      assertThat(failure).hasNoSuppressedExceptions();
    }
  }

  @Test
  void anErrorIsAFailureToo() {
    try (var scope = ProcessScope.open("node")) {
      scope.start("deep", Kind.PLATFORM, () -> {
        throw new StackOverflowError("too deep");
      });
      assertThatThrownBy(scope::join).hasCauseInstanceOf(StackOverflowError.class);
    }
  }

  @Test
  void laterFailuresAreSuppressedByTheFirst() {
    try (var scope = ProcessScope.open("node")) {
      scope.start("second", Kind.VIRTUAL, () -> {
        try {
          never.receive();
        } catch (InterruptedException _) {
          throw new IOException("cannot clean up");
        }
      });
      scope.start("first", Kind.VIRTUAL, ProcessScopeTest::loseThePeer);

      var failure = catchThrowableOfType(ProcessFailedException.class, scope::join);
      assertThat(failure.process()).isEqualTo("first");
      assertThat(failure.getSuppressed()).singleElement()
          .isInstanceOfSatisfying(ProcessFailedException.class,
              e -> assertThat(e).hasRootCauseMessage("cannot clean up"));
    }
  }

  @Test
  void aFailureThatNobodyJoinedForIsThrownByClose() {
    assertThatThrownBy(() -> {
      try (var scope = ProcessScope.open("node")) {
        scope.start("fetcher", Kind.PLATFORM, ProcessScopeTest::loseThePeer).join();
      }
    }).isInstanceOf(ProcessFailedException.class).hasRootCauseMessage("peer lost");
  }

  @Test
  void aFailureThatJoinToldOfIsNotThrownAgainByClose() {
    var scope = ProcessScope.open("node");
    scope.start("fetcher", Kind.PLATFORM, ProcessScopeTest::loseThePeer);
    assertThatThrownBy(scope::join).isInstanceOf(ProcessFailedException.class);
    scope.close();
    scope.close();
    assertThat(scope.toString()).contains("node");
  }

  @ParameterizedTest
  @EnumSource
  void closeInterruptsWhatRunsAndThatIsNoFailure(Kind kind) {
    var interrupted = new CountDownLatch(1);
    try (var scope = ProcessScope.open("node")) {
      var process = scope.start("waiter", kind, () -> {
        try {
          never.receive();
        } catch (InterruptedException e) {
          interrupted.countDown();
          throw e;
        }
      });
      Eventually.isDoing(process, "waiting to receive from `never`");
    }
    assertThat(interrupted.getCount()).isZero();
  }

  @Test
  void inputThatAnInterruptClosesIsNoFailureWhenStopping() throws IOException {
    var pipe = Pipe.open();
    try (var source = pipe.source(); var sink = pipe.sink()) {
      assertThat(sink.isOpen()).isTrue();
      try (var scope = ProcessScope.open("node")) {
        var reading = Activity.named("reading from the pipe");
        var reader = scope.start("reader", Kind.PLATFORM, () -> {
          try (var _ = reading.begin()) {
            int _ = source.read(ByteBuffer.allocate(1));
          }
        });
        Eventually.isDoing(reader, "reading from the pipe");
      }
    }
  }

  @Test
  void anInterruptThatNobodyAskedForIsAFailure() {
    try (var scope = ProcessScope.open("node")) {
      scope.start("stray", Kind.PLATFORM, () -> {
        throw new InterruptedException("out of the blue");
      });
      assertThatThrownBy(scope::join).hasCauseInstanceOf(InterruptedException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneProcessCanBeStoppedAndItsSiblingsGoOn(Kind kind) throws InterruptedException {
    try (var scope = ProcessScope.open("node")) {
      var one = scope.start("one", kind, never::receive);
      var other = scope.start("other", kind, never::receive);
      assertThat(one.join(Duration.ZERO)).isFalse();
      one.stop();
      one.join();
      assertThat(one.isAlive()).isFalse();
      assertThat(other.isAlive()).isTrue();

      never.send(1);
      scope.join();
    }
  }

  @Test
  void joinIsInterruptibleAndStopsNothing() throws InterruptedException {
    try (var scope = ProcessScope.open("node")) {
      scope.start("waiter", Kind.VIRTUAL, never::receive);
      Thread.currentThread().interrupt();
      assertThatThrownBy(scope::join).isInstanceOf(InterruptedException.class);

      never.send(1);
      scope.join();
    }
  }

  @Test
  void closeWaitsEvenIfItsThreadIsInterruptedWhichItThenStillIs() {
    var ended = new CountDownLatch(1);
    var scope = ProcessScope.open("node");
    scope.start("waiter", Kind.VIRTUAL, () -> {
      try {
        never.receive();
      } finally {
        ended.countDown();
      }
    });
    Thread.currentThread().interrupt();
    scope.close();

    assertThat(ended.getCount()).isZero();
    assertThat(Thread.interrupted()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void closeSaysWhoDidNotEndAndWhatTheyAreDoing(Kind kind) {
    var free = new CountDownLatch(1);
    var scope = ProcessScope.open("node").stopWithin(SHORT);
    var polite = scope.start("polite", kind, never::receive);
    var deaf = scope.start("deaf", kind, () -> ignoreInterrupts(free));
    try {
      Eventually.isDoing(deaf, "ignoring everything");
      scope.stop();
      Eventually.holds(() -> !polite.isAlive(), polite::info);
      assertThatThrownBy(scope::close).isInstanceOfSatisfying(ProcessesStillRunningException.class,
          e -> assertThat(e.processes()).containsExactly("deaf"))
          .hasMessageContaining("scope `node` was stopped, and after 0 s a process has not ended")
          .hasMessageContaining("`deaf` (" + Snapshot.word(kind) + ") ignoring everything since")
          .hasMessageContaining("started at " + deaf.startedAt())
          .hasMessageContaining("ProcessScopeTest.ignoreInterrupts(ProcessScopeTest.java:");
      assertThat(Processes.snapshot().processes()).extracting(ProcessInfo::name).contains("deaf");
    } finally {
      free.countDown();
    }
    Eventually.holds(() -> !deaf.isAlive(), deaf::info);
  }

  @Test
  void whoDidNotEndAfterAFailureIsSuppressedByIt() {
    var free = new CountDownLatch(1);
    var scope = ProcessScope.open("node").stopWithin(SHORT);
    var deaf = scope.start("deaf", Kind.PLATFORM, () -> ignoreInterrupts(free));
    Eventually.isDoing(deaf, "ignoring everything");
    scope.start("fetcher", Kind.PLATFORM, ProcessScopeTest::loseThePeer);
    try {
      var failure = catchThrowableOfType(ProcessFailedException.class, scope::join);
      assertThat(failure.getSuppressed()).singleElement()
          .isInstanceOf(ProcessesStillRunningException.class);
    } finally {
      free.countDown();
    }
    scope.close();
  }

  @Test
  void aStoppedScopeStartsNothingAndSaysWhy() {
    var stopped = ProcessScope.open("node");
    stopped.stop();
    assertThatThrownBy(() -> stopped.start("late", Kind.VIRTUAL, () -> {}))
        .isInstanceOf(ScopeStoppedException.class)
        .hasMessage("cannot start process `late` in scope `node`: the scope was stopped");
    assertThatThrownBy(() -> stopped.nest("late")).isInstanceOf(ScopeStoppedException.class);
    stopped.close();

    var failed = ProcessScope.open("node");
    failed.start("fetcher", Kind.VIRTUAL, ProcessScopeTest::loseThePeer);
    assertThatThrownBy(failed::join).isInstanceOf(ProcessFailedException.class);
    assertThatThrownBy(() -> failed.start("late", Kind.VIRTUAL, () -> {}))
        .hasMessageEndingWith("was stopped by the failure of `fetcher`");
    failed.close();
  }

  @Test
  void processesStartOthersWhileTheyRun() throws InterruptedException {
    Channel<String> names = Channel.bounded("names", 10);
    try (var scope = ProcessScope.open("node")) {
      scope.start("first", Kind.VIRTUAL, () -> scope.start("second", Kind.PLATFORM,
          () -> scope.start("third", Kind.VIRTUAL, () -> names.send(name()))));
      scope.join();
    }
    assertThat(names.drain()).containsExactly("third");
  }

  @Test
  void aProcessCannotWaitForTheScopeThatItRunsIn() {
    try (var scope = ProcessScope.open("node")) {
      scope.start("snake", Kind.PLATFORM, scope::close);
      assertThatThrownBy(scope::join).hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining(
              "process `snake` cannot close scope `node`, in which it runs itself");
    }
  }

  @Test
  void aProcessCannotWaitForItself() {
    try (var scope = ProcessScope.open("node")) {
      scope.start("snake", Kind.PLATFORM, () -> NamedProcess.current().orElseThrow().join());
      assertThatThrownBy(scope::join).hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("process `snake` cannot wait for its own end");
    }
  }

  @Test
  void manyThatFailAtOnceAreAllToldOfOrLogged() {
    try (var scope = ProcessScope.open("node")) {
      var start = new CountDownLatch(1);
      for (int i = 0; i < 50; i++) {
        scope.start("failing " + i, Kind.VIRTUAL, () -> {
          start.await();
          loseThePeer();
        });
      }
      start.countDown();
      var failure = catchThrowableOfType(ProcessFailedException.class, scope::join);
      assertThat(failure.getSuppressed()).hasSizeLessThanOrEqualTo(20)
          .allSatisfy(e -> assertThat(e).isInstanceOf(ProcessFailedException.class));
    }
  }

  @Test
  void aScopeForgetsThousandsOfShortProcesses() throws InterruptedException {
    try (var scope = ProcessScope.open("node")) {
      for (int i = 0; i < 5_000; i++) {
        scope.start("short", Kind.VIRTUAL, () -> {});
      }
      scope.join();
      assertThat(scope).hasToString("scope `node`, 0 processes");
    }
    assertThat(Processes.snapshot().processes()).extracting(ProcessInfo::name)
        .doesNotContain("short");
  }

  private static void loseThePeer() throws IOException {
    throw new IOException("peer lost");
  }

  @SuppressWarnings("Interruption") // what a process must not do, to see it reported
  private static void ignoreInterrupts(CountDownLatch until) {
    try (var _ = Activity.named("ignoring everything").begin()) {
      while (until.getCount() > 0) {
        boolean _ = Thread.interrupted();
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  private static String name() {
    return NamedProcess.current().map(NamedProcess::name).orElseThrow();
  }

  private static int lineAbove() {
    return StackWalker.getInstance().walk(Stream::toList).get(1).getLineNumber() - 1;
  }
}
