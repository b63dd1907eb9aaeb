package dev.heddle.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one read brought: answers go to those who wait for them, the rest is gathered for the
/// handler. Belongs to the link process.
final class Inbox {
  private final Calls calls;
  private final Limits limits;
  private final InboundTransfer.Memory memory;
  private final Decoder in = new Decoder();
  private final Buffers.Announced announced = new Buffers.Announced();
  private final MessageReader reader = new MessageReader(in, announced);
  private final Map<Long, InboundTransfer> transfers = new HashMap<>();
  private long bytesInFlight;
  private long lastTransfer;
  private List<Incoming> batch = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private int pings;
  private @Nullable String goodbye;
  private int unknownNotices;

  /// A request that the link answers itself.
  record Refusal(long correlation, Message.Refused response) {}

  Inbox(Calls calls, Limits limits) {
    this(calls, limits, Bulk.Kind::allocate);
  }

  Inbox(Calls calls, Limits limits, InboundTransfer.Memory memory) {
    this.memory = memory;
    this.calls = calls;
    this.limits = limits;
  }

  /// Acts on a frame.
  ///
  /// @param bytes the type and what follows it
  void frame(byte[] bytes, int length) throws ProtocolException {
    var type = bytes[0] & 0xFF;
    in.reset(bytes, 1, length - 1);
    switch (type) {
      case FrameType.REQUEST, FrameType.RESPONSE, FrameType.NOTICE -> plain(type);
      case FrameType.REQUEST | FrameType.WITH_BULK, FrameType.RESPONSE | FrameType.WITH_BULK,
          FrameType.NOTICE | FrameType.WITH_BULK ->
        withBulk(type & ~FrameType.WITH_BULK, bytes, length);
      case FrameType.PING -> {
        in.end();
        pings++;
      }
      case FrameType.PONG -> in.end();
      case FrameType.GOODBYE -> {
        goodbye = in.text(Protocol.REASON_BYTES_MAX);
        in.end();
      }
      case FrameType.ABANDON -> abandon();
      default -> throw new ProtocolException("a frame of the unknown type " + type);
    }
  }

  private void plain(int type) throws ProtocolException {
    announced.clear();
    message(type);
    if (!announced.announcements().isEmpty()) {
      throw in.malformed("large buffers in a frame that announces none");
    }
  }

  /// Reads the message in `in` and passes it on.
  private void message(int type) throws ProtocolException {
    switch (type) {
      case FrameType.REQUEST -> {
        var correlation = in.varint();
        batch.add(new Incoming.Asked(correlation, reader.request()));
      }
      case FrameType.RESPONSE -> {
        var correlation = in.varint();
        if (calls.isPending(correlation)) {
          calls.answer(correlation, reader.response());
        }
      }
      default -> reader.notice().ifPresentOrElse(
          notice -> batch.add(new Incoming.Noticed(notice)), () -> unknownNotices++);
    }
  }

  private void withBulk(int type, byte[] bytes, int length) throws ProtocolException {
    if (length - 1 < Protocol.TRAILER_BYTES) {
      throw in.malformed("no room for the number and size of a transfer");
    }
    var body = length - 1 - Protocol.TRAILER_BYTES;
    in.reset(bytes, 1 + body, Protocol.TRAILER_BYTES);
    var id = in.fixed64();
    var size = in.fixed64();
    checkNew(id, size);
    in.reset(bytes, 1, body);
    transfers.put(id, begin(type, Arrays.copyOfRange(bytes, 1, 1 + body), size));
    lastTransfer = id;
    bytesInFlight += size;
  }

  private void checkNew(long id, long size) throws ProtocolException {
    if (transfers.containsKey(id)) {
      throw new ProtocolException("transfer " + id + " begins twice");
    }
    if (size < 1 || size > limits.bulkBytesMax()) {
      throw new ProtocolException("a transfer of " + Long.toUnsignedString(size)
          + " bytes; 1 to " + limits.bulkBytesMax() + " are allowed");
    }
    if (transfers.size() >= limits.transfersMax()
        || bytesInFlight + size > limits.bulkInFlightBytesMax()) {
      throw new ProtocolException("transfer " + id + " of " + size + " bytes beside "
          + transfers.size() + " others with " + bytesInFlight + " bytes to come; at most "
          + limits.transfersMax() + " with " + limits.bulkInFlightBytesMax() + " are allowed");
    }
  }

