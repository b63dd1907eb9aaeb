package dev.heddle.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Bulk as it is on the wire: little-endian.
final class Bulks {
  private static final boolean NATIVE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  /// A thread that owns no memory.
  private static final Thread SOMEBODY = Thread.ofPlatform().unstarted(() -> {});
  private static final Bulk.Kind[] KINDS = Bulk.Kind.values();

  private Bulks() {}

  static int codeOf(Bulk.Kind kind) {
    return Codes.of(kind);
  }

  static Bulk.Kind kindOf(int code, Decoder in) throws ProtocolException {
    if (code >= KINDS.length) {
      throw in.malformed("a buffer of the unknown kind " + code);
    }
    return KINDS[code];
  }

  /// The bytes to send. A copy where this machine is big-endian, else the very same.
  static Bulk toWire(Bulk bulk) {
    return NATIVE || bulk.kind().elementBytes() == 1
        ? bulk
        : swap(new Bulk(bulk.kind(), bulk.kind().allocate(bulk.sizeBytes()).segment()
            .copyFrom(bulk.segment())));
  }

  /// Puts what arrived into this machine's order, in place.
  static Bulk fromWire(Bulk bulk) {
    return NATIVE || bulk.kind().elementBytes() == 1 ? bulk : swap(bulk);
  }

  /// Reverses the bytes of each element in place.
  static Bulk swap(Bulk bulk) {
    switch (bulk.array()) {
      case short[] a -> {
        for (var i = 0; i < a.length; i++) {
          a[i] = Short.reverseBytes(a[i]);
        }
      }
      case char[] a -> {
        for (var i = 0; i < a.length; i++) {
          a[i] = Character.reverseBytes(a[i]);
        }
      }
      case int[] a -> {
        for (var i = 0; i < a.length; i++) {
          a[i] = Integer.reverseBytes(a[i]);
        }
      }
      case long[] a -> {
        for (var i = 0; i < a.length; i++) {
          a[i] = Long.reverseBytes(a[i]);
        }
      }
      case float[] _ -> swapBits(bulk.segment(), ValueLayout.JAVA_INT_UNALIGNED);
      case double[] _ -> swapBits(bulk.segment(), ValueLayout.JAVA_LONG_UNALIGNED);
      default -> throw new IllegalArgumentException("elements of one byte have no order");
    }
    return bulk;
  }

  // As integers: a float that is not a number may change its bits on the way through a register.
  private static void swapBits(MemorySegment segment, ValueLayout layout) {
    for (var at = 0L; at < segment.byteSize(); at += layout.byteSize()) {
      switch (layout) {
        case ValueLayout.OfInt ints ->
          segment.set(ints, at, Integer.reverseBytes(segment.get(ints, at)));
        case ValueLayout.OfLong longs ->
          segment.set(longs, at, Long.reverseBytes(segment.get(longs, at)));
        default -> throw new IllegalArgumentException("no layout for " + layout);
      }
    }
  }

  static void copyOut(Bulk from, byte[] to, int offset) {
    MemorySegment.copy(from.segment(), 0, MemorySegment.ofArray(to), offset, from.sizeBytes());
  }

  static void copyIn(byte[] from, int offset, Bulk to) {
    MemorySegment.copy(from, offset, to.segment(), JAVA_BYTE, 0,
        Math.toIntExact(to.sizeBytes()));
  }

  /// @throws UnsendableException if only one thread may read it: another may be the one that writes
  ///     to the socket
  static void checkShared(Bulk bulk) {
    if (bulk.kind() == Bulk.Kind.DIRECT && !bulk.segment().isAccessibleBy(SOMEBODY)) {
      throw new UnsendableException("a buffer of " + bulk.sizeBytes()
          + " bytes is in memory that only one thread may use; allocate it from Arena.ofShared()"
          + " or Arena.ofAuto()");
    }
  }

  /// @throws UnsendableException if its memory was freed
  static void checkAlive(Bulk bulk) {
    if (!bulk.segment().scope().isAlive()) {
      throw new UnsendableException("a buffer of " + bulk.sizeBytes()
          + " bytes is in memory that was freed; keep its arena open until it has been sent");
    }
  }
}
