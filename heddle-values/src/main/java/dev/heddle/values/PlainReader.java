package dev.heddle.values;

import java.io.InvalidObjectException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Reads a header of [PlainCodec], and never past its end.
final class PlainReader {
  private final byte[] bytes;
  private final ByteBuffer buffer;

  PlainReader(byte[] bytes) {
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  PlainTag tag() throws InvalidObjectException {
    return PlainTag.of(get(1).get());
  }

  /// The buffer, where `size` bytes are at its position.
  ByteBuffer get(int size) throws InvalidObjectException {
    if (buffer.remaining() < size) {
      throw new InvalidObjectException("the header ends at byte " + bytes.length + ", " + size
          + " bytes were expected at " + buffer.position());
    }
    return buffer;
  }

  int remaining() {
    return buffer.remaining();
  }

  /// The elements of an array, whose length comes first.
  ByteBuffer elements(int elementBytes) throws InvalidObjectException {
    var length = get(4).getInt();
    if (length < 0 || length > buffer.remaining() / elementBytes) {
      throw new InvalidObjectException("an array of " + length + " elements of " + elementBytes
          + " bytes, with " + buffer.remaining() + " bytes left");
    }
    var size = length * elementBytes;
    var elements = buffer.slice(buffer.position(), size).order(ByteOrder.LITTLE_ENDIAN);
    buffer.position(buffer.position() + size);
    return elements;
  }

  String latin1() throws InvalidObjectException {
    var length = elements(1).remaining();
    return new String(bytes, buffer.position() - length, length, StandardCharsets.ISO_8859_1);
  }

  BigInteger bigInteger() throws InvalidObjectException {
    var length = elements(1).remaining();
    if (length == 0) {
      throw new InvalidObjectException("a BigInteger without digits");
    }
    return new BigInteger(bytes, buffer.position() - length, length);
  }

  void end() throws InvalidObjectException {
    if (buffer.hasRemaining()) {
      throw new InvalidObjectException(
          buffer.remaining() + " bytes follow the value; the header is damaged");
    }
  }
}