  private InboundTransfer begin(int type, byte[] body, long size) throws ProtocolException {
    announced.clear();
    switch (type) {
      case FrameType.REQUEST -> {
        var correlation = in.varint();
        if (reader.request() instanceof Message.Unknown unknown) {
          batch.add(new Incoming.Asked(correlation, unknown));
          return InboundTransfer.unwanted(size);
        }
      }
      case FrameType.RESPONSE -> {
        var correlation = in.varint();
        if (!calls.isPending(correlation)) {
          return InboundTransfer.unwanted(size);
        }
        if (reader.response() instanceof Message.Refused refused) {
          calls.answer(correlation, refused);
          return InboundTransfer.unwanted(size);
        }
      }
      default -> {
        if (reader.notice().isEmpty()) {
          unknownNotices++;
          return InboundTransfer.unwanted(size);
        }
      }
    }
    if (announced.sizeBytes() != size) {
      throw in.malformed("large buffers of " + announced.sizeBytes()
          + " bytes in a message whose transfer has " + size);
    }
    return new InboundTransfer(memory, body, type, announced.announcements(), size);
  }

  /// The transfer that a chunk belongs to.
  InboundTransfer transfer(long id, int chunkBytes) throws ProtocolException {
    var transfer = transfers.get(id);
    if (transfer == null) {
      throw new ProtocolException("a chunk of transfer " + id + ", which "
          + (id > 0 && id <= lastTransfer ? "has ended" : "never began"));
    }
    if (chunkBytes > transfer.remaining()) {
      throw new ProtocolException("a chunk of " + chunkBytes + " bytes of transfer " + id
          + ", of which " + transfer.remaining() + " were to come");
    }
    bytesInFlight -= chunkBytes;
    if (chunkBytes == transfer.remaining()) {
      // Its number is free again; the reader holds on to it until the last byte is there.
      transfers.remove(id);
    }
    return transfer;
  }

  /// All bytes of a chunk are there.
  void chunkEnded(InboundTransfer transfer) throws ProtocolException {
    if (transfer.remaining() > 0 || transfer.frame().length == 0) {
      return;
    }
    in.reset(transfer.frame(), 0, transfer.frame().length);
    if (transfer.failure() != null) {
      failed(transfer, transfer.failure());
      return;
    }
    reader.setBuffers(new Buffers.Arrived(transfer.buffers()));
    try {
      message(transfer.type());
    } finally {
      reader.setBuffers(announced);
    }
  }

  private void failed(InboundTransfer transfer, String reason) throws ProtocolException {
    switch (transfer.type()) {
      case FrameType.REQUEST -> refusals.add(new Refusal(in.varint(),
          new Message.Refused(Message.Reason.TOO_LARGE, reason)));
      case FrameType.RESPONSE -> calls.answer(in.varint(),
          new Message.Refused(Message.Reason.TOO_LARGE, "the answer came, but there is " + reason));
      default -> unknownNotices++;
    }
  }

  private void abandon() throws ProtocolException {
    var id = in.varint();
    var reason = in.text(Protocol.REASON_BYTES_MAX);
    in.end();
    var transfer = transfers.remove(id);
    if (transfer == null) {
      throw new ProtocolException("transfer " + id + " is abandoned, but not under way");
    }
    bytesInFlight -= transfer.remaining();
    if (transfer.type() == FrameType.RESPONSE) {
      in.reset(transfer.frame(), 0, transfer.frame().length);
      calls.answer(in.varint(), new Message.Refused(Message.Reason.UNAVAILABLE, reason));
    }
  }

  // --- what came of it

  /// Takes what the handler has to act on.
  List<Incoming> takeBatch() {
    if (batch.isEmpty()) {
      return List.of();
    }
    var taken = batch;
    batch = new ArrayList<>(Math.min(taken.size(), 1024));
    return taken;
  }

  List<Refusal> takeRefusals() {
    if (refusals.isEmpty()) {
      return List.of();
    }
    var taken = List.copyOf(refusals);
    refusals.clear();
    return taken;
  }

  /// How often the peer asked for a sign of life.
  int takePings() {
    var taken = pings;
    pings = 0;
    return taken;
  }

  int takeUnknownNotices() {
    var taken = unknownNotices;
    unknownNotices = 0;
    return taken;
  }

  boolean isEmpty() {
    return transfers.isEmpty();
  }

  /// The peer's last words; null as long as it has not said them.
  @Nullable
  String goodbye() {
    return goodbye;
  }
}
