package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BadFrameTest {
  /// No operation has this number.
  private static final byte UNKNOWN = (byte) 250;
  private static final Limits LIMITS = Limits.DEFAULT.withFrameBytesMax(1 << 20)
      .withBulkInFlight(1 << 20, 4);
  private static final List<Operation> OPERATIONS = List.of(Operation.values());
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void randomBytesAreAProtocolExceptionAndNothingElse() {
    for (var seed = 0L; seed < 3000; seed++) {
      var random = new Random(seed);
      var bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      assertHarmless(bytes, seed);
    }
  }

  @Test
  void randomBodiesOfEveryOperationAreAProtocolExceptionAndNothingElse() {
    for (var seed = 0L; seed < 20_000; seed++) {
      var random = new Random(seed);
      var body = new byte[random.nextInt(60)];
      random.nextBytes(body);
      var operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
      var frame = ByteBuffer.allocate(body.length + 7).order(ByteOrder.LITTLE_ENDIAN);
      frame.putInt(body.length + 3);
      frame.put((byte) (1 + random.nextInt(3) + (random.nextInt(4) == 0 ? 0x80 : 0)));
      frame.put((byte) 1).put((byte) operation.code()).put(body);
      assertHarmless(frame.array(), seed);
    }
  }

  @Test
  void goodFramesWithAFewBytesChangedAreAProtocolExceptionAndNothingElse() {
    for (var seed = 0L; seed < 6000; seed++) {
      var random = new Random(seed);
      var bytes = frames(
          new Samples(seed).message(OPERATIONS.get((int) (seed % OPERATIONS.size()))));
      for (var n = 1 + random.nextInt(3); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      assertHarmless(bytes, seed);
    }
  }

  @Test
  void goodFramesWithBytesMissingInTheMiddleAreAProtocolExceptionAndNothingElse() {
    for (var seed = 0L; seed < 3000; seed++) {
      var random = new Random(seed);
      var bytes = frames(
          new Samples(seed).message(OPERATIONS.get((int) (seed % OPERATIONS.size()))));
      var from = random.nextInt(bytes.length);
      var to = from + random.nextInt(bytes.length - from);
      var cut = Arrays.copyOf(bytes, bytes.length - (to - from));
      System.arraycopy(bytes, to, cut, from, bytes.length - to);
      assertHarmless(cut, seed);
    }
  }

  private static byte[] frames(Message message) {
    var wire = new TestWire(new Random(1), 1 << 20);
    var side = new TestSide(wire, Limits.DEFAULT);
    side.outbox.add(switch (message) {
      case Message.Request _ -> FrameType.REQUEST;
      case Message.Response _ -> FrameType.RESPONSE;
      case Message.Notice _ -> FrameType.NOTICE;
    }, 1, message);
    do {
      side.writer.flush(true);
    } while (side.writer.isLeftToLink());
    return wire.written();
  }

  /// Reads the bytes as a peer's. They may be good by chance, or a ProtocolException; memory stays
  /// in proportion.
  private static void assertHarmless(byte[] bytes, long seed) {
    var bound = 100L * bytes.length + LIMITS.bulkInFlightBytesMax() + (1 << 20);
    if (allocatedReading(bytes, seed) >= bound) {
      // Whoever reads first also loads the classes.
      assertThat(allocatedReading(bytes, seed)).as("seed %d", seed).isLessThan(bound);
    }
  }

  private static long allocatedReading(byte[] bytes, long seed) {
    var calls = new Calls("the other end", 10);
    calls.open(new Message.AskInfo());
    var reader = new LinkReader(new Inbox(calls, LIMITS), LIMITS.frameBytesMax());
    var wire = new TestWire(new Random(seed), 1 << 20);
    var rest = ByteBuffer.wrap(bytes);
    var before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      while (rest.hasRemaining()) {
        wire.write(rest);
      }
      while (!wire.isEmpty()) {
        reader.read(wire);
      }
    } catch (ProtocolException e) {
      assertThat(e).message().isNotBlank();
    } catch (Exception | Error e) {
      throw new AssertionError("seed " + seed, e);
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void aFrameOverTheLimitIsRefusedByItsLengthAlone() {
    assertRefused(frame(LIMITS.frameBytesMax() + 1), "a frame of 1048577 bytes");
    assertRefused(frame(-1), "a frame of 4294967295 bytes");
    assertRefused(frame(0), "a frame of 0 bytes");
  }

  private static byte[] frame(int length, int... bytes) {
    var frame = ByteBuffer.allocate(5 + bytes.length).order(ByteOrder.LITTLE_ENDIAN).putInt(length);
    for (var b : bytes) {
      frame.put((byte) b);
    }
    return frame.array();
  }

  @Test
  void aFrameOfAnUnknownTypeIsRefused() {
    assertRefused(frame(1, 99), "unknown type 99");
  }

  @Test
  void aChunkOfNoTransferIsRefused() {
    assertRefused(frame(3, FrameType.CHUNK, 5, 0), "a chunk of transfer 5, which never began");
  }

  @Test
  void aChunkWithoutBytesIsRefused() {
    assertRefused(frame(2, FrameType.CHUNK, 5), "a chunk without bytes");
  }

  @Test
  void aTransferBeyondTheLimitIsRefusedWhenItIsAnnounced() {
    var message = new Message.PutData(Map.of(Key.of("x"),
        new Payload(0, List.of(), new byte[0], List.of(Bulk.Kind.BYTE.allocate(2 << 20)))), false);
    assertRefused(frames(message), "a transfer of 2097152 bytes; 1 to 1048576 are allowed");
  }

  @Test
  void aTransferOfAnotherSizeThanItsBuffersIsRefused() {
    var message = new Message.PutData(Map.of(Key.of("x"),
        new Payload(0, List.of(), new byte[0], List.of(Bulk.Kind.BYTE.allocate(20_000)))), false);
    var bytes = frames(message);
    var end = 4 + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    bytes[end - 8]++;
    assertRefused(bytes, "large buffers of 20000 bytes in a message whose transfer has 20001");
  }

  @Test
  void aKeyWithAControlCharacterIsRefused() {
    assertRefused(frame(6, FrameType.REQUEST, 1, Operation.DELETE_DATA.code(), 1, 1, 7),
        "delete-data");
  }

  private static void assertRefused(byte[] bytes, String why) {
    var reader = new LinkReader(new Inbox(new Calls("peer", 1), LIMITS), LIMITS.frameBytesMax());
    var wire = new TestWire(new Random(1), 1 << 20);
    var rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      wire.write(rest);
    }
    assertThatThrownBy(() -> {
      while (!wire.isEmpty()) {
        reader.read(wire);
      }
    }).isInstanceOf(ProtocolException.class).hasMessageContaining(why);
  }

  @Test
  void anUnknownRequestReachesTheHandlerWithItsNumber() throws Exception {
    var inbox = new Inbox(new Calls("peer", 1), LIMITS);
    inbox.frame(new byte[]{FrameType.REQUEST, 9, UNKNOWN, 1, 2, 3}, 6);
    assertThat(inbox.takeBatch())
        .containsExactly(new Incoming.Asked(9, new Message.Unknown(UNKNOWN & 0xFF)));
  }

  @Test
  void anUnknownNoticeIsPassedOver() throws Exception {
    var inbox = new Inbox(new Calls("peer", 1), LIMITS);
    inbox.frame(new byte[]{FrameType.NOTICE, UNKNOWN, 1, 2, 3}, 5);
    assertThat(inbox.takeBatch()).isEmpty();
    assertThat(inbox.takeUnknownNotices()).isEqualTo(1);
  }
}
