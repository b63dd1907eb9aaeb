package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class LinkWriterTest {
  private static final int THREADS = 4;
  private static final int MESSAGES = 5000;

  /// Many threads put in and flush; a link thread writes only when it is woken. What was flushed
  /// must all get out, although nobody flushes after the last.
  @RepeatedTest(5)
  void noFlushIsLost() throws Exception {
    var wire = new TestWire(new Random(7), 3000);
    var woken = new java.util.concurrent.Semaphore(0);
    var outbox = new Outbox(Limits.DEFAULT, Limits.DEFAULT);
    var broken = new AtomicBoolean();
    var writer = new LinkWriter(wire, outbox, new LinkWriter.Owner() {
      @Override
      public void wake() {
        woken.release();
      }

      @Override
      public void broken(java.io.IOException e) {
        broken.set(true);
      }

      @Override
      public void defect(Throwable e) {
        broken.set(true);
      }

      @Override
      public void abandoned(OutboundTransfer transfer, String reason) {
        broken.set(true);
      }
    });
    var stopped = new AtomicBoolean();
    var link = Thread.ofPlatform().start(() -> {
      while (!stopped.get()) {
        woken.acquireUninterruptibly();
        while (writer.isLeftToLink()) {
          writer.flush(true);
        }
      }
    });
    var ready = new CountDownLatch(THREADS);
    var threads = new ArrayList<Thread>();
    for (var t = 0; t < THREADS; t++) {
      var first = t * MESSAGES;
      threads.add(Thread.ofPlatform().start(() -> {
        ready.countDown();
        for (var i = 0; i < MESSAGES; i++) {
          outbox.add(FrameType.REQUEST, first + i, new Message.AskInfo());
          writer.flush(false);
        }
      }));
    }
    for (var thread : threads) {
      thread.join();
    }
    stopped.set(true);
    woken.release();
    link.join();
    while (writer.isLeftToLink()) {
      writer.flush(true);
    }
    assertThat(outbox.isEmpty()).isTrue();
    assertThat(broken).isFalse();
    assertThat(correlations(wire.written())).hasSize(THREADS * MESSAGES);
  }

  private static Set<Long> correlations(byte[] bytes) throws ProtocolException {
    var correlations = new HashSet<Long>();
    for (var frame : frames(bytes)) {
      var in = new Decoder(frame);
      assertThat(in.u8()).isEqualTo(FrameType.REQUEST);
      assertThat(correlations.add(in.varint())).isTrue();
    }
    return correlations;
  }

  private static List<byte[]> frames(byte[] bytes) {
    var frames = new ArrayList<byte[]>();
    var rest = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (rest.hasRemaining()) {
      var frame = new byte[rest.getInt()];
      rest.get(frame);
      frames.add(frame);
    }
    return frames;
  }

  private static Message.PutData withBulk(Bulk bulk) {
    return new Message.PutData(
        Map.of(Key.of("x"), new Payload(0, List.of(), new byte[0], List.of(bulk))), false);
  }

  @Test
  void transfersTakeTurnsAndMessagesPassThem() throws Exception {
    var wire = new TestWire(new Random(1), 1 << 30);
    var side = new TestSide(wire, Limits.DEFAULT);
    var size = 8 * Protocol.CHUNK_BYTES_MAX;
    side.outbox.add(FrameType.REQUEST, 1, withBulk(Bulk.Kind.BYTE.allocate(size)));
    side.outbox.add(FrameType.REQUEST, 2, withBulk(Bulk.Kind.DIRECT.allocate(size)));
    side.writer.flush(false);
    assertThat(side.writer.isLeftToLink()).isTrue();
    side.outbox.addControl(FrameType.PING);
    while (side.writer.isLeftToLink()) {
      side.writer.flush(true);
    }
    var types = new StringBuilder();
    var turns = new StringBuilder();
    for (var frame : frames(wire.written())) {
      types.append(switch (frame[0] & 0x7F) {
        case FrameType.REQUEST -> 'R';
        case FrameType.CHUNK -> 'c';
        case FrameType.PING -> 'P';
        default -> '?';
      });
      if (frame[0] == FrameType.CHUNK) {
        turns.append(frame[1]);
      }
    }
    assertThat(types.toString()).matches("RRc+Pc+");
    assertThat(turns.toString()).isEqualTo("12".repeat(8));
  }

  @Test
  void aFlushWritesLittleBulkItselfAndLeavesTheRestToTheLink() {
    var wire = new TestWire(new Random(1), 1 << 30);
    var side = new TestSide(wire, Limits.DEFAULT);
    side.outbox.add(FrameType.REQUEST, 1, withBulk(Bulk.Kind.BYTE.allocate(16 << 20)));
    side.writer.flush(false);
    assertThat(side.writer.isLeftToLink()).isTrue();
    assertThat(side.wakes).hasValue(1);
    assertThat(wire.written().length).isBetween(1 << 20, 2 << 20);
  }

  @Test
  void bulkBeyondWhatThePeerTakesWaitsAndMessagesPassIt() throws Exception {
    var wire = new TestWire(new Random(1), 1 << 30);
    var side = new TestSide(wire, Limits.DEFAULT.withBulkInFlight(100_000, 10));
    for (var i = 1; i <= 3; i++) {
      side.outbox.add(FrameType.REQUEST, i, withBulk(Bulk.Kind.BYTE.allocate(60_000)));
    }
    side.outbox.add(FrameType.REQUEST, 4, new Message.AskInfo());
    side.writer.flush(false);
    while (side.writer.isLeftToLink()) {
      side.writer.flush(true);
    }
    var order = new ArrayList<String>();
    for (var frame : frames(wire.written())) {
      order.add((frame[0] == FrameType.CHUNK ? "chunk " : "request ") + frame[1]);
    }
    assertThat(order).containsExactly("request 1", "request 4", "chunk 1", "request 2", "chunk 2",
        "request 3", "chunk 3");
    assertThat(side.outbox.isEmpty()).isTrue();
  }

  @Test
  void aBufferFreedWhileItIsSentEndsItsTransferAndNothingElse() {
    var wire = new TestWire(new Random(1), 1 << 30);
    var side = new TestSide(wire, Limits.DEFAULT);
    try (var arena = Arena.ofShared()) {
      side.outbox.add(FrameType.REQUEST, 1,
          withBulk(new Bulk(Bulk.Kind.DIRECT, arena.allocate(8 << 20))));
      side.writer.flush(false);
    }
    side.writer.flush(true);
    side.outbox.add(FrameType.REQUEST, 2, new Message.AskInfo());
    side.writer.flush(true);
    assertThat(side.failures).singleElement().asString().contains("freed while it was sent");
    assertThat(side.outbox.isEmpty()).isTrue();
    var types = frames(wire.written()).stream().map(frame -> frame[0] & 0x7F).distinct().toList();
    assertThat(types).containsExactly(FrameType.REQUEST, FrameType.CHUNK, FrameType.ABANDON);
  }

  @Test
  void aBoxBeyondItsBoundsSaysSo() {
    var limits = Limits.DEFAULT.withFrameBytesMax(64 << 10);
    var outbox = new Outbox(limits.withOutbox(64 << 10, 1000), limits);
    var added = 0;
    while (outbox.add(FrameType.REQUEST, ++added, new Message.Ping(1))) {
      assertThat(added).isLessThanOrEqualTo(1000);
    }
    assertThat(added).isEqualTo(1001);
    var bytes = new Outbox(limits.withOutbox(64 << 10, 1_000_000), limits);
    while (bytes.add(FrameType.REQUEST, 1, new Message.Ping(1))) {
      assertThat(bytes.sizeBytes()).isLessThanOrEqualTo(64 << 10);
    }
    assertThat(bytes.sizeBytes()).isGreaterThan(64 << 10);
  }
}
