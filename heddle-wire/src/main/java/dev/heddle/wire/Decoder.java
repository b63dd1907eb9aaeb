package dev.heddle.wire;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/// Reads the primitives of the protocol from a range of an array. Nothing is allocated for a length
/// or a count before it is known that so many bytes are there.
final class Decoder {
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class,
      LITTLE_ENDIAN);

  private final KnownTexts known = new KnownTexts();
  private byte[] bytes = {};
  private int start;
  private int position;
  private int limit;

  Decoder() {}

  Decoder(byte[] bytes) {
    reset(bytes, 0, bytes.length);
  }

  void reset(byte[] array, int offset, int length) {
    bytes = array;
    start = offset;
    position = offset;
    limit = offset + length;
  }

  int remaining() {
    return limit - position;
  }

  byte[] bytes() {
    return bytes;
  }

  /// @return a complaint that says where
  ProtocolException malformed(String what) {
    return new ProtocolException(
        what + ", at byte " + (position - start) + " of " + (limit - start));
  }

  private void need(long count, String what) throws ProtocolException {
    if (count < 0 || count > limit - position) {
      throw malformed(what + " of " + Long.toUnsignedString(count) + " bytes where "
          + (limit - position) + " are left");
    }
  }

  /// @throws ProtocolException if there is more
  void end() throws ProtocolException {
    if (position != limit) {
      throw malformed(limit - position + " bytes too many");
    }
  }

  int u8() throws ProtocolException {
    if (position == limit) {
      throw malformed("the frame ends too early");
    }
    return bytes[position++] & 0xFF;
  }

  boolean flag() throws ProtocolException {
    var value = u8();
    if (value > 1) {
      throw malformed("a flag is " + value);
    }
    return value == 1;
  }

  long varint() throws ProtocolException {
    if (position == limit) {
      throw malformed("the frame ends too early");
    }
    var first = bytes[position];
    if (first >= 0) {
      position++;
      return first;
    }
    var value = 0L;
    for (var shift = 0; shift < 64; shift += 7) {
      var b = u8();
      if (shift == 63 && b > 1) {
        break;
      }
      value |= (b & 0x7FL) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw malformed("a number of more than 64 bits");
  }

  long zigzag() throws ProtocolException {
    var value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  /// A [#varint] of 0 to `most`.
  int varintTo(int most, String what) throws ProtocolException {
    var value = varint();
    if (value < 0 || value > most) {
      throw malformed(what + " is " + Long.toUnsignedString(value) + ", at most " + most
          + " is allowed");
    }
    return (int) value;
  }

  int zigzagInt(String what) throws ProtocolException {
    var value = zigzag();
    if (value != (int) value) {
      throw malformed(what + " is " + value + ", which has more than 32 bits");
    }
    return (int) value;
  }

  int fixed16() throws ProtocolException {
    return u8() | u8() << 8;
  }

  long fixed64() throws ProtocolException {
    need(8, "a number");
    var value = (long) LONG.get(bytes, position);
    position += 8;
    return value;
  }

  /// How many of something follow.
  ///
  /// @param bytesLeast what the smallest of them takes
  /// @param most how many are allowed
  int count(String what, int bytesLeast, int most) throws ProtocolException {
    var count = varint();
    if (count < 0 || count > most) {
      throw malformed(Long.toUnsignedString(count) + " " + what + ", at most " + most
          + " are allowed");
    }
    if (count * bytesLeast > limit - position) {
      throw malformed(count + " " + what + " where " + (limit - position) + " bytes are left");
    }
    return (int) count;
  }

  int count(String what, int bytesLeast) throws ProtocolException {
    return count(what, bytesLeast, Integer.MAX_VALUE);
  }

  String text() throws ProtocolException {
    return text(Protocol.TEXT_BYTES_MAX);
  }

  String text(int most) throws ProtocolException {
    var length = textLength(most);
    var value = text(position, length);
    position += length;
    return value;
  }

  /// A text that is likely to have come before.
  String knownText() throws ProtocolException {
    var length = textLength(Protocol.TEXT_BYTES_MAX);
    var value = known.text(bytes, position, length);
    if (value == null) {
      value = text(position, length);
      known.add(value);
    }
    position += length;
    return value;
  }

  /// @throws IllegalArgumentException if the text is not a key's
  Key key() throws ProtocolException {
    var length = textLength(Key.BYTES_MAX);
    var end = position + length;
    var digitsAt = digitsAt(end);
    var stem = known.stem(bytes, position, digitsAt - position);
    if (stem == null || digitsAt == position) {
      var key = Key.of(text(position, length));
      known.add(key.stem());
      position = end;
      return key;
    }
    var number = digitsAt == end ? Key.NO_NUMBER : 0;
    for (var i = digitsAt; i < end; i++) {
      number = number * 10 + (bytes[i] - '0');
    }
    position = end;
    return new Key(stem, number);
  }

  /// Where the number begins with which a key ends: see [Key].
  private int digitsAt(int end) {
    var least = Math.max(position, end - KeyStem.DIGITS_MAX);
    var at = end;
    while (at > least && bytes[at - 1] >= '0' && bytes[at - 1] <= '9') {
      at--;
    }
    while (at < end - 1 && bytes[at] == '0') {
      at++;
    }
    return at;
  }

  private int textLength(int most) throws ProtocolException {
    var length = varint();
    if (length < 0 || length > most) {
      throw malformed("a text of " + Long.toUnsignedString(length) + " bytes, at most " + most
          + " are allowed");
    }
    need(length, "a text");
    return (int) length;
  }

  private String text(int at, int length) throws ProtocolException {
    var value = new String(bytes, at, length, UTF_8);
    if (value.indexOf('\uFFFD') >= 0) {
      checkUtf8(length);
    }
    return value;
  }

  private void checkUtf8(int length) throws ProtocolException {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, position, length));
    } catch (CharacterCodingException e) {
      throw malformed("a text that is not UTF-8");
    }
  }

  /// Whether the next byte is this one.
  boolean nextIs(int value) {
    return position < limit && bytes[position] == (byte) value;
  }

  byte[] raw(long length, String what) throws ProtocolException {
    need(length, what);
    var value = Arrays.copyOfRange(bytes, position, position + (int) length);
    position += (int) length;
    return value;
  }

  /// Passes over `length` bytes.
  ///
  /// @return where they begin in [#bytes]
  int skip(long length, String what) throws ProtocolException {
    need(length, what);
    var at = position;
    position += (int) length;
    return at;
  }
}
