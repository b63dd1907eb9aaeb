package dev.heddle.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes what messages consist of out of frames. The mirror of [PartWriter].
final class PartReader {
  /// Set in a buffer's kind where its bytes come in chunks.
  static final int CHUNKED = 0x80;

  private static final int LIST_CAPACITY_FIRST = 1024;
  private static final Message.Reason[] REASONS = Message.Reason.values();
  private static final int BYTES = Bulks.codeOf(Bulk.Kind.BYTE);
  private static final Message.Begun[] BEGUN = Message.Begun.values();

  private final Decoder in;
  private Buffers buffers;
  private Callee.Known lastKnown = new Callee.Known(0);

  PartReader(Decoder in, Buffers buffers) {
    this.in = in;
    this.buffers = buffers;
  }

  Decoder in() {
    return in;
  }

  void setBuffers(Buffers other) {
    buffers = other;
  }

  /// Refers to no reader, so that none has to be made for each message.
  interface Part<T> {
    T read(PartReader from) throws ProtocolException;
  }

  String text() throws ProtocolException {
    return in.text();
  }

  long varint() throws ProtocolException {
    return in.varint();
  }

  long zigzag() throws ProtocolException {
    return in.zigzag();
  }

  int amount() throws ProtocolException {
    return in.zigzagInt("an amount");
  }

  Message.Range range() throws ProtocolException {
    return new Message.Range(in.varint(), in.varint());
  }

  <T> List<T> list(String what, int bytesLeast, Part<T> each) throws ProtocolException {
    return list(what, bytesLeast, Integer.MAX_VALUE, each);
  }

  <T> List<T> list(String what, int bytesLeast, int most, Part<T> each)
      throws ProtocolException {
    var count = in.count(what, bytesLeast, most);
    if (count == 0) {
      return List.of();
    }
    if (count == 1) {
      return List.of(each.read(this));
    }
    var items = new ArrayList<T>(Math.min(count, LIST_CAPACITY_FIRST));
    for (var i = 0; i < count; i++) {
      items.add(each.read(this));
    }
    return Collections.unmodifiableList(items);
  }

  <K, V> Map<K, V> map(String what, int bytesLeast, Part<K> key, Part<V> value)
      throws ProtocolException {
    var count = in.count(what, bytesLeast);
    if (count == 0) {
      return Map.of();
    }
    if (count == 1) {
      return Map.of(key.read(this), value.read(this));
    }
    var entries = LinkedHashMap.<K, V>newLinkedHashMap(Math.min(count, LIST_CAPACITY_FIRST));
    for (var i = 0; i < count; i++) {
      var name = key.read(this);
      if (entries.put(name, value.read(this)) != null) {
        throw in.malformed("'" + name + "' twice among the " + what);
      }
    }
    return Collections.unmodifiableMap(entries);
  }

  <T> Optional<T> optional(Part<T> some) throws ProtocolException {
    return in.flag() ? Optional.of(some.read(this)) : Optional.empty();
  }

  Key key() throws ProtocolException {
    return in.key();
  }

  List<Key> keys() throws ProtocolException {
    return list("keys", 2, PartReader::key);
  }

  ContentHash hash() throws ProtocolException {
    return ContentHash.ofDigest(in.raw(ContentHash.BYTES, "a hash"));
  }

  CodeBaseId codeBase() throws ProtocolException {
    return new CodeBaseId(in.fixed64(), in.fixed64());
  }

  Address address() throws ProtocolException {
    return new Address(in.knownText(), in.fixed16());
  }

  WorkerId workerId() throws ProtocolException {
    return new WorkerId(in.knownText(), in.fixed64());
  }

  WorkerInfo workerInfo() throws ProtocolException {
    return new WorkerInfo(workerId(), address(), in.text(), in.zigzag(),
        in.zigzagInt("a number of threads"));
  }

  Message.Entry entry() throws ProtocolException {
    return new Message.Entry(key(), in.zigzag());
  }

  Map<Key, List<Holder>> holders() throws ProtocolException {
    return map("keys", 3, PartReader::key, PartReader::holdersOf);
  }

  List<Holder> holdersOf() throws ProtocolException {
    return list("holders", 15, PartReader::holder);
  }

  Holder holder() throws ProtocolException {
    return new Holder(workerId(), address(), in.knownText(), in.zigzag());
  }

  Message.Reason reason() throws ProtocolException {
    var code = in.u8();
    // A reason of a later version is at least a refusal.
    return code < REASONS.length ? REASONS[code] : Message.Reason.INTERNAL;
  }

  List<Long> numbers() throws ProtocolException {
    return list("numbers", 1, PartReader::varint);
  }

  int function() throws ProtocolException {
    return in.zigzagInt("a function's number");
  }

  Map<String, Integer> amounts() throws ProtocolException {
    return map("resources", 2, PartReader::text, PartReader::amount);
  }

  Map<String, Long> counts() throws ProtocolException {
    return map("states", 2, PartReader::text, PartReader::zigzag);
  }

  List<String> texts() throws ProtocolException {
    return list("names", 1, PartReader::text);
  }

