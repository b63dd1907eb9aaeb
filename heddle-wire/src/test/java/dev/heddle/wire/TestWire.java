package dev.heddle.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.util.Random;

/// A stretch of wire in memory, which takes and gives as many bytes at a time as chance has it.
final class TestWire implements GatheringByteChannel, ScatteringByteChannel {
  private final Random random;
  private final int mostAtOnce;
  private byte[] bytes = new byte[1024];
  private int start;
  private int end;

  TestWire(Random random, int mostAtOnce) {
    this.random = random;
    this.mostAtOnce = mostAtOnce;
  }

  byte[] written() {
    return java.util.Arrays.copyOfRange(bytes, start, end);
  }

  @Override
  public int write(ByteBuffer from) {
    var length = Math.min(from.remaining(), random.nextInt(mostAtOnce + 1));
    if (bytes.length - end < length) {
      var array = bytes.length - (end - start) < length
          ? new byte[2 * bytes.length + length]
          : bytes;
      System.arraycopy(bytes, start, array, 0, end - start);
      bytes = array;
      end -= start;
      start = 0;
    }
    from.get(bytes, end, length);
    end += length;
    return length;
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    var written = 0L;
    for (var i = offset; i < offset + length; i++) {
      written += write(from[i]);
      if (from[i].hasRemaining()) {
        break;
      }
    }
    return written;
  }

  @Override
  public long write(ByteBuffer[] from) {
    return write(from, 0, from.length);
  }

  @Override
  public int read(ByteBuffer into) {
    var length = Math.min(Math.min(into.remaining(), end - start), random.nextInt(mostAtOnce + 1));
    into.put(bytes, start, length);
    start += length;
    return length;
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) {
    var read = 0L;
    for (var i = offset; i < offset + length; i++) {
      read += read(into[i]);
      if (into[i].hasRemaining()) {
        break;
      }
    }
    return read;
  }

  @Override
  public long read(ByteBuffer[] into) throws IOException {
    return read(into, 0, into.length);
  }

  boolean isEmpty() {
    return start == end;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
