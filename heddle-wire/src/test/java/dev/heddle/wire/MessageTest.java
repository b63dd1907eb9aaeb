package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageTest {
  private static final int SEEDS = 40;

  @ParameterizedTest
  @EnumSource
  void aMessageArrivesAsItWasHoweverTheBytesAreCut(Operation operation) throws Exception {
    for (var seed = 0L; seed < SEEDS; seed++) {
      var message = new Samples(seed).message(operation);
      assertThat(Samples.describe(sent(message, seed))).as("seed %d", seed)
          .isEqualTo(Samples.describe(message));
    }
  }

  @Test
  void everyMessageHasAnOperationOfItsOwn() {
    var messages = Stream.of(Message.Request.class, Message.Response.class, Message.Notice.class)
        .flatMap(kind -> Stream.of(kind.getPermittedSubclasses()))
        .flatMap(
            kind -> kind.isSealed() ? Stream.of(kind.getPermittedSubclasses()) : Stream.of(kind))
        .filter(message -> message != Message.Unknown.class);
    assertThat(Stream.of(Operation.values()).map(Operation::message))
        .containsExactlyInAnyOrderElementsOf(messages.<Class<?>>map(c -> c).toList()
            .stream().<Class<? extends Message>>map(c -> c.asSubclass(Message.class)).toList());
    assertThat(Stream.of(Operation.values()).map(Operation::code)).doesNotHaveDuplicates();
  }

  /// What the other end of a wire makes of `message`.
  static Message sent(Message message, long seed) throws Exception {
    var random = new Random(seed);
    var wire = new TestWire(random, 1 + random.nextInt(200_000));
    var side = new TestSide(wire, Limits.DEFAULT);
    var calls = new Calls("the other end", 10);
    var call = calls.open(new Message.AskInfo());
    side.outbox.add(switch (message) {
      case Message.Request _ -> FrameType.REQUEST;
      case Message.Response _ -> FrameType.RESPONSE;
      case Message.Notice _ -> FrameType.NOTICE;
    }, call.correlation(), message);
    var inbox = new Inbox(calls, Limits.DEFAULT);
    var reader = new LinkReader(inbox, Limits.DEFAULT.frameBytesMax());
    while (!side.outbox.isEmpty() || side.writer.isLeftToLink() || !wire.isEmpty()) {
      side.writer.flush(true);
      reader.read(wire);
    }
    inbox.answerCalls();
    assertThat(side.failures).isEmpty();
    assertThat(inbox.isEmpty()).isTrue();
    if (message instanceof Message.Refused refused) {
      assertThatThrownBy(() -> call.await(TestNode.SOON))
          .isInstanceOfSatisfying(RefusedException.class,
              e -> assertThat(e.reason()).isEqualTo(refused.reason()))
          .hasMessageContaining(refused.message());
      return message;
    }
    for (var inspected : inbox.takeInspections()) {
      assertThat(inspected.correlation()).isEqualTo(call.correlation());
      return inspected.request();
    }
    var batch = inbox.takeBatch();
    return batch.isEmpty() ? call.await(TestNode.SOON) : switch (batch.getFirst()) {
      case Incoming.Asked(var correlation, var request) -> {
        assertThat(correlation).isEqualTo(call.correlation());
        yield request;
      }
      case Incoming.Noticed(var notice) -> notice;
    };
  }

  @Test
  void aFailureNestedToTheLimitPassesAndOneDeeperDoesNot() throws Exception {
    var deepest = new Message.Failed(Key.of("x"), nested(Failure.DEPTH_MAX));
    assertThat(sent(deepest, 1)).isEqualTo(deepest);
    assertUnsendable(new Message.Failed(Key.of("x"), nested(Failure.DEPTH_MAX + 1)), "32 deep");
  }

  private static Failure nested(int depth) {
    return new Failure("E", "m", List.of(), 0,
        depth == 1 ? Optional.empty() : Optional.of(nested(depth - 1)), List.of(),
        Optional.empty());
  }

  @Test
  void aMessageBeyondTheFrameLimitIsRefusedAtTheSenderAndTheNextOneStillPasses() {
    var outbox = new Outbox(Limits.DEFAULT, Limits.DEFAULT.withFrameBytesMax(64 << 10));
    var big = new Message.DeleteData(Collections.nCopies(700, Key.of("k".repeat(100))));
    assertThatThrownBy(() -> outbox.add(FrameType.REQUEST, 1, big))
        .isInstanceOf(UnsendableException.class).hasMessageContaining("delete-data")
        .hasMessageContaining("65536");
    assertThat(outbox.isEmpty()).isTrue();
    outbox.add(FrameType.REQUEST, 2, new Message.AskInfo());
    assertThat(outbox.sizeBytes()).isEqualTo(7);
  }

  @Test
  void aTextBeyondTheLimitIsRefusedAtTheSender() {
    var ascii = "x".repeat(Protocol.TEXT_BYTES_MAX + 1);
    assertUnsendable(new Message.Refused(Message.Reason.BUSY, ascii), "1048576");
    assertUnsendable(new Message.Refused(Message.Reason.BUSY, "漢".repeat(400_000)), "1200000");
  }

  @Test
  void manySmallBuffersBeyondTheirShareOfTheMessageTravelInChunks() throws Exception {
    var buffers = new ArrayList<Bulk>();
    for (var i = 0; i < 300; i++) {
      buffers.add(ConversationTest.filled(Bulk.Kind.BYTE, 8000 + i));
    }
    var message = new Message.PutData(
        Map.of(Key.of("x"), new Payload(1, List.of(), new byte[0], buffers)), false);
    assertThat(Samples.describe(sent(message, 3))).isEqualTo(Samples.describe(message));
  }

  @Test
  void aValueThatDoesNotFitIntoMemoryIsRefusedWhateverItCameWith() throws Exception {
    var buffers = List.of(Bulk.Kind.LONG.allocate(300_000), Bulk.Kind.DIRECT.allocate(600_000),
        Bulk.Kind.BYTE.allocate(50_000));
    var payload = new Payload(1, List.of(), new byte[0], buffers);
    var wire = new TestWire(new Random(1), 100_000);
    var side = new TestSide(wire, Limits.DEFAULT);
    var calls = new Calls("the other end", 10);
    var call = calls.open(new Message.AskInfo());
    side.outbox.add(FrameType.REQUEST, 5, new Message.PutData(Map.of(Key.of("x"), payload), false));
    side.outbox.add(FrameType.RESPONSE, call.correlation(),
        new Message.Data(Map.of(Key.of("x"), new Message.Datum.Found(payload))));
    side.outbox.add(FrameType.REQUEST, 6, new Message.AskInfo());
    var inbox = new Inbox(calls, Limits.DEFAULT, (kind, size) -> {
      if (size > 500_000) {
        throw new OutOfMemoryError("full");
      }
      return kind.allocate(size);
    });
    var reader = new LinkReader(inbox, Limits.DEFAULT.frameBytesMax());
    while (!side.outbox.isEmpty() || side.writer.isLeftToLink() || !wire.isEmpty()) {
      side.writer.flush(true);
      reader.read(wire);
    }
    inbox.answerCalls();
    assertThat(inbox.takeBatch())
        .containsExactly(new Incoming.Asked(6, new Message.AskInfo()));
    assertThat(inbox.takeRefusals()).containsExactly(new Inbox.Refusal(5, new Message.Refused(
        Message.Reason.TOO_LARGE, "no memory for a buffer of 600000 bytes: full")));
    assertThatThrownBy(() -> call.await(TestNode.SOON)).isInstanceOf(RefusedException.class)
        .hasMessageContaining("no memory for a buffer of 600000 bytes");
    assertThat(inbox.isEmpty()).isTrue();
  }

  private static void assertUnsendable(Message message, String why) {
    var outbox = new Outbox(Limits.DEFAULT, Limits.DEFAULT);
    assertThatThrownBy(() -> outbox.add(FrameType.RESPONSE, 1, message))
        .isInstanceOf(UnsendableException.class).hasMessageContaining(why);
    assertThat(outbox.isEmpty()).isTrue();
  }
}
