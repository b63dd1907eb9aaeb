package dev.heddle.worker;

import dev.heddle.wire.Bulk;
import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Key;
import dev.heddle.wire.Payload;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// A value on disk. For any number of threads.
final class Spilled {
  /// What a large part of a value is read into.
  private record Part(Bulk.Kind kind, long sizeBytes) {}

  /// Where in the file a record is.
  ///
  /// @param bodyBytes as stored
  record Place(SpillFile file, long offset, long bodyBytes, boolean compressed) {}

  private final Key key;
  private final Place place;
  private final int codec;
  private final List<CodeBaseId> codeBases;
  private final int headerBytes;
  private final List<Part> parts;
  private final AtomicBoolean forgotten = new AtomicBoolean();

  Spilled(Key key, Place place, Payload payload) {
    this.key = key;
    this.place = place;
    this.codec = payload.codec();
    this.codeBases = payload.codeBases();
    this.headerBytes = payload.header().length;
    this.parts = payload.buffers().stream().map(bulk -> new Part(bulk.kind(), bulk.sizeBytes()))
        .toList();
  }

  /// Reads it. An interrupt of this thread, such as that of a function that is cancelled, says nothing about
  /// the file: it is read all the same, and the thread is still interrupted afterwards.
  ///
  /// @throws SpillException if it is not what was written, or not there
  Payload read() throws SpillException {
    var interrupted = false;
    try {
      while (true) {
        try {
          return readOnce();
        } catch (ClosedByInterruptException _) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Payload readOnce() throws SpillException, ClosedByInterruptException {
    try (var reader = new RecordReader(key, place)) {
      var header = new byte[headerBytes];
      reader.read(MemorySegment.ofArray(header));
      var buffers = new ArrayList<Bulk>(parts.size());
      for (var part : parts) {
        var bulk = part.kind.allocate(part.sizeBytes);
        reader.read(bulk.segment());
        buffers.add(bulk);
      }
      reader.end();
      return new Payload(codec, codeBases, header, buffers);
    } catch (SpillException | ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw new SpillException("'" + key + "' cannot be read from " + place.file.path() + ": " + e,
          e);
    }
  }

  /// What it takes on disk, in bytes.
  long diskBytes() {
    return place.bodyBytes;
  }

  /// Nobody needs it any more.
  ///
  /// @return what deletes its file, if it was the last value there; it may take a while
  Optional<Deletion> forget() {
    return forgotten.compareAndSet(false, true) && place.file.forgetOne()
        ? Optional.of(place.file::delete)
        : Optional.empty();
  }

  /// Deletes a file.
  interface Deletion {
    void run() throws IOException;
  }
}
