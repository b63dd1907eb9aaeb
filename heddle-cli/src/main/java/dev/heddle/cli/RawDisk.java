package dev.heddle.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What files do with nothing around them: bytes from a direct buffer into new files and back, in pieces as the
/// worker writes them, by as many threads as there are workers. What spilling is compared with. As there, nothing is
/// forced to the disk itself: what was written last comes back from the system's cache.
final class RawDisk implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RawDisk.class);
  private static final int CHUNK_BYTES = 256 << 10;
  private static final int REMOVALS_MAX = 10;
  private static final long FILE_BYTES = 8 << 20;

  /// @param writeNanos how long it took to write all of it
  /// @param readNanos how long it took to read it
  record Took(long writeNanos, long readNanos) {}

  private final Path parent;
  private final int threads;
  private final ExecutorService pool;

  /// @param parent where a directory for the files is made, and removed again
  RawDisk(Path parent, int threads) {
    this.parent = parent;
    this.threads = threads;
    pool = Executors.newFixedThreadPool(threads);
  }

  Took measure(long bytes) throws Exception {
    var directory = Files.createTempDirectory(Files.createDirectories(parent), "raw-");
    var remover = new Thread(() -> {
      pool.shutdownNow(); // Those who write are interrupted, which closes their files.
      remove(directory);
    }, "raw disk/remover");
    Runtime.getRuntime().addShutdownHook(remover);
    try {
      var files = new ArrayList<Path>();
      for (var i = 0L; i * FILE_BYTES < bytes; i++) {
        files.add(directory.resolve(i + ".raw"));
      }
      return new Took(nanos(files, RawDisk::write), nanos(files, RawDisk::read));
    } finally {
      remove(directory);
      Hooks.remove(remover);
    }
  }

  /// Several times if need be: when this JVM ends, a file may be on its way there.
  private static void remove(Path directory) {
    for (var attempt = 0; attempt < REMOVALS_MAX && Files.exists(directory); attempt++) {
      try (var left = Files.newDirectoryStream(directory)) {
        for (var each : left) {
          Files.deleteIfExists(each);
        }
        Files.deleteIfExists(directory);
      } catch (IOException e) {
        log.debug("cannot remove all of {}", directory, e);
      }
    }
  }

  private interface Moving {
    void move(Path file, ByteBuffer buffer) throws IOException;
  }

  private long nanos(List<Path> files, Moving moving) throws Exception {
    var jobs = new ArrayList<Callable<Void>>();
    for (var thread = 0; thread < threads; thread++) {
      var first = thread;
      jobs.add(() -> {
        var buffer = ByteBuffer.allocateDirect(CHUNK_BYTES);
        for (var i = first; i < files.size(); i += threads) {
          moving.move(files.get(i), buffer);
        }
        return null;
      });
    }
    var started = System.nanoTime();
    for (var ended : pool.invokeAll(jobs)) {
      ended.get();
    }
    return System.nanoTime() - started;
  }

  private static void write(Path file, ByteBuffer buffer) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE)) {
      while (channel.position() < FILE_BYTES) {
        channel.write(buffer.clear());
      }
    }
  }

  private static void read(Path file, ByteBuffer buffer) throws IOException {
    try (var channel = FileChannel.open(file)) {
      while (channel.position() < FILE_BYTES) {
        if (channel.read(buffer.clear()) < 0) {
          throw new IOException(file + " is shorter than what was written");
        }
      }
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
