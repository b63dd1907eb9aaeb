package dev.heddle.wire;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Where a reader of messages gets the buffers that travel in chunks.
sealed interface Buffers {
  /// @throws ProtocolException if there can be no such buffer
  Bulk next(Bulk.Kind kind, long sizeBytes) throws ProtocolException;

  /// A buffer that will come.
  record Announcement(Bulk.Kind kind, long sizeBytes) {}

  /// For the first reading, before any of them is there: remembers what is announced.
  final class Announced implements Buffers {
    private final List<Announcement> announcements = new ArrayList<>();
    private long sizeBytes;

    @Override
    public Bulk next(Bulk.Kind kind, long size) throws ProtocolException {
      if (Long.MAX_VALUE - sizeBytes < size) {
        throw new ProtocolException("a message announces more than 2^63 bytes");
      }
      sizeBytes += size;
      announcements.add(new Announcement(kind, size));
      return kind.allocate(0);
    }

    List<Announcement> announcements() {
      return announcements;
    }

    long sizeBytes() {
      return sizeBytes;
    }

    void clear() {
      announcements.clear();
      sizeBytes = 0;
    }
  }

  /// For the second reading: gives what arrived, in order.
  final class Arrived implements Buffers {
    private final ArrayDeque<Bulk> buffers;

    Arrived(List<Bulk> buffers) {
      this.buffers = new ArrayDeque<>(buffers);
    }

    @Override
    public Bulk next(Bulk.Kind kind, long size) {
      return Objects.requireNonNull(buffers.poll(), "as many buffers as in the first reading");
    }
  }
}
