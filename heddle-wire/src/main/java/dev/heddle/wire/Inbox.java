package dev.heddle.wire;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one read brought: answers for those who wait for them, the rest for the handler. Belongs to the link
/// process.
final class Inbox {
  private final Calls calls;
  private final Limits limits;
  private final InboundTransfer.Memory memory;
  private final Decoder in = new Decoder();
  private final Buffers.Announced announced = new Buffers.Announced();
  private final MessageReader reader = new MessageReader(in, announced);
  private final Map<Long, InboundTransfer> transfers = new HashMap<>();
  /// The places of the notices whose buffers come.
  private final Map<InboundTransfer, Turn> waiting = new HashMap<>();
  private long bytesInFlight;
  private long lastTransfer;
  private List<Incoming> batch = new ArrayList<>();
  /// From the first notice on whose buffers have not all come: what was said since then, in order.
  private final ArrayDeque<Turn> turns = new ArrayDeque<>();
  private final List<Untaken> untaken = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private final List<Inspected> inspections = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private int pings;
  private @Nullable String goodbye;
  private int unknownNotices;

  /// A request that the link answers itself.
  record Refusal(long correlation, Message.Refused response) {}

  /// A request that the link answers without its handler.
  record Inspected(long correlation, Message.Inspection request) {}

  /// An answer to a call of this node.
  private record Answer(long correlation, Message.Response response) {}

  /// A notice whose buffers did not come, or for which there was no memory.
  ///
  /// @param notice with empty buffers
  /// @param after so many of the batch were said before it
  record Untaken(Message.Notice notice, String reason, int after) {}

  /// The place of a message among those that are handed on in order.
  private static final class Turn {
    /// Null as long as its buffers come.
    private @Nullable Incoming incoming;
    /// Why they will not; null while they may.
    private @Nullable String failure;
  }

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
        var request = reader.request();
        if (request instanceof Message.Inspection inspection) {
          inspections.add(new Inspected(correlation, inspection));
        } else {
          add(new Incoming.Asked(correlation, request));
        }
      }
      case FrameType.RESPONSE -> {
        var correlation = in.varint();
        if (calls.isPending(correlation)) {
          answers.add(new Answer(correlation, reader.response()));
        }
      }
      default -> reader.notice().ifPresentOrElse(
          notice -> add(new Incoming.Noticed(notice)), () -> unknownNotices++);
    }
  }

  /// Hands on what came, unless a notice that was said before it is still coming.
  private void add(Incoming incoming) {
    if (turns.isEmpty()) {
      batch.add(incoming);
    } else {
      awaitTurn().incoming = incoming;
    }
  }

  private Turn awaitTurn() {
    var turn = new Turn();
    turns.add(turn);
    return turn;
  }

  private void advance() {
    while (turns.peek() instanceof Turn turn && turn.incoming instanceof Incoming incoming) {
      turns.remove();
      if (turn.failure == null) {
        batch.add(incoming);
      } else if (incoming instanceof Incoming.Noticed(var notice)) {
        untaken.add(new Untaken(notice, turn.failure, batch.size()));
      }
    }
  }

  /// The buffers of a notice will not come: it takes its turn without them.
  private void untaken(InboundTransfer transfer, String reason) throws ProtocolException {
    if (waiting.remove(transfer) instanceof Turn turn) {
      in.reset(transfer.frame(), 0, transfer.frame().length);
      announced.clear();
      turn.incoming = new Incoming.Noticed(known(reader.notice()));
      turn.failure = reason;
      advance();
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
          add(new Incoming.Asked(correlation, unknown));
          return InboundTransfer.unwanted(size);
        }
      }
      case FrameType.RESPONSE -> {
        var correlation = in.varint();
        if (!calls.isPending(correlation)) {
          return InboundTransfer.unwanted(size);
        }
        if (reader.response() instanceof Message.Refused refused) {
          answers.add(new Answer(correlation, refused));
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
    var transfer = new InboundTransfer(memory, body, type, announced.announcements(), size);
    if (type == FrameType.NOTICE) {
      waiting.put(transfer, awaitTurn());
    }
    return transfer;
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
      if (waiting.remove(transfer) instanceof Turn turn) {
        turn.incoming = new Incoming.Noticed(known(reader.notice()));
        advance();
      } else {
        message(transfer.type());
      }
    } finally {
      reader.setBuffers(announced);
    }
  }

  private static Message.Notice known(Optional<Message.Notice> notice) {
    return notice.orElseThrow(() -> new IllegalStateException("a notice that was read before"));
  }

  private void failed(InboundTransfer transfer, String reason) throws ProtocolException {
    switch (transfer.type()) {
      case FrameType.REQUEST -> refusals.add(new Refusal(in.varint(),
          new Message.Refused(Message.Reason.TOO_LARGE, reason)));
      case FrameType.RESPONSE -> answers.add(new Answer(in.varint(),
          new Message.Refused(Message.Reason.TOO_LARGE,
              "the answer came, but there is " + reason)));
      default -> untaken(transfer, reason);
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
    untaken(transfer, "no whole message: " + reason);
    if (transfer.type() == FrameType.RESPONSE) {
      in.reset(transfer.frame(), 0, transfer.frame().length);
      answers.add(new Answer(in.varint(),
          new Message.Refused(Message.Reason.UNAVAILABLE, reason)));
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

  /// Gives those who wait their answers: once the handler has acted on what was said before them.
  ///
  /// @return those that are the handler's
  List<Answered> answerCalls() {
    if (answers.isEmpty()) {
      return List.of();
    }
    var answered = new ArrayList<Answered>();
    for (var answer : answers) {
      calls.answer(answer.correlation, answer.response)
          .ifPresent(question -> answered.add(new Answered(question, answer.response)));
    }
    answers.clear();
    return answered;
  }

  List<Refusal> takeRefusals() {
    if (refusals.isEmpty()) {
      return List.of();
    }
    var taken = List.copyOf(refusals);
    refusals.clear();
    return taken;
  }

  List<Inspected> takeInspections() {
    if (inspections.isEmpty()) {
      return List.of();
    }
    var taken = List.copyOf(inspections);
    inspections.clear();
    return taken;
  }

  List<Untaken> takeUntaken() {
    if (untaken.isEmpty()) {
      return List.of();
    }
    var taken = List.copyOf(untaken);
    untaken.clear();
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
