package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Notices keep their order, and requests stay behind them, however large each is.
class NoticeOrderTest {
  private static final int MESSAGES = 400;
  private static final int LARGE = 40_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void noticesAreHandedOnInTheOrderInWhichTheyWereSaid(long seed) throws Exception {
    var random = new Random(seed);
    var limits = Limits.DEFAULT.withBulkInFlight(4L * LARGE, 1 + random.nextInt(4));
    var wire = new TestWire(random, 20_000);
    var side = new TestSide(wire, limits);
    var inbox = new Inbox(new Calls("peer", 1), limits);
    var reader = new LinkReader(inbox, limits.frameBytesMax());
    var got = new ArrayList<Integer>();
    for (var i = 0; i < MESSAGES; i++) {
      put(side.outbox, i, random);
      if (random.nextInt(4) == 0) {
        side.writer.flush(true);
        assertThat(reader.read(wire)).isNotNegative();
        got.addAll(numbers(inbox.takeBatch()));
      }
    }
    while (got.size() < MESSAGES) {
      side.writer.flush(true);
      assertThat(reader.read(wire)).isNotNegative();
      got.addAll(numbers(inbox.takeBatch()));
    }
    assertThat(got).isSorted();
    assertThat(side.failures).isEmpty();
    assertThat(side.outbox.isEmpty()).isTrue();
    assertThat(inbox.isEmpty()).isTrue();
  }

  @Test
  void anAnswerIsGivenAfterWhatWasSaidBeforeItWasHandedOn() throws Exception {
    var wire = new TestWire(new Random(1), 20_000);
    var side = new TestSide(wire, Limits.DEFAULT);
    var calls = new Calls("peer", 1);
    var call = calls.open(new Message.AskInfo());
    var inbox = new Inbox(calls, Limits.DEFAULT);
    var reader = new LinkReader(inbox, Limits.DEFAULT.frameBytesMax());
    side.outbox.add(FrameType.NOTICE, 0, new Message.Define(7, payload(1)));
    side.outbox.add(FrameType.RESPONSE, call.correlation(), new Message.Done());
    side.writer.flush(true);
    while (!wire.isEmpty()) {
      reader.read(wire);
    }
    assertThat(numbers(inbox.takeBatch())).containsExactly(7);
    assertThat(calls.isPending(call.correlation())).isTrue();
    inbox.answerCalls();
    assertThat(call.await(TestNode.SOON)).isEqualTo(new Message.Done());
  }

  private static void put(Outbox outbox, int number, Random random) {
    switch (random.nextInt(4)) {
      case 0 -> outbox.add(FrameType.NOTICE, 0, new Message.Define(number, payload(LARGE)));
      case 1 -> outbox.add(FrameType.REQUEST, number, new Message.AskInfo());
      default -> outbox.add(FrameType.NOTICE, 0, new Message.Define(number, payload(1)));
    }
  }

  /// All that was said.
  private static void carry(TestSide side, TestWire wire, LinkReader reader) throws Exception {
    while (!side.outbox.isEmpty() || !wire.isEmpty()) {
      side.writer.flush(true);
      assertThat(reader.read(wire)).isNotNegative();
    }
  }

  private static Payload payload(int bytes) {
    return new Payload(0, List.of(), new byte[0], List.of(Bulk.Kind.BYTE.allocate(bytes)));
  }

  private static List<Integer> numbers(List<Incoming> batch) {
    return batch.stream().map(incoming -> switch (incoming) {
      case Incoming.Asked(var correlation, _) -> (int) correlation;
      case Incoming.Noticed(var notice) -> ((Message.Define) notice).function();
    }).toList();
  }

