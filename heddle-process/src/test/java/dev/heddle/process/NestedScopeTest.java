package dev.heddle.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class NestedScopeTest {
  private final Channel<Integer> never = Channel.bounded("never", 1);
  private final Channel<ProcessFailedException> failures = Channel.bounded("failures", 100);

  @ParameterizedTest
  @EnumSource
  void theFailureOfAScopeInsideAProcessIsThatProcessesFailure(Kind kind) {
    try (var outer = ProcessScope.open("node")) {
      outer.start("connection", kind, () -> {
        try (var inner = ProcessScope.open("connection")) {
          inner.start("reader", kind, never::receive);
          inner.start("writer", kind, NestedScopeTest::loseThePeer);
          inner.join();
        }
      });
      var failure = catchThrowableOfType(ProcessFailedException.class, outer::join);
      assertThat(failure.process()).isEqualTo("connection");
      assertThat(failure.getCause()).isInstanceOfSatisfying(ProcessFailedException.class,
          e -> assertThat(e.process()).isEqualTo("writer"));
      assertThat(failure).hasRootCauseMessage("peer lost");
    }
  }

  @ParameterizedTest
  @EnumSource
  void stoppingAScopeStopsTheScopesInsideItsProcesses(Kind kind) {
    var ended = new CountDownLatch(1);
    try (var outer = ProcessScope.open("node")) {
      var connection = outer.start("connection", kind, () -> {
        try (var inner = ProcessScope.open("connection")) {
          inner.start("reader", kind, () -> {
            try {
              never.receive();
            } finally {
              ended.countDown();
            }
          });
          inner.join();
        }
      });
      Eventually.isDoing(connection, "waiting for the end of scope `connection`");
    }
    assertThat(ended.getCount()).isZero();
  }

  @Test
  void aScopeThatItsProcessForgotToCloseIsClosedWithTheOuterOne() throws InterruptedException {
    Channel<NamedProcess> orphans = Channel.bounded("orphans", 1);
    try (var outer = ProcessScope.open("node")) {
      outer.start("careless", Kind.VIRTUAL, () -> {
        var inner = ProcessScope.open("forgotten");
        orphans.send(inner.start("orphan", Kind.VIRTUAL, never::receive));
      });
      outer.join();
    }
    assertThat(Processes.snapshot().processes()).extracting(ProcessInfo::name)
        .doesNotContain("orphan");
    assertThat(orphans.receive().scope().name()).isEqualTo("forgotten");
  }

  @Test
  void inASupervisingScopeAFailureGoesToTheHandlerAndTheSiblingsGoOn()
      throws InterruptedException {
    try (var connections = ProcessScope.supervising("connections", failures::send)) {
      var healthy = connections.start("connection 1", Kind.VIRTUAL, never::receive);
      connections.start("connection 2", Kind.VIRTUAL, NestedScopeTest::loseThePeer).join();

      var failure = failures.receive();
      assertThat(failure.process()).isEqualTo("connection 2");
      assertThat(failure).hasRootCauseMessage("peer lost");
      assertThat(healthy.isAlive()).isTrue();
      connections.start("connection 3", Kind.VIRTUAL, () -> {});

      never.send(1);
      connections.join();
    }
  }

  @Test
  void whatAHandlerThrowsIsTheFailureOfItsScope() {
    try (var connections = ProcessScope.supervising("connections", failure -> {
      throw new IllegalStateException("too many defects");
    })) {
      connections.start("connection 1", Kind.VIRTUAL, never::receive);
      connections.start("connection 2", Kind.VIRTUAL, NestedScopeTest::loseThePeer);

      var failure = catchThrowableOfType(ProcessFailedException.class, connections::join);
      assertThat(failure.process()).isEqualTo("connection 2");
      assertThat(failure.getSuppressed()).singleElement().satisfies(
          e -> assertThat(e).hasMessage("too many defects"));
    }
  }

  @Test
  void aHandlerMayPassTheFailureOn() {
    try (var connections = ProcessScope.supervising("connections", failure -> {
      throw failure;
    })) {
      connections.start("connection", Kind.VIRTUAL, NestedScopeTest::loseThePeer);
      assertThatThrownBy(connections::join).isInstanceOf(ProcessFailedException.class)
          .hasRootCauseMessage("peer lost").hasNoSuppressedExceptions();
    }
  }

  @Test
  void beingStoppedIsNothingForAHandler() {
    try (var connections = ProcessScope.supervising("connections", failures::send)) {
      var one = connections.start("one", Kind.VIRTUAL, never::receive);
      connections.start("other", Kind.VIRTUAL, never::receive);
      one.stop();
    }
    assertThat(failures.size()).isZero();
  }

  @Test
  void aPartStopsAndIsJoinedWithItsWhole() throws InterruptedException {
    try (var node = ProcessScope.open("node")) {
      var part = node.nest("part");
      part.start("in part", Kind.VIRTUAL, never::receive);
      assertThat(node.join(java.time.Duration.ZERO)).isFalse();
      never.send(1);
      node.join();

      var waiting = part.start("in part", Kind.VIRTUAL, never::receive);
      node.stop();
      node.join();
      assertThat(part).hasToString("scope `part`, 0 processes");
      waiting.join();
    }
  }

  @Test
  void theFailureOfAPartIsThatOfItsWhole() {
    try (var node = ProcessScope.open("node")) {
      var part = node.nest("part");
      node.start("sibling", Kind.VIRTUAL, never::receive);
      part.start("in part", Kind.VIRTUAL, NestedScopeTest::loseThePeer);

      assertThatThrownBy(node::join)
          .hasMessageStartingWith("process `in part` of scope `part` failed")
          .hasNoSuppressedExceptions();
    }
  }

  @Test
  void aSupervisingPartKeepsDefectsFromItsWhole() throws InterruptedException {
    try (var node = ProcessScope.open("node")) {
      var connections = node.nest("connections", failures::send);
      var sibling = node.start("accept", Kind.VIRTUAL, never::receive);
      connections.start("connection", Kind.VIRTUAL, NestedScopeTest::loseThePeer).join();

      assertThat(failures.receive().process()).isEqualTo("connection");
      assertThat(sibling.isAlive()).isTrue();
    }
  }

  @Test
  void aPartThatIsClosedLeavesItsWhole() throws InterruptedException {
    try (var node = ProcessScope.open("node")) {
      for (int i = 0; i < 100; i++) {
        try (var part = node.nest("part")) {
          part.start("short", Kind.VIRTUAL, () -> {});
          part.join();
        }
      }
      assertThat(node.nestedCount()).isZero();
    }
  }

  private static void loseThePeer() throws IOException {
    throw new IOException("peer lost");
  }
}
