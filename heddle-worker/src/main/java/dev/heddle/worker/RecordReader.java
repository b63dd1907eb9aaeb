package dev.heddle.worker;

import dev.heddle.wire.Key;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Reads one record of a file, from its beginning to its end. Belongs to whoever made it.
final class RecordReader implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 << 10;

  private final Key key;
  private final Spilled.Place place;
  private final FileChannel channel;
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer stored = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
  private final Inflater inflater = new Inflater();
  private final ByteBuffer inflated = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
  private long at;
  private long bodyLeft;

  RecordReader(Key key, Spilled.Place place) throws IOException {
    this.key = key;
    this.place = place;
    this.at = place.offset();
    this.bodyLeft = place.bodyBytes();
    this.channel = FileChannel.open(place.file().path(), StandardOpenOption.READ);
    try {
      readHead();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void readHead() throws IOException {
    var name = key.text().getBytes(StandardCharsets.UTF_8);
    var head = exactly(Integer.BYTES + name.length + 1);
    var length = head.getInt();
    var there = new byte[Math.clamp(length, 0, name.length)];
    head.get(there);
    if (length != name.length || !java.util.Arrays.equals(there, name)) {
      throw damaged("another value is there");
    }
    if (head.get() != (place.compressed() ? 1 : 0)) {
      throw damaged("its beginning is another");
    }
  }

  /// Fills `target` with what follows.
  void read(MemorySegment target) throws IOException {
    for (var filled = 0L; filled < target.byteSize();) {
      var from = place.compressed() ? inflated() : body();
      var length = (int) Math.min(from.remaining(), target.byteSize() - filled);
      MemorySegment.copy(MemorySegment.ofBuffer(from), 0, target, filled, length);
      from.position(from.position() + length);
      filled += length;
    }
  }

  private ByteBuffer inflated() throws IOException {
    while (!inflated.hasRemaining()) {
      inflated.clear();
      try {
        if (inflater.needsInput()) {
          var from = body();
          inflater.setInput(from.duplicate());
          from.position(from.limit());
        }
        if (inflater.inflate(inflated) == 0
            && (inflater.finished() || inflater.needsDictionary())) {
          throw damaged("it is too short");
        }
      } catch (DataFormatException e) {
        throw damaged("it cannot be decompressed: " + e.getMessage());
      }
      inflated.flip();
    }
    return inflated;
  }

  /// More of the body as it is stored.
  private ByteBuffer body() throws IOException {
    if (!stored.hasRemaining()) {
      if (bodyLeft == 0) {
        throw damaged("it is too short");
      }
      stored.clear().limit((int) Math.min(BUFFER_BYTES, bodyLeft));
      fill(stored);
      bodyLeft -= stored.remaining();
    }
    return stored;
  }

  private ByteBuffer exactly(int bytes) throws IOException {
    var buffer = ByteBuffer.allocate(bytes);
    fill(buffer);
    return buffer;
  }

  private void fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      var count = channel.read(buffer, at);
      if (count < 0) {
        throw damaged("the file is too short");
      }
      at += count;
    }
    buffer.flip();
    crc.update(buffer.duplicate());
  }

  /// All was read.
  ///
  /// @throws SpillException if it is not what was written
  void end() throws IOException {
    while (bodyLeft > 0) {
      stored.position(stored.limit());
      var _ = body();
    }
    var isLength = exactly(Long.BYTES).getLong() == place.bodyBytes();
    var expected = (int) crc.getValue();
    if (exactly(Integer.BYTES).getInt() != expected || !isLength) {
      throw damaged("its checksum or its length is another");
    }
  }

  private SpillException damaged(String how) {
    return new SpillException("'" + key + "' is damaged in " + place.file().path() + " at byte "
        + place.offset() + ": " + how);
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    channel.close();
  }
}
