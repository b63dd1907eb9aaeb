package dev.heddle.wire;

import java.util.List;

/// A value as it travels: opaque to everybody but the codec that made it.
///
/// @param codec the codec's number, in 0 to 65535; below 256 are Heddle's own
/// @param codeBases the bodies of classes that the value's classes come from; the codec refers to
///     them by their position here. Empty for values made of JDK classes alone.
/// @param header the codec's own bytes; neither side changes them
/// @param buffers the large parts, in the order in which the codec refers to them
// A copy of the header per hand-over would cost what the buffers beside it save.
@SuppressWarnings("ArrayRecordComponent")
public record Payload(int codec, List<CodeBaseId> codeBases, byte[] header, List<Bulk> buffers) {
  /// The most bodies of classes that one value may draw on.
  public static final int CODE_BASES_MAX = 64;
  /// The most large parts that one value may have.
  public static final int BUFFERS_MAX = 1 << 16;

  public Payload {
    if (codec < 0 || codec > 0xFFFF) {
      throw new IllegalArgumentException("codec number " + codec + " is not in 0 to 65535");
    }
    codeBases = List.copyOf(codeBases);
    buffers = List.copyOf(buffers);
    if (codeBases.size() > CODE_BASES_MAX || buffers.size() > BUFFERS_MAX) {
      throw new IllegalArgumentException(
          "a value with " + codeBases.size() + " code bases and " + buffers.size()
              + " buffers; at most " + CODE_BASES_MAX + " and " + BUFFERS_MAX + " are allowed");
    }
  }

  /// What the value weighs on the wire, in bytes, frame headers aside.
  public long sizeBytes() {
    var size = (long) header.length;
    for (var buffer : buffers) {
      size += buffer.sizeBytes();
    }
    return size;
  }
}
