package dev.heddle.wire;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// Writes the primitives of the protocol, frame after frame, to an array that grows.
final class Encoder {
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class,
      LITTLE_ENDIAN);
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class,
      LITTLE_ENDIAN);

  private byte[] bytes;
  private int size;
  private int frameStart;
  private final int frameBytesMax;

  /// @param frameBytesMax the most bytes of one frame, its length aside
  Encoder(byte[] bytes, int frameBytesMax) {
    this.bytes = bytes;
    this.frameBytesMax = frameBytesMax;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /// Goes on with another array, from its start.
  void reset(byte[] array) {
    bytes = array;
    size = 0;
    frameStart = 0;
  }

  /// Begins a frame: everything up to [#end] belongs to it.
  void begin(int type) {
    frameStart = size;
    reserve(Protocol.LENGTH_BYTES + 1);
    size += Protocol.LENGTH_BYTES;
    bytes[size++] = (byte) type;
  }

  void end() {
    INT.set(bytes, frameStart, size - frameStart - Protocol.LENGTH_BYTES);
  }

  /// Marks the current frame as one whose bulk follows.
  void markBulk() {
    bytes[frameStart + Protocol.LENGTH_BYTES] |= (byte) FrameType.WITH_BULK;
  }

  /// Forgets the current frame.
  void rollBack() {
    size = frameStart;
  }

  /// Takes the current frame out.
  byte[] cut() {
    var frame = Arrays.copyOfRange(bytes, frameStart, size);
    size = frameStart;
    return frame;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      grow(more);
    }
  }

  private void grow(int more) {
    var frame = (long) size - frameStart - Protocol.LENGTH_BYTES + more;
    if (frame > frameBytesMax + (long) Protocol.LENGTH_BYTES) {
      throw tooLarge(frame);
    }
    bytes = Arrays.copyOf(bytes, Math.max(size + more, (int) Math.min(bytes.length * 2L,
        Integer.MAX_VALUE - 8)));
  }

  /// @throws UnsendableException if the frame has become too large
  void checkFrame() {
    var frame = size - frameStart - Protocol.LENGTH_BYTES;
    if (frame > frameBytesMax) {
      throw tooLarge(frame);
    }
  }

  private UnsendableException tooLarge(long frame) {
    return new UnsendableException("the message has more than " + frame
        + " bytes beside its large buffers; the peer takes at most " + frameBytesMax
        + ". Send less at once");
  }

  void u8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void flag(boolean value) {
    u8(value ? 1 : 0);
  }

  /// Unsigned LEB128.
  void varint(long value) {
    reserve(10);
    var rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /// A number that is small and may be negative.
  void zigzag(long value) {
    varint(value << 1 ^ value >> 63);
  }

  void fixed16(int value) {
    u8(value);
    u8(value >>> 8);
  }

  void fixed64(long value) {
    reserve(8);
    LONG.set(bytes, size, value);
    size += 8;
  }

  void text(String value) {
    var length = value.length();
    if (length > Protocol.TEXT_BYTES_MAX) {
      throw textTooLong(length);
    }
    reserve(length + 5);
    var start = size;
    varint(length);
    var array = bytes;
    var at = size;
    for (var i = 0; i < length; i++) {
      var c = value.charAt(i);
      if (c >= 0x80) {
        size = start;
        wideText(value);
        return;
      }
      array[at + i] = (byte) c;
    }
    size = at + length;
  }

  void key(Key key) {
    var stem = key.stem().utf8();
    var digits = key.digits();
    varint(stem.length + digits);
    raw(stem, 0, stem.length);
    var at = skip(digits) + digits;
    for (var rest = key.number(); digits > 0; digits--, rest /= 10) {
      bytes[--at] = (byte) ('0' + rest % 10);
    }
  }

  private void wideText(String value) {
    var encoded = value.getBytes(UTF_8);
    if (encoded.length > Protocol.TEXT_BYTES_MAX) {
      throw textTooLong(encoded.length);
    }
    varint(encoded.length);
    raw(encoded, 0, encoded.length);
  }

  private static UnsendableException textTooLong(int length) {
    return new UnsendableException("a text of " + length + " bytes; at most "
        + Protocol.TEXT_BYTES_MAX + " are allowed in one. Cut it, or send it as a value");
  }

  void raw(byte[] value, int offset, int length) {
    reserve(length);
    System.arraycopy(value, offset, bytes, size, length);
    size += length;
  }

  /// Makes room for `length` bytes that the caller fills in.
  ///
  /// @return where they begin in [#bytes]
  int skip(int length) {
    reserve(length);
    var at = size;
    size += length;
    return at;
  }
}
