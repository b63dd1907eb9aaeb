package dev.heddle.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes messages out of frames. The mirror of [MessageWriter].
final class MessageReader {
  /// Set in a buffer's kind where its bytes come in chunks.
  static final int CHUNKED = 0x80;

  private static final int LIST_CAPACITY_FIRST = 1024;
  private static final Message.Reason[] REASONS = Message.Reason.values();

  private final Decoder in;
  private Buffers buffers;

  MessageReader(Decoder in, Buffers buffers) {
    this.in = in;
    this.buffers = buffers;
  }

  /// Reads large buffers from somewhere else from now on.
  void setBuffers(Buffers other) {
    buffers = other;
  }

  private interface Part<T> {
    T read() throws ProtocolException;
  }

  /// Checks that a message ends where its frame ends, and gives the complaints of the types that
  /// it consists of the peer's name for it.
  private <T extends Message> T whole(Operation operation, Part<T> part) throws ProtocolException {
    try {
      var message = part.read();
      in.end();
      return message;
    } catch (ProtocolException e) {
      throw new ProtocolException(operation.text() + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException(in.malformed(operation.text() + ": " + e.getMessage())
          .getMessage(), e);
    }
  }

  /// @return [Message.Unknown] for an operation that this version does not know
  Message.Request request() throws ProtocolException {
    var code = in.varintTo(Integer.MAX_VALUE, "an operation");
    var operation = Operation.of(code);
    if (operation == null || !Message.Request.class.isAssignableFrom(operation.message())) {
      return new Message.Unknown(code);
    }
    return whole(operation, () -> request(operation));
  }

  private Message.Request request(Operation operation) throws ProtocolException {
    return switch (operation) {
      case COMPUTE -> new Message.Compute(key(), payload(), list("arguments", 2, this::argument),
          holders(), in.flag());
      case GET_DATA -> new Message.GetData(keys(), in.zigzag());
      case PUT_DATA -> new Message.PutData(map("values", 6, this::key, this::payload));
      case DELETE_DATA -> new Message.DeleteData(keys());
      case CANCEL -> new Message.Cancel(keys());
      case ASK_ACTIVITIES -> new Message.AskActivities(in.zigzag(), in.zigzagInt("a limit"));
      case PING -> new Message.Ping(in.fixed64());
      case ASK_INFO -> new Message.AskInfo();
      case JOIN -> new Message.Join(workerInfo(), in.zigzag());
      case RENEW -> new Message.Renew(workerId());
      case LEAVE -> new Message.Leave(workerId());
      case REGISTER -> new Message.Register(workerId(), list("entries", 3, this::entry));
      case UNREGISTER -> new Message.Unregister(workerId(), keys());
      case WHO_HAS -> new Message.WhoHas(keys());
      case HAS_WHAT ->
        new Message.HasWhat(in.text(), optional(this::key), in.zigzagInt("a limit"));
      case ASK_WORKERS -> new Message.AskWorkers();
      case WATCH -> new Message.Watch(in.fixed64(), in.text());
      case UNWATCH -> new Message.Unwatch(in.fixed64());
      case ASK_CONTENT -> new Message.AskContent(codeBase(), list("names", 1, in::text));
      case ASK_BLOBS -> new Message.AskBlobs(list("hashes", ContentHash.BYTES, this::hash));
      case DONE, REFUSED, PONG, NODE_INFO, HOLDERS, INVENTORY, WORKERS, FINISHED, FAILED, CANCELLED,
          DATA, STORED, ACTIVITIES, CONTENT, BLOBS, CHANGED ->
        throw new AssertionError(operation + " is no request");
    };
  }

  /// @return a refusal for an operation that this version does not know
  Message.Response response() throws ProtocolException {
    var code = in.varintTo(Integer.MAX_VALUE, "an operation");
    var operation = Operation.of(code);
    if (operation == null || !Message.Response.class.isAssignableFrom(operation.message())) {
      return new Message.Refused(Message.Reason.UNKNOWN_OPERATION,
          "the peer answered with operation " + code + ", which this version does not know");
    }
    return whole(operation, () -> response(operation));
  }

  private Message.Response response(Operation operation) throws ProtocolException {
    return switch (operation) {
      case FINISHED -> new Message.Finished(key(), in.text(), in.zigzag(), in.zigzag());
      case DONE -> new Message.Done();
      case DATA -> new Message.Data(map("values", 3, this::key, this::datum));
      case STORED -> new Message.Stored(map("sizes", 3, this::key, in::zigzag),
          map("refused keys", 3, this::key, in::text));
      case FAILED -> new Message.Failed(key(), failure(1));
      case CANCELLED -> new Message.Cancelled(key());
      case REFUSED -> new Message.Refused(reason(), in.text());
      case PONG -> new Message.Pong(in.fixed64());
      case NODE_INFO -> new Message.NodeInfo(in.text(), in.text(), address(), in.text(),
          in.zigzag(), in.zigzag(), map("facts", 2, in::text, in::text));
      case HOLDERS -> new Message.Holders(holders());
      case INVENTORY -> new Message.Inventory(list("entries", 3, this::entry), in.flag());
      case WORKERS -> new Message.Workers(list("workers", 16, this::workerInfo));
      case ACTIVITIES -> new Message.Activities(list("activities", 6, this::activity), in.zigzag(),
          in.flag(), in.flag());
      case CONTENT -> new Message.Content(map("names", 33, in::text, this::hash));
      case BLOBS -> new Message.Blobs(list("blobs", 1, () -> optional(this::blob)));
      case PING, ASK_INFO, JOIN, RENEW, LEAVE, REGISTER, UNREGISTER, WHO_HAS, HAS_WHAT, ASK_WORKERS,
          WATCH, UNWATCH, COMPUTE, GET_DATA, PUT_DATA, DELETE_DATA, CANCEL, ASK_ACTIVITIES,
          ASK_CONTENT, ASK_BLOBS,
          CHANGED ->
        throw new AssertionError(operation + " is no response");
    };
  }

  /// @return nothing for an operation that this version does not know
  Optional<Message.Notice> notice() throws ProtocolException {
    return in.varintTo(Integer.MAX_VALUE, "an operation") == Operation.CHANGED.code()
        ? Optional.of(whole(Operation.CHANGED, () -> new Message.Changed(in.fixed64(),
            list("changes", 10, this::change), in.flag())))
        : Optional.empty();
  }

  // --- parts

  private <T> List<T> list(String what, int bytesLeast, Part<T> each) throws ProtocolException {
    return list(what, bytesLeast, Integer.MAX_VALUE, each);
  }

  private <T> List<T> list(String what, int bytesLeast, int most, Part<T> each)
      throws ProtocolException {
    var count = in.count(what, bytesLeast, most);
    if (count == 0) {
      return List.of();
    }
    if (count == 1) {
      return List.of(each.read());
    }
    var items = new ArrayList<T>(Math.min(count, LIST_CAPACITY_FIRST));
    for (var i = 0; i < count; i++) {
      items.add(each.read());
    }
    return Collections.unmodifiableList(items);
  }

  private <K, V> Map<K, V> map(String what, int bytesLeast, Part<K> key, Part<V> value)
      throws ProtocolException {
    var count = in.count(what, bytesLeast);
    if (count == 0) {
      return Map.of();
    }
    if (count == 1) {
      return Map.of(key.read(), value.read());
    }
    var entries = LinkedHashMap.<K, V>newLinkedHashMap(Math.min(count, LIST_CAPACITY_FIRST));
    for (var i = 0; i < count; i++) {
      var name = key.read();
      if (entries.put(name, value.read()) != null) {
        throw in.malformed("'" + name + "' twice among the " + what);
      }
    }
    return Collections.unmodifiableMap(entries);
  }

  private <T> Optional<T> optional(Part<T> some) throws ProtocolException {
    return in.flag() ? Optional.of(some.read()) : Optional.empty();
  }

  private Key key() throws ProtocolException {
    return new Key(in.text(Key.BYTES_MAX));
  }

  private List<Key> keys() throws ProtocolException {
    return list("keys", 2, this::key);
  }

  private ContentHash hash() throws ProtocolException {
    return ContentHash.ofDigest(in.raw(ContentHash.BYTES));
  }

  private CodeBaseId codeBase() throws ProtocolException {
    return new CodeBaseId(in.fixed64(), in.fixed64());
  }

  private Address address() throws ProtocolException {
    return new Address(in.text(), in.fixed16());
  }

  private WorkerId workerId() throws ProtocolException {
    return new WorkerId(in.text(), in.fixed64());
  }

  private WorkerInfo workerInfo() throws ProtocolException {
    return new WorkerInfo(workerId(), address(), in.text(), in.zigzag(),
        in.zigzagInt("a number of threads"));
  }

  private Message.Entry entry() throws ProtocolException {
    return new Message.Entry(key(), in.zigzag());
  }

  private Map<Key, List<Holder>> holders() throws ProtocolException {
    return map("keys", 3, this::key, () -> list("holders", 15, this::holder));
  }

  private Holder holder() throws ProtocolException {
    return new Holder(workerId(), address(), in.text(), in.zigzag());
  }

  private Message.Reason reason() throws ProtocolException {
    var code = in.u8();
    // A reason of a later version is at least a refusal.
    return code < REASONS.length ? REASONS[code] : Message.Reason.INTERNAL;
  }

  private Argument argument() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Argument.Stored(key());
      case 1 -> new Argument.Inline(payload());
      default -> throw in.malformed("an argument of the unknown kind " + tag);
    };
  }

  private Message.Activity activity() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Message.Activity.Ran(key(), in.zigzagInt("a slot"), in.zigzag(), in.zigzag(),
          in.flag());
      case 1 -> new Message.Activity.Fetched(in.text(), key(), in.zigzagInt("a count"),
          in.zigzag(), in.zigzag(), in.zigzag());
      default -> throw in.malformed("an activity of the unknown kind " + tag);
    };
  }

  private Message.Datum datum() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Message.Datum.Found(payload());
      case 1 -> new Message.Datum.Missing();
      case 2 -> new Message.Datum.Unsendable(failure(1));
      case 3 -> new Message.Datum.Later();
      default -> throw in.malformed("a datum of the unknown kind " + tag);
    };
  }

  private Message.Change change() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Message.Change.Registered(workerId(), key(), in.zigzag());
      case 1 -> new Message.Change.Unregistered(workerId(), key());
      case 2 -> new Message.Change.Joined(workerInfo());
      case 3 -> new Message.Change.Left(workerId());
      default -> throw in.malformed("a change of the unknown kind " + tag);
    };
  }

  private Failure failure(int depth) throws ProtocolException {
    if (depth > Failure.DEPTH_MAX) {
      throw in.malformed("a failure nested more than " + Failure.DEPTH_MAX + " deep");
    }
    return new Failure(in.text(), in.text(),
        list("frames", 4, Failure.FRAMES_MAX, this::frame),
        in.varintTo(Integer.MAX_VALUE, "a number of frames"),
        optional(() -> failure(depth + 1)), list("failures", 7, () -> failure(depth + 1)),
        optional(this::payload));
  }

  private Failure.Frame frame() throws ProtocolException {
    return new Failure.Frame(in.text(), in.text(), optional(in::text),
        in.zigzagInt("a line number"));
  }

  private Payload payload() throws ProtocolException {
    return new Payload(in.varintTo(0xFFFF, "a codec"),
        list("code bases", 16, Payload.CODE_BASES_MAX, this::codeBase), blob(),
        list("buffers", 2, Payload.BUFFERS_MAX, this::buffer));
  }

  private byte[] blob() throws ProtocolException {
    var bulk = buffer();
    if (bulk.kind() != Bulk.Kind.BYTE) {
      throw in.malformed("bytes in a " + bulk.kind() + " buffer");
    }
    return (byte[]) bulk.array();
  }

  private Bulk buffer() throws ProtocolException {
    var tag = in.u8();
    var kind = Bulks.kindOf(tag & ~CHUNKED, in);
    var size = in.varint();
    kind.check(size);
    if ((tag & CHUNKED) != 0) {
      if (size == 0) {
        throw in.malformed("an empty buffer that is to come in chunks");
      }
      return buffers.next(kind, size);
    }
    var at = in.skip(size, "a buffer");
    var bulk = kind.allocate(size);
    Bulks.copyIn(in.bytes(), at, bulk);
    return Bulks.fromWire(bulk);
  }
}