  @Test
  void aNoticeWithoutMemoryForItIsToldOfAndHoldsNothingUp() throws Exception {
    var wire = new TestWire(new Random(1), 1 << 20);
    var side = new TestSide(wire, Limits.DEFAULT);
    var inbox = new Inbox(new Calls("peer", 1), Limits.DEFAULT, (kind, size) -> {
      if (size > LARGE) {
        throw new OutOfMemoryError("Java heap space");
      }
      return kind.allocate(size);
    });
    var reader = new LinkReader(inbox, Limits.DEFAULT.frameBytesMax());
    side.outbox.add(FrameType.NOTICE, 0, new Message.Define(1, payload(LARGE)));
    side.outbox.add(FrameType.NOTICE, 0, new Message.Define(2, payload(LARGE + 1)));
    side.outbox.add(FrameType.NOTICE, 0, new Message.Define(3, payload(1)));
    var got = new ArrayList<Integer>();
    var untaken = new ArrayList<Inbox.Untaken>();
    while (got.size() < 2) {
      side.writer.flush(true);
      assertThat(reader.read(wire)).isNotNegative();
      got.addAll(numbers(inbox.takeBatch()));
      untaken.addAll(inbox.takeUntaken());
    }
    assertThat(got).containsExactly(1, 3);
    assertThat(untaken).singleElement().satisfies(one -> {
      assertThat(one.notice()).isInstanceOfSatisfying(Message.Define.class,
          define -> assertThat(define.function()).isEqualTo(2));
      assertThat(one.reason()).contains("no memory").contains("40001");
      assertThat(one.after()).isLessThanOrEqualTo(1);
    });
  }

  @Test
  void aNoticeWithoutMemoryForItTakesItsTurn() throws Exception {
    var wire = new TestWire(new Random(1), 1 << 20);
    var side = new TestSide(wire, Limits.DEFAULT);
    var inbox = new Inbox(new Calls("peer", 1), Limits.DEFAULT, (kind, size) -> {
      if (size == LARGE) {
        throw new OutOfMemoryError("Java heap space");
      }
      return kind.allocate(size);
    });
    var reader = new LinkReader(inbox, Limits.DEFAULT.frameBytesMax());
    // The first comes last, for it is the largest.
    side.outbox.add(FrameType.NOTICE, 0, new Message.Define(1, payload(20 * LARGE)));
    side.outbox.add(FrameType.NOTICE, 0, new Message.Define(2, payload(LARGE)));
    side.outbox.add(FrameType.NOTICE, 0, new Message.Define(3, payload(1)));
    carry(side, wire, reader);
    assertThat(numbers(inbox.takeBatch())).containsExactly(1, 3);
    assertThat(inbox.takeUntaken()).singleElement()
        .satisfies(one -> assertThat(one.after()).isEqualTo(1));
  }

  @Test
  void aNoticeThatItsSenderGivesUpIsToldOfToo() throws Exception {
    var wire = new TestWire(new Random(1), 1 << 20);
    var side = new TestSide(wire, Limits.DEFAULT);
    var inbox = new Inbox(new Calls("peer", 1), Limits.DEFAULT);
    var reader = new LinkReader(inbox, Limits.DEFAULT.frameBytesMax());
    try (var arena = Arena.ofShared()) {
      var freed = new Bulk(Bulk.Kind.DIRECT, arena.allocate(3 << 20));
      side.outbox.add(FrameType.NOTICE, 0,
          new Message.Define(1, new Payload(0, List.of(), new byte[0], List.of(freed))));
      side.outbox.add(FrameType.NOTICE, 0, new Message.Define(2, payload(1)));
      side.writer.flush(true);
    }
    carry(side, wire, reader);
    assertThat(side.failures).isNotEmpty();
    assertThat(numbers(inbox.takeBatch())).containsExactly(2);
    assertThat(inbox.takeUntaken()).singleElement().satisfies(one -> {
      assertThat(((Message.Define) one.notice()).function()).isEqualTo(1);
      assertThat(one.reason()).contains("was freed while it was sent");
      assertThat(one.after()).isZero();
    });
    assertThat(inbox.isEmpty()).isTrue();
  }
}
