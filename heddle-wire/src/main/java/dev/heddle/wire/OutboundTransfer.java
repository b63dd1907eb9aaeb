package dev.heddle.wire;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/// The large buffers of one message on their way out: one stream of bytes, cut into chunks.
final class OutboundTransfer {
  /// A longer run of native memory is written from where it is; a shorter one costs less to copy.
  private static final int DIRECT_BYTES_LEAST = 32 << 10;

  private final long id;
  private final int type;
  private final long correlation;
  private final List<Bulk> buffers;
  private final long sizeBytes;
  private int index;
  private long offset;
  private MemorySegment current;

  OutboundTransfer(long id, int type, long correlation, List<Bulk> buffers, long sizeBytes) {
    this.id = id;
    this.type = type;
    this.correlation = correlation;
    this.buffers = List.copyOf(buffers);
    this.sizeBytes = sizeBytes;
    this.current = Bulks.toWire(this.buffers.getFirst()).segment();
  }

  long id() {
    return id;
  }

  /// The kind of frame that its message is in.
  int type() {
    return type;
  }

  long correlation() {
    return correlation;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  boolean isDone() {
    return index == buffers.size();
  }

  /// Makes the frame of the next chunk, partly in `scratch`.
  ///
  /// @param scratch room for a whole frame
  /// @param memory the same memory
  /// @return the frame, to be written in this order
  /// @throws IllegalStateException if the memory of a buffer was freed meanwhile
  ByteBuffer[] next(ByteBuffer scratch, MemorySegment memory) {
    scratch.clear().position(Protocol.LENGTH_BYTES).put((byte) FrameType.CHUNK);
    var rest = id;
    while ((rest & ~0x7FL) != 0) {
      scratch.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    scratch.put((byte) rest);
    if (current.isNative() && current.byteSize() - offset >= DIRECT_BYTES_LEAST) {
      var length = (int) Math.min(current.byteSize() - offset, Protocol.CHUNK_BYTES_MAX);
      var slice = current.asSlice(offset, length).asByteBuffer();
      advance(length);
      scratch.putInt(0, scratch.position() - Protocol.LENGTH_BYTES + length);
      return new ByteBuffer[]{scratch.flip(), slice};
    }
    var end = scratch.position() + Protocol.CHUNK_BYTES_MAX;
    while (scratch.position() < end && !isDone()) {
      var length = (int) Math.min(current.byteSize() - offset, end - scratch.position());
      MemorySegment.copy(current, offset, memory, scratch.position(), length);
      scratch.position(scratch.position() + length);
      advance(length);
    }
    scratch.putInt(0, scratch.position() - Protocol.LENGTH_BYTES);
    return new ByteBuffer[]{scratch.flip()};
  }

  private void advance(int length) {
    offset += length;
    if (offset == current.byteSize()) {
      offset = 0;
      index++;
      current = isDone() ? MemorySegment.NULL : Bulks.toWire(buffers.get(index)).segment();
    }
  }
}
