package dev.heddle.worker;

import dev.heddle.wire.Bulk;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.wire.Message.Datum.Place;
import dev.heddle.wire.Message.Datum.Placed;
import dev.heddle.wire.Payload;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Another worker on this host, whose directory in shared memory can be seen from here; for one
/// connection to it. Asked by one thread at a time.
final class NearPeer {
  private final Connection connection;
  private final Path directory;
  private final ContentHash token;
  private final Cleaner cleaner;
  private final AtomicLong viewedBytes;
  private final Reclaiming reclaiming;
  private final long mappedBytesMax;
  /// Segments from which arrays are copied: their pages have been touched. The longest unused first,
  /// at most `mappedBytesMax` together.
  private final LinkedHashMap<Long, MemorySegment> mapped = new LinkedHashMap<>();
  private long mappedBytes;

  /// @param viewedBytes how many bytes of others are in use here, kept up to date
  NearPeer(Connection connection, Path directory, ContentHash token, Cleaner cleaner,
      AtomicLong viewedBytes, long mappedBytesMax, Reclaiming reclaiming) {
    this.reclaiming = reclaiming;
    this.connection = connection;
    this.directory = directory;
    this.token = token;
    this.cleaner = cleaner;
    this.viewedBytes = viewedBytes;
    this.mappedBytesMax = mappedBytesMax;
  }

  ContentHash token() {
    return token;
  }

  /// The answer with its values whole.
  ///
  /// @throws IOException if a segment is not what the peer says; nothing was kept then
  Message.Data taken(Message.Data data) throws IOException {
    var whole = new LinkedHashMap<Key, Datum>();
    for (var each : data.values().entrySet()) {
      whole.put(each.getKey(),
          each.getValue() instanceof Placed placed
              ? new Datum.Found(take(placed))
              : each.getValue());
    }
    return new Message.Data(whole);
  }

  /// Whether any value of an answer is in shared memory.
  static boolean isPlaced(Message.Data data) {
    return data.values().values().stream().anyMatch(Placed.class::isInstance);
  }

  /// How much has to be copied to take what is in an answer: arrays, but not buffers.
  long bytesToCopy(Message.Data data) {
    return data.values().values().stream().filter(Placed.class::isInstance).map(Placed.class::cast)
        .flatMap(placed -> placed.places().stream()
            .filter(place -> kind(placed, place) != Bulk.Kind.DIRECT))
        .mapToLong(Place::sizeBytes).sum();
  }

  /// Lets go of what is in an answer that could not be taken.
  void letGoAll(Message.Data data) {
    var handOvers = data.values().values().stream().filter(Placed.class::isInstance)
        .map(datum -> ((Placed) datum).handOver()).toList();
    letGo(connection, handOvers);
  }

  /// The value: with arrays copied out of the segment, which is let go if there are only those;
  /// buffers are the segment's own memory, which is let go when nothing here refers to it.
  ///
  /// @throws IOException if the segment is not what the peer says
  private synchronized Payload take(Placed placed) throws IOException {
    var views = placed.places().stream()
        .anyMatch(place -> kind(placed, place) == Bulk.Kind.DIRECT);
    if (views) {
      var memory = map(placed.segment());
      var payload = payload(placed, memory);
      letGoWithout(memory, placed.handOver());
      return payload;
    }
    var payload = payload(placed, touched(placed.segment()));
    letGo(connection, List.of(placed.handOver()));
    return payload;
  }

  private static void letGo(Connection connection, List<Long> handOvers) {
    connection.notice(new Message.LetGo(handOvers));
    connection.flush();
  }

  // Nothing here may refer to the memory: it would never be let go.
  private void letGoWithout(MemorySegment memory, long handOver) {
    var size = memory.byteSize();
    var from = connection;
    var viewed = viewedBytes;
    if (viewed.addAndGet(size) > mappedBytesMax / 2) {
      reclaiming.outOfRoom();
    }
    cleaner.register(memory.scope(), () -> {
      viewed.addAndGet(-size);
      letGo(from, List.of(handOver));
    });
  }

  private static Bulk.Kind kind(Placed placed, Place place) {
    return placed.rest().buffers().get(place.buffer()).kind();
  }

  private static Payload payload(Placed placed, MemorySegment memory) throws IOException {
    var rest = placed.rest();
    var buffers = new ArrayList<>(rest.buffers());
    for (var place : placed.places()) {
      if (place.offset() + place.sizeBytes() > memory.byteSize()) {
        throw new IOException("segment " + placed.segment() + " has " + memory.byteSize()
            + " bytes, and buffer " + place.buffer() + " is said to end at "
            + (place.offset() + place.sizeBytes()));
      }
      var slice = memory.asSlice(place.offset(), place.sizeBytes());
      buffers.set(place.buffer(), bulk(kind(placed, place), slice));
    }
    return new Payload(rest.codec(), rest.codeBases(), rest.header(), buffers);
  }

  private static Bulk bulk(Bulk.Kind kind, MemorySegment slice) {
    if (kind == Bulk.Kind.DIRECT) {
      return new Bulk(kind, slice);
    }
    var made = kind.allocate(slice.byteSize());
    made.segment().copyFrom(slice);
    return made;
  }

  private MemorySegment map(long segment) throws IOException {
    try (var file = FileChannel.open(SharedDirectory.segment(directory, segment),
        StandardOpenOption.READ)) {
      return file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), Arena.ofAuto());
    }
  }

  private MemorySegment touched(long segment) throws IOException {
    var known = mapped.remove(segment);
    if (known == null) {
      known = map(segment);
      mappedBytes += known.byteSize();
      forget();
    }
    mapped.put(segment, known);
    return known;
  }

  /// What the peer has given up, and, where that is too much, what was not used for longest.
  private void forget() {
    var all = mapped.entrySet().iterator();
    while (all.hasNext()) {
      var each = all.next();
      if (mappedBytes > mappedBytesMax || isGone(each)) {
        mappedBytes -= each.getValue().byteSize();
        all.remove();
      }
    }
  }

  private boolean isGone(Map.Entry<Long, MemorySegment> segment) {
    return !Files.exists(SharedDirectory.segment(directory, segment.getKey()));
  }
}