  Callee callee() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> known(function());
      case 1 -> new Callee.Carried(payload());
      default -> throw in.malformed("a function of the unknown kind " + tag);
    };
  }

  /// Many tasks in a row are of one function.
  Callee.Known known(int function) {
    if (lastKnown.function() != function) {
      lastKnown = new Callee.Known(function);
    }
    return lastKnown;
  }

  Operand operand() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Operand.OfTask(in.varint());
      case 1 -> new Operand.Inline(payload());
      default -> throw in.malformed("an operand of the unknown kind " + tag);
    };
  }

  TaskSettings settings() throws ProtocolException {
    return in.flag()
        ? new TaskSettings(in.zigzagInt("a priority"),
            in.zigzagInt("a number of retries"), in.zigzag(),
            list("workers", 1, PartReader::text), amounts(), in.flag(), in.flag())
        : TaskSettings.DEFAULT;
  }

  Message.TaskEnd taskEnd() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Message.TaskEnd.Ready(in.knownText(), in.zigzag(), in.zigzag(),
          optional(PartReader::payload));
      case 1 -> new Message.TaskEnd.Failed(failure(1), in.zigzag());
      case 2 -> new Message.TaskEnd.Lacking(keys(), in.text());
      case 3 -> new Message.TaskEnd.GivenBack(in.text(), in.flag());
      case 4 -> new Message.TaskEnd.Cancelled(in.flag());
      default -> throw in.malformed("an end of the unknown kind " + tag);
    };
  }

  Message.Result result() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Message.Result.Ready(in.varint(), in.knownText(), in.zigzag(),
          list("holders", 15, PartReader::holder), optional(PartReader::payload));
      case 1 -> new Message.Result.Failed(in.varint(), optional(PartReader::key),
          optional(PartReader::attempt), failure(1));
      case 2 -> new Message.Result.Cancelled(in.varint(), in.text(), begun());
      case 3 -> new Message.Result.Lost(in.varint(), in.text());
      default -> throw in.malformed("a result of the unknown kind " + tag);
    };
  }

  Message.Begun begun() throws ProtocolException {
    var code = in.u8();
    if (code >= BEGUN.length) {
      throw in.malformed("whether a cancelled task had begun, with the unknown code " + code);
    }
    return BEGUN[code];
  }

  Attempt attempt() throws ProtocolException {
    return new Attempt(key(), in.text(), in.text(), in.zigzag(), in.zigzagInt("an attempt"),
        in.zigzagInt("a number of attempts"), in.zigzag());
  }

  Argument argument() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Argument.Stored(key());
      case 1 -> new Argument.Inline(payload());
      default -> throw in.malformed("an argument of the unknown kind " + tag);
    };
  }

  Message.Datum datum() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Message.Datum.Found(payload());
      case 1 -> new Message.Datum.Missing();
      case 2 -> new Message.Datum.Unsendable(failure(1));
      case 3 -> new Message.Datum.Later();
      case 4 -> placed();
      default -> throw in.malformed("a datum of the unknown kind " + tag);
    };
  }

  Message.Datum placed() throws ProtocolException {
    var rest = payload();
    var handOver = in.varint();
    var segment = in.varint();
    var places = list("places", 3, PartReader::place);
    try {
      return new Message.Datum.Placed(rest, handOver, segment, places);
    } catch (IllegalArgumentException e) {
      throw in.malformed(String.valueOf(e.getMessage()));
    }
  }

  Message.Datum.Place place() throws ProtocolException {
    var buffer = in.varintTo(Payload.BUFFERS_MAX, "a buffer");
    var offset = in.varint();
    var size = in.varint();
    try {
      return new Message.Datum.Place(buffer, offset, size);
    } catch (IllegalArgumentException e) {
      throw in.malformed(String.valueOf(e.getMessage()));
    }
  }

  Message.Change change() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Message.Change.Registered(workerId(), key(), in.zigzag());
      case 1 -> new Message.Change.Unregistered(workerId(), key());
      case 2 -> new Message.Change.Joined(workerInfo());
      case 3 -> new Message.Change.Left(workerId());
      default -> throw in.malformed("a change of the unknown kind " + tag);
    };
  }

  Failure failure(int depth) throws ProtocolException {
    if (depth > Failure.DEPTH_MAX) {
      throw in.malformed("a failure nested more than " + Failure.DEPTH_MAX + " deep");
    }
    return new Failure(in.text(), in.text(),
        list("frames", 4, Failure.FRAMES_MAX, PartReader::frame),
        in.varintTo(Integer.MAX_VALUE, "a number of frames"),
        optional(from -> from.failure(depth + 1)),
        list("failures", 7, from -> from.failure(depth + 1)),
        optional(PartReader::payload));
  }

  Failure.Frame frame() throws ProtocolException {
    return new Failure.Frame(in.text(), in.text(), optional(PartReader::text),
        in.zigzagInt("a line number"));
  }

  Payload payload() throws ProtocolException {
    return new Payload(in.varintTo(0xFFFF, "a codec"),
        list("code bases", 16, Payload.CODE_BASES_MAX, PartReader::codeBase), blob(),
        list("buffers", 2, Payload.BUFFERS_MAX, PartReader::buffer));
  }

  byte[] blob() throws ProtocolException {
    if (in.nextIs(BYTES)) {
      in.u8();
      var size = in.varint();
      Bulk.Kind.BYTE.check(size);
      return in.raw(size, "a buffer");
    }
    var bulk = buffer();
    if (bulk.kind() != Bulk.Kind.BYTE) {
      throw in.malformed("bytes in a " + bulk.kind() + " buffer");
    }
    return (byte[]) bulk.array();
  }

  Bulk buffer() throws ProtocolException {
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
