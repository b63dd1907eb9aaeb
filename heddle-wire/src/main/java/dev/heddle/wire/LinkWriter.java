package dev.heddle.wire;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Moves a link's outbox to its socket. Any thread may flush, none ever waits: of several, one
/// writes for all, and what the socket does not take is left to the link process.
///
/// Everything but [#claims] and [#leftToLink] belongs to the thread that writes.
final class LinkWriter {
  private static final int OUT_BYTES = 64 << 10;
  /// How much bulk one flush writes: by whoever flushes, before the link process goes on; by the
  /// link process, before it reads again.
  private static final int BULK_BYTES_TURN = 1 << 20;
  private static final int CHUNK_HEAD_BYTES_MAX = 16;

  /// What the link makes of it.
  interface Owner {
    /// Makes the link process look at [#isLeftToLink].
    void wake();

    /// The socket is broken.
    void broken(IOException e);

    /// Something else went wrong.
    void defect(Throwable e);

    /// The bulk of a message could not be sent.
    void abandoned(OutboundTransfer transfer, String reason);
  }

  private final GatheringByteChannel channel;
  private final Outbox outbox;
  private final Owner link;

  /// How many flushes nobody has served yet. Who raises it from 0 writes, and goes on until it is 0
  /// again, so that no flush is lost.
  private final AtomicInteger claims = new AtomicInteger();
  private volatile boolean leftToLink;

  private final ArrayDeque<Outbox.Segment> segments = new ArrayDeque<>();
  private int segmentOffset;
  private int doneBytes;
  private int doneMessages;
  private final ArrayDeque<OutboundTransfer> ring = new ArrayDeque<>();
  private @Nullable ByteBuffer out;
  private @Nullable ByteBuffer scratch;
  private ByteBuffer @Nullable [] chunk;
  private @Nullable OutboundTransfer chunkOf;
  /// Why the rest of the chunk is but filling.
  private @Nullable IllegalStateException freed;
  private boolean dropsBulk;

  LinkWriter(GatheringByteChannel channel, Outbox outbox, Owner link) {
    this.channel = channel;
    this.outbox = outbox;
    this.link = link;
  }

  /// Whether the link process has to go on writing when the socket takes more.
  boolean isLeftToLink() {
    return leftToLink;
  }

  /// Writes what is in the outbox, as far as the socket takes it.
  ///
  /// @param byLink whether this is the link process
  void flush(boolean byLink) {
    if (byLink) {
      leftToLink = false;
    } else if (leftToLink) {
      // The link process will take the outbox after it has cleared this flag, so it finds what was
      // put in before this line.
      return;
    }
    if (claims.getAndIncrement() != 0) {
      return;
    }
    var served = 1;
    do {
      try {
        if (!drain()) {
          leftToLink = true;
          if (!byLink) {
            link.wake();
          }
        }
      } catch (IOException e) {
        link.broken(e);
      } catch (RuntimeException | Error e) {
        link.defect(e);
      }
      served = claims.addAndGet(-served);
    } while (served != 0);
  }

  /// @return whether everything has been written
  private boolean drain() throws IOException {
    for (var written = 0; written <= BULK_BYTES_TURN;) {
      if (chunk != null && !writeChunk()) {
        return false;
      }
      outbox.take(segments, ring);
      var isTaken = writeMessages();
      outbox.written(doneBytes, doneMessages);
      doneBytes = 0;
      doneMessages = 0;
      if (!isTaken) {
        return false;
      }
      if (ring.isEmpty() || dropsBulk) {
        return true;
      }
      written += nextChunk();
    }
    return false;
  }

  private boolean writeMessages() throws IOException {
    var buffer = out;
    if (buffer == null) {
      if (segments.isEmpty()) {
        return true;
      }
      buffer = ByteBuffer.allocateDirect(OUT_BYTES);
      out = buffer;
    }
    while (true) {
      fill(buffer);
      if (buffer.position() == 0) {
        return true;
      }
      buffer.flip();
      channel.write(buffer);
      var isTaken = !buffer.hasRemaining();
      buffer.compact();
      if (!isTaken) {
        return false;
      }
    }
  }

  private void fill(ByteBuffer buffer) {
    while (buffer.hasRemaining() && !segments.isEmpty()) {
      var segment = segments.getFirst();
      var length = Math.min(segment.length() - segmentOffset, buffer.remaining());
      buffer.put(segment.bytes(), segmentOffset, length);
      segmentOffset += length;
      doneBytes += length;
      if (segmentOffset == segment.length()) {
        segments.removeFirst();
        segmentOffset = 0;
        doneMessages += segment.messages();
        outbox.recycle(segment.bytes());
      }
    }
  }

  /// Prepares a chunk of the transfer whose turn it is.
  ///
  /// @return how much of the turn it takes
  private int nextChunk() {
    var buffer = scratch;
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(CHUNK_HEAD_BYTES_MAX + Protocol.CHUNK_BYTES_MAX)
          .order(ByteOrder.LITTLE_ENDIAN);
      scratch = buffer;
    }
    var transfer = ring.removeFirst();
    try {
      chunk = transfer.next(buffer, MemorySegment.ofBuffer(buffer.clear()));
      chunkOf = transfer;
      return Protocol.CHUNK_BYTES_MAX;
    } catch (IllegalStateException e) {
      abandon(transfer, e);
      return 0;
    }
  }

  private boolean writeChunk() throws IOException {
    var parts = chunk;
    var transfer = chunkOf;
    if (parts == null || transfer == null) {
      return true;
    }
    try {
      if (parts.length == 1) {
        channel.write(parts[0]);
      } else {
        channel.write(parts);
      }
    } catch (IllegalStateException e) {
      if (transfer.isDone() || parts.length == 1) {
        // Its last chunk: the peer would take what follows for the whole.
        throw e;
      }
      // The peer was promised so many bytes; it gets as many, and is told to forget them.
      chunk = new ByteBuffer[]{parts[0], ByteBuffer.allocate(parts[1].remaining())};
      freed = e;
      return writeChunk();
    }
    if (parts[parts.length - 1].hasRemaining()) {
      return false;
    }
    chunk = null;
    chunkOf = null;
    var cause = freed;
    if (cause != null) {
      freed = null;
      abandon(transfer, cause);
    } else if (transfer.isDone()) {
      outbox.ended(transfer);
    } else {
      ring.addLast(transfer);
    }
    return true;
  }

  private void abandon(OutboundTransfer transfer, IllegalStateException cause) {
    var reason = "the memory of a buffer was freed while it was sent: " + cause.getMessage();
    outbox.addAbandon(transfer, reason);
    outbox.ended(transfer);
    link.abandoned(transfer, reason);
  }

  /// Writes no more bulk than the chunk that has been begun.
  void dropBulk() {
    dropsBulk = true;
  }
}
