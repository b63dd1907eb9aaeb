package dev.heddle.wire;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The large buffers of one message on their way in. Memory is made when the first byte for it is
/// there, once, and bytes go straight into it.
final class InboundTransfer {
  /// Where memory comes from.
  interface Memory {
    Bulk allocate(Bulk.Kind kind, long sizeBytes);
  }

  private final Memory memory;
  private final byte[] frame;
  private final int type;
  private final List<Buffers.Announcement> announcements;
  private final List<Bulk> buffers = new ArrayList<>();
  private long remaining;
  private @Nullable Bulk current;
  private long offset;
  private @Nullable String failure;

  /// @param frame the message to which the buffers belong, after its type; read again when they are
  ///     there
  /// @param type the type of that frame
  /// @param announcements the buffers
  /// @param sizeBytes of them all
  InboundTransfer(Memory memory, byte[] frame, int type,
      List<Buffers.Announcement> announcements, long sizeBytes) {
    this.memory = memory;
    this.frame = frame;
    this.type = type;
    this.announcements = List.copyOf(announcements);
    this.remaining = sizeBytes;
  }

  /// One whose bytes nobody wants.
  static InboundTransfer unwanted(long sizeBytes) {
    var transfer = new InboundTransfer(Bulk.Kind::allocate, new byte[0], 0, List.of(), sizeBytes);
    transfer.failure = "nobody waits for it";
    return transfer;
  }

  byte[] frame() {
    return frame;
  }

  int type() {
    return type;
  }

  List<Bulk> buffers() {
    return buffers;
  }

  /// How many bytes have yet to come.
  long remaining() {
    return remaining;
  }

  /// Why the bytes are thrown away; null as long as they are kept.
  @Nullable
  String failure() {
    return failure;
  }

  /// Takes bytes in.
  ///
  /// @param length at most [#remaining]
  void put(MemorySegment from, long start, int length) {
    for (var done = 0; done < length;) {
      var target = target();
      if (target == null) {
        remaining -= length - done;
        return;
      }
      var n = (int) Math.min(length - done, target.sizeBytes() - offset);
      MemorySegment.copy(from, start + done, target.segment(), offset, n);
      done += n;
      advance(target, n);
    }
  }

  /// The memory that the next bytes can be read into straight from the socket; null where the way
  /// through a buffer is better or the only one.
  ///
  /// @param most how many bytes may be put there
  @Nullable
  ByteBuffer window(int most, int least) {
    var target = target();
    if (target == null || target.kind() != Bulk.Kind.DIRECT) {
      return null;
    }
    var length = Math.min(most, target.sizeBytes() - offset);
    return length < least ? null : target.segment().asSlice(offset, length).asByteBuffer();
  }

  /// Bytes were put into [#window].
  void filled(int length) {
    advance(Objects.requireNonNull(current, "a window was given"), length);
  }

  private void advance(Bulk target, int length) {
    remaining -= length;
    offset += length;
    if (offset == target.sizeBytes()) {
      buffers.add(Bulks.fromWire(target));
      current = null;
      offset = 0;
    }
  }

  private @Nullable Bulk target() {
    if (current == null && failure == null) {
      var announcement = announcements.get(buffers.size());
      try {
        current = memory.allocate(announcement.kind(), announcement.sizeBytes());
      } catch (OutOfMemoryError e) {
        failure = "no memory for a buffer of " + announcement.sizeBytes() + " bytes: "
            + e.getMessage();
        buffers.clear();
      }
    }
    return current;
  }
}
