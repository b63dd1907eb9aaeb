package dev.heddle.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A run of bytes that travels beside a message rather than in it: in chunks, between which smaller
/// messages pass, and straight from and into the memory where it lives.
///
/// The bytes must not change from the moment that the message is sent; nobody copies them. On the
/// wire, elements are little-endian.
///
/// @param kind what memory the receiver should put it in
/// @param segment the bytes, in native byte order, starting at the array's first element
public record Bulk(Kind kind, MemorySegment segment) {
  /// The memory that a run of bytes lives in, which a receiver makes alike. The order is the code
  /// on the wire.
  public enum Kind {
    /// Memory outside the heap, for `ByteBuffer`s and `MemorySegment`s.
    DIRECT(1),
    /// A `byte[]`; also used for encoded text and for anything without a better home.
    BYTE(1), SHORT(2), CHAR(2), INT(4), LONG(8), FLOAT(4), DOUBLE(8);

    private final int elementBytes;

    Kind(int elementBytes) {
      this.elementBytes = elementBytes;
    }

    public int elementBytes() {
      return elementBytes;
    }

    /// @throws IllegalArgumentException as [#allocate] does
    void check(long sizeBytes) {
      if (sizeBytes < 0 || sizeBytes % elementBytes != 0
          || (this != DIRECT && sizeBytes / elementBytes > Integer.MAX_VALUE - 8)) {
        throw new IllegalArgumentException("a buffer of " + Long.toUnsignedString(sizeBytes)
            + " bytes cannot be a " + this + " buffer");
      }
    }

    /// Makes memory of this kind.
    ///
    /// @throws IllegalArgumentException if `sizeBytes` is negative, no whole number of elements, or
    ///     more than one Java array holds (for [#DIRECT], more than 2^63-1 bytes)
    public Bulk allocate(long sizeBytes) {
      check(sizeBytes);
      var n = (int) (sizeBytes / elementBytes);
      return new Bulk(this, switch (this) {
        case DIRECT -> Arena.ofAuto().allocate(sizeBytes, 8);
        case BYTE -> MemorySegment.ofArray(new byte[n]);
        case SHORT -> MemorySegment.ofArray(new short[n]);
        case CHAR -> MemorySegment.ofArray(new char[n]);
        case INT -> MemorySegment.ofArray(new int[n]);
        case LONG -> MemorySegment.ofArray(new long[n]);
        case FLOAT -> MemorySegment.ofArray(new float[n]);
        case DOUBLE -> MemorySegment.ofArray(new double[n]);
      });
    }
  }

  public Bulk {
    if ((kind == Kind.DIRECT) != segment.isNative()) {
      throw new IllegalArgumentException("a " + kind + " buffer cannot live in " + segment);
    }
  }

  public static Bulk of(byte[] array) {
    return new Bulk(Kind.BYTE, MemorySegment.ofArray(array));
  }

  public long sizeBytes() {
    return segment.byteSize();
  }

  /// The array that holds the bytes: a `byte[]` for [Kind#BYTE], a `double[]` for
  /// [Kind#DOUBLE], and so on.
  ///
  /// @throws IllegalStateException for [Kind#DIRECT], which is no array
  public Object array() {
    return segment.heapBase()
        .orElseThrow(() -> new IllegalStateException("a " + kind + " buffer is no array"));
  }
}
