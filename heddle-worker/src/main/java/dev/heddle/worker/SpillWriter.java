package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.wire.Payload;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;

/// Writes one file of values: beside its place, and renamed once it is complete. Belongs to whoever
/// made it.
final class SpillWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 << 10;

  private final SpillFile file;
  private final Path part;
  private final Compression compression;
  private final FileChannel channel;
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final CRC32C crc = new CRC32C();
  /// From where on the checksum does not cover what is in `out`.
  private int crcFrom;
  /// What was written to the channel.
  private long flushedBytes;
  private int count;
  private boolean complete;

  SpillWriter(SpillFile file, Path part, Compression compression) throws IOException {
    this.file = file;
    this.part = part;
    this.compression = compression;
    this.channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE);
    out.put(SpillFile.start());
  }

  /// Adds a value. It can be read after [#complete].
  ///
  /// @throws IOException if it cannot be written; then nothing of this file can be used
  Spilled add(Key key, Payload payload) throws IOException {
    var compressed = compression.paysFor(payload);
    var name = key.text().getBytes(StandardCharsets.UTF_8);
    room(Integer.BYTES + name.length + 1);
    crc.reset();
    crcFrom = out.position();
    var offset = position();
    out.putInt(name.length).put(name).put((byte) (compressed ? 1 : 0));
    var bodyAt = position();
    if (compressed) {
      deflate(payload);
    } else {
      put(MemorySegment.ofArray(payload.header()));
      for (var buffer : payload.buffers()) {
        put(buffer.segment());
      }
    }
    var length = position() - bodyAt;
    room(Long.BYTES + Integer.BYTES);
    out.putLong(length);
    check();
    out.putInt((int) crc.getValue());
    count++;
    return new Spilled(key, new Spilled.Place(file, offset, length, compressed), payload);
  }

  private long position() {
    return flushedBytes + out.position();
  }

  private void put(MemorySegment segment) throws IOException {
    for (var at = 0L; at < segment.byteSize();) {
      room(1);
      var length = (int) Math.min(out.remaining(), segment.byteSize() - at);
      MemorySegment.copy(segment, at, MemorySegment.ofBuffer(out), 0, length);
      out.position(out.position() + length);
      at += length;
    }
  }

  private void deflate(Payload payload) throws IOException {
    var deflater = new Deflater(Compression.LEVEL);
    try {
      var in = ByteBuffer.allocateDirect(BUFFER_BYTES);
      deflate(deflater, in, MemorySegment.ofArray(payload.header()));
      for (var buffer : payload.buffers()) {
        deflate(deflater, in, buffer.segment());
      }
      deflater.finish();
      while (!deflater.finished()) {
        room(1);
        deflater.deflate(out);
      }
    } finally {
      deflater.end();
    }
  }

  private void deflate(Deflater deflater, ByteBuffer in, MemorySegment segment)
      throws IOException {
    for (var at = 0L; at < segment.byteSize();) {
      var length = (int) Math.min(in.capacity(), segment.byteSize() - at);
      in.clear().limit(length);
      MemorySegment.copy(segment, at, MemorySegment.ofBuffer(in), 0, length);
      deflater.setInput(in);
      while (!deflater.needsInput()) {
        room(1);
        deflater.deflate(out);
      }
      at += length;
    }
  }

  /// Makes room for so many bytes.
  private void room(int bytes) throws IOException {
    if (out.remaining() < bytes) {
      flush();
    }
  }

  /// Brings the checksum up to what is in `out`.
  private void check() {
    crc.update(out.duplicate().position(crcFrom).limit(out.position()));
    crcFrom = out.position();
  }

  private void flush() throws IOException {
    check();
    out.flip();
    flushedBytes += out.remaining();
    var started = System.nanoTime();
    while (out.hasRemaining()) {
      channel.write(out);
    }
    compression.wrote(out.limit(), System.nanoTime() - started);
    out.clear();
    crcFrom = 0;
  }

  /// Puts the file in its place.
  ///
  /// @throws IOException if it cannot be done; then nothing of this file can be used
  void complete() throws IOException {
    flush();
    channel.close();
    Files.move(part, file.path(), StandardCopyOption.ATOMIC_MOVE);
    complete = true;
    file.written(count, flushedBytes);
  }

  /// Deletes what was written, unless it is complete.
  @Override
  public void close() throws IOException {
    channel.close();
    if (!complete) {
      Files.deleteIfExists(part);
    }
  }
}
