package dev.heddle.values;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A header of [PlainCodec] in the making.
final class PlainWriter {
  private byte[] bytes = new byte[16];
  private ByteBuffer buffer = little(bytes);

  PlainWriter tag(PlainTag tag) {
    put(1).put(tag.code());
    return this;
  }

  /// The buffer, with room for `size` bytes at its position.
  ByteBuffer put(int size) {
    if (buffer.remaining() < size) {
      var position = buffer.position();
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(position, size), bytes.length * 2));
      buffer = little(bytes).position(position);
    }
    return buffer;
  }

  void sized(PlainTag tag, byte[] content) {
    array(tag, content.length, 1).put(content);
  }

  /// Begins an array.
  ///
  /// @return where its elements go
  ByteBuffer array(PlainTag tag, int length, int elementBytes) {
    tag(tag);
    var size = length * elementBytes;
    put(4 + size).putInt(length);
    var elements = buffer.slice(buffer.position(), size).order(ByteOrder.LITTLE_ENDIAN);
    buffer.position(buffer.position() + size);
    return elements;
  }

  byte[] bytes() {
    return buffer.position() == bytes.length ? bytes : Arrays.copyOf(bytes, buffer.position());
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
