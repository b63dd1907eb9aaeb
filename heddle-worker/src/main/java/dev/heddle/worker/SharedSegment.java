package dev.heddle.worker;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// A file in shared memory that is used again and again. Owned by [SharedPool], under its lock; the
/// memory is written by the one thread that took the segment.
final class SharedSegment {
  private static final int ZEROS_BYTES = 1 << 20;

  final long number;
  final long sizeBytes;
  /// How many use it: hand-overs that were not let go, memory that a task allocated in it, and who
  /// fills it.
  int holds = 1;
  /// How often it was filled; what was in it before is gone.
  long generation;
  /// Since when nobody does.
  long freeSinceNanos;
  /// Never to be used again, since somebody may use it of whom nothing is heard any more.
  boolean retired;
  private final Arena arena = Arena.ofShared();
  private @Nullable MemorySegment memory;

  SharedSegment(long number, long sizeBytes) {
    this.number = number;
    this.sizeBytes = sizeBytes;
  }

  /// Makes the file, all of it: a file system that is full says so here, while a write to memory that
  /// it has no room for would end the process.
  void reserve(SharedDirectory directory) throws IOException {
    var zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS_BYTES, sizeBytes));
    try (var file = directory.createSegment(number)) {
      for (var done = 0L; done < sizeBytes;) {
        done += file.write(zeros.clear().limit((int) Math.min(zeros.capacity(), sizeBytes - done)));
      }
    }
  }

  /// The memory, mapped once, so that its pages need no more than the first touch.
  MemorySegment memory(SharedDirectory directory) throws IOException {
    var known = memory;
    if (known == null) {
      known = map(directory, arena);
      memory = known;
    }
    return known;
  }

  MemorySegment map(SharedDirectory directory, Arena lifetime) throws IOException {
    try (var file = directory.openSegment(number)) {
      return file.map(FileChannel.MapMode.READ_WRITE, 0, sizeBytes, lifetime);
    }
  }

  /// Gives up this worker's own mapping.
  void unmap() {
    memory = null;
    arena.close();
  }
}
