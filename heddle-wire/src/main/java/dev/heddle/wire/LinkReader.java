package dev.heddle.wire;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ScatteringByteChannel;
import org.jspecify.annotations.Nullable;

/// Cuts what a socket gives into frames. Messages go to the [Inbox] whole, chunks as far as they
/// are there.
final class LinkReader {
  private static final int BYTES_FIRST = 64 << 10;
  /// Once there is bulk: a whole chunk with what is around it.
  private static final int BYTES_BULK = 256 << 10;
  /// Fewer bytes for a native buffer are not worth a read of their own.
  private static final int WINDOW_BYTES_LEAST = 16 << 10;
  /// How much is read beyond such a window: the head of the next chunk.
  private static final int BEYOND_BYTES = 4 << 10;
  private static final int LARGE_BYTES_FIRST = 256 << 10;
  private static final int NUMBER_BYTES_MAX = 10;

  private final Inbox inbox;
  private final int frameBytesMax;
  private ByteBuffer in;
  private MemorySegment memory;
  private int start;
  private int end;
  /// Where frames are laid out to be decoded.
  private byte[] frame = new byte[1024];
  /// A frame that is larger than `in`, as far as it is there.
  private byte @Nullable [] large;
  private int largeBytes;
  private int largeSize;
  /// The chunk that is being read.
  private @Nullable InboundTransfer transfer;
  private int chunkBytes;

  LinkReader(Inbox inbox, int frameBytesMax) {
    this.inbox = inbox;
    this.frameBytesMax = frameBytesMax;
    in = ByteBuffer.allocateDirect(BYTES_FIRST).order(ByteOrder.LITTLE_ENDIAN);
    memory = MemorySegment.ofBuffer(in);
  }

  /// Reads once, and hands what is complete to the inbox.
  ///
  /// @return how many bytes there were, -1 at the end of the stream
  int read(ScatteringByteChannel channel) throws IOException {
    var into = transfer;
    if (into != null && start == end && chunkBytes >= WINDOW_BYTES_LEAST) {
      var window = into.window(chunkBytes, WINDOW_BYTES_LEAST);
      if (window != null) {
        return readStraight(channel, into, window);
      }
    }
    var read = readPlain(channel);
    if (read > 0) {
      parse();
    }
    return read;
  }

  private int readPlain(ReadableByteChannel channel) throws IOException {
    if (start == end) {
      start = 0;
      end = 0;
    } else if (start > 0 && (end == in.capacity() || end - start < 1024)) {
      in.limit(end).position(start).compact();
      end -= start;
      start = 0;
    }
    var read = channel.read(in.limit(in.capacity()).position(end));
    if (read > 0) {
      end += read;
    }
    return read;
  }

  private int readStraight(ScatteringByteChannel channel, InboundTransfer into, ByteBuffer window)
      throws IOException {
    in.limit(BEYOND_BYTES).position(0);
    var read = (int) channel.read(new ByteBuffer[]{window, in});
    if (read > 0) {
      start = 0;
      end = in.position();
      chunkBytes -= window.position();
      into.filled(window.position());
      if (chunkBytes == 0) {
        chunkDone(into);
      }
      parse();
    }
    return read;
  }

  private void parse() throws ProtocolException {
    while (true) {
      var into = transfer;
      if (into != null) {
        var length = Math.min(chunkBytes, end - start);
        into.put(memory, start, length);
        start += length;
        chunkBytes -= length;
        if (chunkBytes > 0) {
          return;
        }
        chunkDone(into);
      } else if (large != null) {
        if (!readLarge(large)) {
          return;
        }
      } else if (!next()) {
        return;
      }
    }
  }

  private void chunkDone(InboundTransfer into) throws ProtocolException {
    transfer = null;
    inbox.chunkEnded(into);
  }

  /// @return whether to go on
  private boolean next() throws ProtocolException {
    var available = end - start;
    if (available <= Protocol.LENGTH_BYTES) {
      return false;
    }
    var length = in.getInt(start);
    if (length < 1 || length > frameBytesMax) {
      throw new ProtocolException("a frame of " + Integer.toUnsignedString(length)
          + " bytes; 1 to " + frameBytesMax + " are allowed");
    }
    if (in.get(start + Protocol.LENGTH_BYTES) == FrameType.CHUNK) {
      return beginChunk(length);
    }
    var total = Protocol.LENGTH_BYTES + length;
    if (total > in.capacity()) {
      large = new byte[Math.min(length, LARGE_BYTES_FIRST)];
      largeBytes = 0;
      largeSize = length;
      start += Protocol.LENGTH_BYTES;
      return true;
    }
    if (available < total) {
      return false;
    }
    if (frame.length < length) {
      frame = new byte[Math.max(length, 2 * frame.length)];
    }
    in.get(start + Protocol.LENGTH_BYTES, frame, 0, length);
    start += total;
    inbox.frame(frame, length);
    return true;
  }

  private boolean readLarge(byte[] array) throws ProtocolException {
    var target = array;
    var length = Math.min(largeSize - largeBytes, end - start);
    if (target.length - largeBytes < length) {
      target = java.util.Arrays.copyOf(target,
          (int) Math.min(largeSize, Math.max(2L * target.length, largeBytes + length)));
      large = target;
    }
    in.get(start, target, largeBytes, length);
    start += length;
    largeBytes += length;
    if (largeBytes < largeSize) {
      return false;
    }
    large = null;
    inbox.frame(target, largeSize);
    return true;
  }

  private boolean beginChunk(int length) throws ProtocolException {
    var id = 0L;
    var at = start + Protocol.LENGTH_BYTES + 1;
    for (var i = 0; i < NUMBER_BYTES_MAX; i++, at++) {
      if (at - start - Protocol.LENGTH_BYTES >= length) {
        throw new ProtocolException("a chunk without bytes");
      }
      if (at == end) {
        return false;
      }
      var b = in.get(at);
      id |= (b & 0x7FL) << (7 * i);
      if (b >= 0) {
        var bytes = length - (at + 1 - start - Protocol.LENGTH_BYTES);
        if (bytes == 0) {
          throw new ProtocolException("a chunk without bytes");
        }
        if (bytes > Protocol.CHUNK_BYTES_MAX) {
          throw new ProtocolException("a chunk of " + bytes + " bytes; at most "
              + Protocol.CHUNK_BYTES_MAX + " are allowed");
        }
        transfer = inbox.transfer(id, bytes);
        chunkBytes = bytes;
        start = at + 1;
        growForBulk();
        return true;
      }
    }
    throw new ProtocolException("a chunk's transfer has a number of more than 64 bits");
  }

  private void growForBulk() {
    if (in.capacity() < BYTES_BULK) {
      var larger = ByteBuffer.allocateDirect(BYTES_BULK).order(ByteOrder.LITTLE_ENDIAN);
      larger.put(in.limit(end).position(start));
      end -= start;
      start = 0;
      in = larger;
      memory = MemorySegment.ofBuffer(in.clear());
    }
  }
}
