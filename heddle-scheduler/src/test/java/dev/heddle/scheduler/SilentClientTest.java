package dev.heddle.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.wire.Patience;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// A client that is connected and answers nothing costs one wait, not one for each class.
class SilentClientTest {
  private static final CodeBaseId PROGRAM = new CodeBaseId(1, 2);

  private final AtomicLong clock = new AtomicLong();
  private final CodeRelay relay = new CodeRelay("relay", new Patience(clock::get));
  private final SilentConnection client = new SilentConnection("client");
  private final SilentConnection worker = new SilentConnection("worker");

  private void ask(long correlation, String name) {
    relay.ask(new CodeQuestion.Names(PROGRAM, List.of(name)), worker, correlation);
  }

  @Test
  void allButTheFirstQuestionAreAnsweredAtOnce() throws Exception {
    relay.heardOf(PROGRAM, client);
    ask(1, "Census.class");
    ask(2, "Town.class");
    ask(3, "Street.class");
    relay.done();
    relay.run();
    assertThat(client.asked)
        .containsExactly(new Message.AskContent(PROGRAM, List.of("Census.class")));
    assertThat(worker.replies).hasSize(3).allSatisfy(reply -> assertThat(reply)
        .isInstanceOfSatisfying(Message.Refused.class, refused -> {
          assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE);
          assertThat(refused.message()).contains("client").contains("did not answer");
        }));
  }

  @Test
  void anotherClientOfTheProgramIsAskedAllTheSame() throws Exception {
    var twin = new SilentConnection("twin");
    relay.heardOf(PROGRAM, client);
    ask(1, "Census.class");
    relay.heardOf(PROGRAM, twin);
    ask(2, "Town.class");
    relay.done();
    relay.run();
    assertThat(client.asked).hasSize(1);
    assertThat(twin.asked).hasSize(1);
  }
}
