package dev.heddle.values;

import dev.heddle.wire.Bulk;
import java.io.InvalidObjectException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A value, or a part of one, that travels as raw bytes beside the header.
record Part(Form form, Bulk bulk) {
  /// From this size on, in bytes, arrays and strings travel beside the header rather than in it.
  static final int BYTES_MIN = 1024;

  /// What the receiver makes of the bytes. The order is the code on the wire.
  enum Form {
    /// The primitive array that the bulk's kind says.
    ARRAY,
    /// A `boolean[]`, a byte each.
    BOOLEANS,
    /// A string, a byte a character.
    LATIN1,
    /// A string, two bytes a character.
    UTF16,
    /// A `ByteBuffer` in big-endian order.
    BUFFER_BIG,
    /// A `ByteBuffer` in little-endian order.
    BUFFER_LITTLE,
    /// A `MemorySegment`.
    SEGMENT;

    private static final Form[] FORMS = values();

    /// The code on the wire, a byte.
    // The order is part of the format, as the comment on the type says.
    @SuppressWarnings("EnumOrdinal")
    byte code() {
      return (byte) ordinal();
    }

    static Form of(int code) throws InvalidObjectException {
      if (code < 0 || code >= FORMS.length) {
        throw new InvalidObjectException("a buffer of unknown form " + code);
      }
      return FORMS[code];
    }
  }

  /// The part that `value` makes, or empty if it is no leaf of raw bytes, or a small one that is
  /// better off in the header.
  ///
  /// @throws UnserializableValueException
  ///           for a memory segment whose arena is closed
  static Optional<Part> of(@Nullable Object value) {
    return Optional.ofNullable(switch (value) {
      case null -> null;
      case byte[] a -> array(Bulk.Kind.BYTE, MemorySegment.ofArray(a));
      case short[] a -> array(Bulk.Kind.SHORT, MemorySegment.ofArray(a));
      case char[] a -> array(Bulk.Kind.CHAR, MemorySegment.ofArray(a));
      case int[] a -> array(Bulk.Kind.INT, MemorySegment.ofArray(a));
      case long[] a -> array(Bulk.Kind.LONG, MemorySegment.ofArray(a));
      case float[] a -> array(Bulk.Kind.FLOAT, MemorySegment.ofArray(a));
      case double[] a -> array(Bulk.Kind.DOUBLE, MemorySegment.ofArray(a));
      case boolean[] a when a.length >= BYTES_MIN -> new Part(Form.BOOLEANS, Bulk.of(bytes(a)));
      case String s when s.length() >= BYTES_MIN -> text(s);
      case ByteBuffer b -> new Part(
          b.order() == ByteOrder.BIG_ENDIAN ? Form.BUFFER_BIG : Form.BUFFER_LITTLE,
          bulk(MemorySegment.ofBuffer(b)));
      case MemorySegment s -> new Part(Form.SEGMENT, bulk(s));
      default -> null;
    });
  }

  private static @Nullable Part array(Bulk.Kind kind, MemorySegment segment) {
    return segment.byteSize() < BYTES_MIN ? null : new Part(Form.ARRAY, new Bulk(kind, segment));
  }

  /// Latin-1 where that loses nothing, else the characters as they are, lone surrogates included.
  private static Part text(String text) {
    var latin1 = text.getBytes(StandardCharsets.ISO_8859_1);
    if (new String(latin1, StandardCharsets.ISO_8859_1).equals(text)) {
      return new Part(Form.LATIN1, Bulk.of(latin1));
    }
    return new Part(Form.UTF16,
        new Bulk(Bulk.Kind.CHAR, MemorySegment.ofArray(text.toCharArray())));
  }

  /// The memory itself where another thread can send it, else a copy.
  private static Bulk bulk(MemorySegment segment) {
    if (!segment.scope().isAlive()) {
      throw new UnserializableValueException("a MemorySegment of " + segment.byteSize()
          + " bytes cannot be sent: its arena was closed; allocate memory that outlives the task "
          + "from Arena.ofAuto()");
    }
    if (segment.isNative() && segment.isAccessibleBy(ANY_OTHER_THREAD)) {
      return new Bulk(Bulk.Kind.DIRECT, segment);
    }
    if (segment.heapBase().orElse(null) instanceof byte[] array
        && array.length == segment.byteSize()) {
      return Bulk.of(array);
    }
    var copy = Bulk.Kind.DIRECT.allocate(segment.byteSize());
    copy.segment().copyFrom(segment);
    return copy;
  }

  /// Never started: a stand-in to ask whether memory is confined to the thread that asks.
  private static final Thread ANY_OTHER_THREAD = Thread.ofPlatform().unstarted(() -> {});

  /// What the part was made of: the very array that came; buffers and segments are read-only.
  ///
  /// @throws InvalidObjectException
  ///           if the form does not fit the bytes
  Object value() throws InvalidObjectException {
    return switch (form) {
      case ARRAY -> array();
      case BOOLEANS -> booleans((byte[]) array(Bulk.Kind.BYTE));
      case LATIN1 -> new String((byte[]) array(Bulk.Kind.BYTE), StandardCharsets.ISO_8859_1);
      case UTF16 -> new String((char[]) array(Bulk.Kind.CHAR));
      case BUFFER_BIG -> buffer().order(ByteOrder.BIG_ENDIAN);
      case BUFFER_LITTLE -> buffer().order(ByteOrder.LITTLE_ENDIAN);
      case SEGMENT -> bulk.segment().asReadOnly();
    };
  }

  private Object array() throws InvalidObjectException {
    if (bulk.kind() == Bulk.Kind.DIRECT) {
      throw new InvalidObjectException("an array came as memory outside the heap");
    }
    return bulk.array();
  }

  private Object array(Bulk.Kind kind) throws InvalidObjectException {
    if (bulk.kind() != kind) {
      throw new InvalidObjectException(form + " came as a " + bulk.kind() + " buffer");
    }
    return bulk.array();
  }

  private ByteBuffer buffer() throws InvalidObjectException {
    if (bulk.kind() == Bulk.Kind.BYTE) {
      return ByteBuffer.wrap((byte[]) bulk.array()).asReadOnlyBuffer();
    }
    if (bulk.kind() != Bulk.Kind.DIRECT || bulk.sizeBytes() > Integer.MAX_VALUE) {
      throw new InvalidObjectException("a ByteBuffer came as a " + bulk.kind() + " buffer of "
          + bulk.sizeBytes() + " bytes");
    }
    return bulk.segment().asByteBuffer().asReadOnlyBuffer();
  }

  static byte[] bytes(boolean[] flags) {
    var bytes = new byte[flags.length];
    for (var i = 0; i < flags.length; i++) {
      bytes[i] = (byte) (flags[i] ? 1 : 0);
    }
    return bytes;
  }

  static boolean[] booleans(byte[] bytes) {
    var flags = new boolean[bytes.length];
    for (var i = 0; i < bytes.length; i++) {
      flags[i] = bytes[i] != 0;
    }
    return flags;
  }
}
