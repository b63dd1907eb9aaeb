package dev.heddle.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A file of values, until none of them is needed. For any number of threads.
final class SpillFile {
  static final byte[] MAGIC = "HDLSPILL".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 1;
  static final int START_BYTES = MAGIC.length + Integer.BYTES;

  private final Path path;
  private final AtomicLong directoryBytes;
  private final AtomicInteger values = new AtomicInteger();
  private final AtomicLong sizeBytes = new AtomicLong();

  /// @param directoryBytes what all files of the directory take
  SpillFile(Path path, AtomicLong directoryBytes) {
    this.path = path;
    this.directoryBytes = directoryBytes;
  }

  Path path() {
    return path;
  }

  static ByteBuffer start() {
    return ByteBuffer.allocate(START_BYTES).put(MAGIC).putInt(VERSION).flip();
  }

  /// It is complete.
  void written(int count, long bytes) {
    values.set(count);
    sizeBytes.set(bytes);
    directoryBytes.addAndGet(bytes);
  }

  /// @return whether that was its last value, so that it is to be deleted
  boolean forgetOne() {
    return values.decrementAndGet() == 0;
  }

  /// @throws IOException if it cannot be deleted; then it stays until the directory goes
  void delete() throws IOException {
    Files.deleteIfExists(path);
    directoryBytes.addAndGet(-sizeBytes.get());
  }
}
