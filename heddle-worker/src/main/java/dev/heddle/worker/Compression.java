package dev.heddle.worker;

import dev.heddle.wire.Payload;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/// Whether to compress a value: if that takes less time than it saves the disk, as far as is known from
/// how fast the disk was lately and how a sample fares. Belongs to the process that writes.
final class Compression {
  static final int LEVEL = Deflater.BEST_SPEED;
  private static final int LEAST_BYTES = 16 << 10;
  private static final int SAMPLES = 3;
  private static final int SAMPLE_BYTES = 8 << 10;
  /// How much the last write counts in the mean.
  private static final double NEWEST = 0.1;

  /// 0 as long as nothing was written.
  private double nanosPerByte;

  /// So many bytes went to disk in such a time.
  void wrote(int bytes, long nanos) {
    if (bytes >= LEAST_BYTES) {
      var now = (double) nanos / bytes;
      nanosPerByte = nanosPerByte == 0 ? now : nanosPerByte + NEWEST * (now - nanosPerByte);
    }
  }

  boolean paysFor(Payload payload) {
    if (nanosPerByte == 0 || payload.sizeBytes() < LEAST_BYTES) {
      return false;
    }
    var in = sample(largestPart(payload));
    var plain = in.remaining();
    var out = ByteBuffer.allocate(plain * 2);
    var deflater = new Deflater(LEVEL);
    try {
      var started = System.nanoTime();
      deflater.setInput(in);
      deflater.finish();
      var compressed = deflater.deflate(out);
      var nanos = System.nanoTime() - started;
      return deflater.finished() && nanos < nanosPerByte * (plain - compressed);
    } finally {
      deflater.end();
    }
  }

  private static MemorySegment largestPart(Payload payload) {
    var largest = MemorySegment.ofArray(payload.header());
    for (var buffer : payload.buffers()) {
      if (buffer.sizeBytes() > largest.byteSize()) {
        largest = buffer.segment();
      }
    }
    return largest;
  }

  /// Some of its beginning, its middle and its end.
  private static ByteBuffer sample(MemorySegment part) {
    var length = (int) Math.min(SAMPLE_BYTES, part.byteSize() / SAMPLES);
    var sample = new byte[length * SAMPLES];
    for (var i = 0; i < SAMPLES; i++) {
      MemorySegment.copy(part, (part.byteSize() - length) / (SAMPLES - 1) * i,
          MemorySegment.ofArray(sample), (long) i * length, length);
    }
    return ByteBuffer.wrap(sample);
  }
}
