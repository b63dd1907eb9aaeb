package dev.heddle.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Address;
import dev.heddle.wire.CallTimeoutException;
import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.wire.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// A client that is connected and answers nothing costs one wait, not one for each class.
class SilentClientTest {
  private static final CodeBaseId PROGRAM = new CodeBaseId(1, 2);

  private final AtomicLong clock = new AtomicLong();
  private final CodeRelay relay = new CodeRelay("relay", new Patience(clock::get));
  private final Silent client = new Silent("client");
  private final Silent worker = new Silent("worker");

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
    var twin = new Silent("twin");
    relay.heardOf(PROGRAM, client);
    ask(1, "Census.class");
    relay.heardOf(PROGRAM, twin);
    ask(2, "Town.class");
    relay.done();
    relay.run();
    assertThat(client.asked).hasSize(1);
    assertThat(twin.asked).hasSize(1);
  }

  /// Takes questions, and each call of it times out at once.
  private static final class Silent implements Connection {
    final List<Message.Request> asked = new ArrayList<>();
    final List<Message.Response> replies = new ArrayList<>();
    private final String name;

    Silent(String name) {
      this.name = name;
    }

    @Override
    public Hello peer() {
      return new Hello(Hello.Role.CLIENT, name, "0", "0", Optional.empty());
    }

    @Override
    public Address remoteAddress() {
      return new Address(name, 1);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public Call start(Message.Request request) {
      asked.add(request);
      return new Call() {
        @Override
        public Message.Response await(Duration timeout) throws IOException {
          throw new CallTimeoutException("it did not answer within " + timeout);
        }
      };
    }

    @Override
    public void reply(long correlation, Message.Response response) {
      replies.add(response);
    }

    @Override
    public void notice(Message.Notice notice) {
      throw new AssertionError("nobody hears " + notice);
    }

    @Override
    public void flush() {}

    @Override
    public void awaitRoom(long bytesMax) {}

    @Override
    public void close(String reason) {}
  }
}
