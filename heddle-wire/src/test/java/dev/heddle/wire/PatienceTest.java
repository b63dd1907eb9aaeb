package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final Duration BRIEF = Duration.ofMillis(5);

  private final AtomicLong clock = new AtomicLong();
  private final Patience patience = new Patience(clock::get);

  @Test
  void whoDidNotAnswerIsNotWaitedForAgainUntilAsMuchTimeHasGoneBy() throws Exception {
    try (var silent = new TestNode("silent", config -> config, TestNode::ignore);
        var asker = new TestNode("asker")) {
      var connection = asker.connect(silent.listen());
      askInVain(connection, "x", 1);
      clock.addAndGet(BRIEF.toNanos() - 1);
      assertThatThrownBy(
          () -> patience.call(connection, "x", new Message.Ping(2), Duration.ofDays(1)))
          .isInstanceOf(CallTimeoutException.class)
          .hasMessageContaining("silent at heddle://").hasMessageEndingWith(
              "did not answer within 5 ms a moment ago, and is asked again in 0 ms (HDL-0002)");
      // Its silence about one thing says nothing about another.
      askInVain(connection, "y", 3);
      clock.addAndGet(1);
      askInVain(connection, "x", 4);
      for (var token : new long[]{1, 3, 4}) {
        assertThat(((Incoming.Asked) TestNode.next(silent.received)).request())
            .isEqualTo(new Message.Ping(token));
      }
      assertThat(silent.received).isEmpty();
    }
  }

  private void askInVain(Connection connection, String about, long token) {
    assertThatThrownBy(() -> patience.call(connection, about, new Message.Ping(token), BRIEF))
        .isInstanceOf(CallTimeoutException.class).hasMessageNotContaining("a moment ago");
  }

  @Test
  void whoAnswersIsAskedEachTime() throws Exception {
    try (var server = new TestNode("server"); var asker = new TestNode("asker")) {
      var connection = asker.connect(server.listen());
      for (var token = 1L; token < 4; token++) {
        assertThat(patience.call(connection, "x", new Message.Ping(token), TestNode.SOON))
            .isEqualTo(new Message.Pong(token));
      }
    }
  }
}
