package dev.heddle.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// How much memory a worker has for values, and where it puts those that do not fit.
///
/// @param bytesMax how much memory values may take. Above 60 % of it, those that were not used for
///     longest are written to disk; above 80 %, the worker takes no work until there is less.
/// @param spillDirectory where they are written; if empty, they are not
/// @param spillBytesMax how much they may take on disk
/// @param sharedBytesMax how much more memory it may share with workers of its host, to hand values over;
///     0 for none
public record MemoryOptions(long bytesMax, Optional<Path> spillDirectory, long spillBytesMax,
    long sharedBytesMax) {
  /// The rest is for functions, for what is on its way, and for the collector.
  private static final double PART_OF_HEAP = 0.7;
  private static final Path CONTAINERS_LIMIT = Path.of("/sys/fs/cgroup/memory.max");

  /// @throws IllegalArgumentException if a limit is not positive, or what is shared is negative
  public MemoryOptions {
    if (bytesMax < 1) {
      throw new IllegalArgumentException("the memory limit is " + bytesMax
          + " bytes; it must be positive (--memory-limit)");
    }
    if (spillBytesMax < 1) {
      throw new IllegalArgumentException("the limit of the spill directory is " + spillBytesMax
          + " bytes; it must be positive (--spill-limit), or the directory `none`");
    }
    if (sharedBytesMax < 0) {
      throw new IllegalArgumentException("the worker is to share " + sharedBytesMax
          + " bytes of memory; it must be 0 or more (--shared-memory)");
    }
  }

  /// What is shared: a quarter of what `/dev/shm` has free, and no more than half of what a container's
  /// limit leaves beside the largest heap, since shared memory counts for it. For values,
  /// 70 % of the largest heap, or of the container's memory where that is less; as
  /// much on disk as there is room for.
  public static MemoryOptions ofThisProcess() {
    return new MemoryOptions(bytesOfThisProcess(), Optional.of(SpillDirectory.defaultBase()),
        Long.MAX_VALUE, SharedMemory.defaultBytesMax(besideHeapBytes()));
  }

  private static long bytesOfThisProcess() {
    return (long) (PART_OF_HEAP
        * Math.min(Runtime.getRuntime().maxMemory(), containersBytes()));
  }

  private static long besideHeapBytes() {
    return Math.max(0, containersBytes() - Runtime.getRuntime().maxMemory());
  }

  /// What the container may use, where there is one that says so: a heap set by hand may be larger.
  private static long containersBytes() {
    try {
      return Long.parseLong(Files.readString(CONTAINERS_LIMIT).strip());
    } catch (IOException | NumberFormatException _) {
      return Long.MAX_VALUE; // No container, or one without a limit: `max`.
    }
  }

  public MemoryOptions withBytesMax(long bytes) {
    return new MemoryOptions(bytes, spillDirectory, spillBytesMax, sharedBytesMax);
  }

  public MemoryOptions withSpillDirectory(Optional<Path> directory) {
    return new MemoryOptions(bytesMax, directory, spillBytesMax, sharedBytesMax);
  }

  public MemoryOptions withSpillBytesMax(long bytes) {
    return new MemoryOptions(bytesMax, spillDirectory, bytes, sharedBytesMax);
  }

  public MemoryOptions withSharedBytesMax(long bytes) {
    return new MemoryOptions(bytesMax, spillDirectory, spillBytesMax, bytes);
  }
}
