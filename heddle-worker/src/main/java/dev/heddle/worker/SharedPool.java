package dev.heddle.worker;

import dev.heddle.wire.Bulk;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Message.Datum.Place;
import dev.heddle.wire.Message.Datum.Placed;
import dev.heddle.wire.Payload;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The segments of a worker in shared memory: what it hands over to others on its host, and what its
/// tasks allocated there. Bounded; a segment is used again when nobody holds it.
///
/// For any number of threads; one lock for all its state. Memory is copied outside of it.
final class SharedPool implements AutoCloseable {
  /// A value of less is sent: to let go of it costs a message more.
  static final long VALUE_BYTES_MIN = 256 << 10;
  /// A smaller buffer travels beside the message as ever.
  private static final long BUFFER_BYTES_MIN = 4 << 10;
  private static final long ALIGNMENT = 64;
  private static final long STEP_BYTES_MIN = 64 << 10;
  /// For so long a segment that nobody uses is kept for the next value.
  static final long KEPT_NANOS = 30_000_000_000L;

  private record InPart(SharedSegment segment, long address) {}

  private final SharedDirectory directory;
  private final long bytesMax;
  private final Cleaner cleaner;
  private final Reclaiming reclaiming;
  private final LongSupplier clock;
  private final Object lock = new Object();
  /// Guarded by the lock, as all that follows: those that nobody holds, the longest unused first.
  private final LinkedHashMap<Long, SharedSegment> free = new LinkedHashMap<>();
  /// What each connection that may be handed something has not let go. Emptied when it is lost.
  private final Map<Connection, Map<Long, SharedSegment>> handedOver = new HashMap<>();
  /// Memory that tasks allocated, by the scope in which it lives.
  private final WeakHashMap<MemorySegment.Scope, InPart> allocated = new WeakHashMap<>();
  private long bytes;
  private long segments;
  private long handOvers;
  private boolean closed;

  /// @param clock in nanoseconds, never back
  SharedPool(SharedDirectory directory, long bytesMax, Cleaner cleaner, Reclaiming reclaiming,
      LongSupplier clock) {
    this.reclaiming = reclaiming;
    this.clock = clock;
    this.directory = directory;
    this.bytesMax = bytesMax;
    this.cleaner = cleaner;
  }

  /// How many bytes its segments have.
  long bytes() {
    synchronized (lock) {
      return bytes;
    }
  }

  /// Whether `to` may be handed something from now on.
  void near(Connection to, boolean near) {
    synchronized (lock) {
      if (!near) {
        lost(to);
      } else if (!closed && to.isOpen()) {
        handedOver.computeIfAbsent(to, _ -> new HashMap<>());
      }
    }
  }

  /// Nothing more is heard of `to`: what it has not let go, it may read for ever.
  void lost(Connection to) {
    synchronized (lock) {
      var held = handedOver.remove(to);
      if (held != null) {
        held.values().forEach(segment -> {
          retire(segment);
          release(segment);
        });
      }
    }
  }

  void letGo(Connection by, Collection<Long> numbers) {
    synchronized (lock) {
      var held = handedOver.getOrDefault(by, Map.of());
      for (var number : numbers) {
        if (held.remove(number) instanceof SharedSegment segment) {
          release(segment);
        }
      }
    }
  }

  /// Hands over what is in shared memory already.
  ///
  /// @return empty if `to` cannot be handed anything, or it is there no more
  Optional<Placed> handOver(Connection to, SharedCopy copy) {
    synchronized (lock) {
      var segment = copy.segment();
      if (!handedOver.containsKey(to) || segment.retired
          || segment.generation != copy.generation()) {
        return Optional.empty();
      }
      hold(segment);
      return handedOver(to, copy);
    }
  }

  private Optional<Placed> handedOver(Connection to, SharedCopy copy) {
    var held = handedOver.get(to);
    if (held == null) {
      release(copy.segment());
      return Optional.empty();
    }
    held.put(++handOvers, copy.segment());
    return Optional.of(
        new Placed(copy.rest(), handOvers, copy.segment().number, copy.places()));
  }

  /// Puts a value there and hands it over.
  ///
  /// @param made told where it is, for the next time
  /// @return empty if the value is small, or there is no room, or `to` cannot be handed anything
  /// @throws IOException if the file system has no room for a new segment
  Optional<Placed> handOver(Connection to, Payload payload, Consumer<SharedCopy> made)
      throws IOException {
    if (!isNear(to) || payload.sizeBytes() < VALUE_BYTES_MIN) {
      return Optional.empty();
    }
    var inPlace = inPlace(payload);
    if (inPlace.isPresent()) {
      try {
        synchronized (lock) {
          hold(inPlace.get().segment());
          return handedOver(to, inPlace.get());
        }
      } finally {
        Reference.reachabilityFence(payload); // Until here, the memory holds the segment.
      }
    }
    var layout = Layout.of(payload, 0);
    var segment = layout.sizeBytes < VALUE_BYTES_MIN ? null : take(layout.sizeBytes);
    if (segment == null) {
      return Optional.empty();
    }
    var copy = new SharedCopy(segment, segment.generation, layout.rest, layout.places);
    fill(segment, payload, layout);
    made.accept(copy);
    synchronized (lock) {
      return handedOver(to, copy);
    }
  }

  boolean isNear(Connection to) {
    synchronized (lock) {
      return handedOver.containsKey(to);
    }
  }

  /// Where the value is, if it is one buffer that a task allocated here.
  Optional<SharedCopy> inPlace(Payload payload) {
    if (payload.buffers().size() != 1 || payload.buffers().getFirst().kind() != Bulk.Kind.DIRECT) {
      return Optional.empty();
    }
    var memory = payload.buffers().getFirst().segment();
    synchronized (lock) {
      var part = allocated.get(memory.scope());
      if (part == null || part.segment.retired || payload.sizeBytes() < VALUE_BYTES_MIN) {
        return Optional.empty();
      }
      var layout = Layout.of(payload, memory.address() - part.address);
      return Optional.of(
          new SharedCopy(part.segment, part.segment.generation, layout.rest, layout.places));
    }
  }

  /// Which buffers of a value go where.
  private record Layout(Payload rest, ArrayList<Place> places, long sizeBytes) {
    static Layout of(Payload payload, long start) {
      var rest = new ArrayList<Bulk>();
      var places = new ArrayList<Place>();
      var end = start;
      for (var buffer : payload.buffers()) {
        if (buffer.sizeBytes() < BUFFER_BYTES_MIN) {
          rest.add(buffer);
        } else {
          places.add(new Place(rest.size(), end, buffer.sizeBytes()));
          rest.add(buffer.kind().allocate(0));
          end += Math.ceilDiv(buffer.sizeBytes(), ALIGNMENT) * ALIGNMENT;
        }
      }
      return new Layout(
          new Payload(payload.codec(), payload.codeBases(), payload.header(), rest), places,
          end - start);
    }
  }

  private void fill(SharedSegment segment, Payload payload, Layout layout) throws IOException {
    try {
      var memory = segment.memory(directory);
      for (var place : layout.places) {
        memory.asSlice(place.offset(), place.sizeBytes())
            .copyFrom(payload.buffers().get(place.buffer()).segment());
      }
    } catch (IOException | RuntimeException | Error e) {
      synchronized (lock) {
        retire(segment);
        release(segment);
      }
      throw e;
    }
  }

  /// Memory for a task, on pages that are shared: what it puts there is handed over as it is.
  ///
  /// @return what was in it before is still there; empty if there is no room
  /// @throws IOException if the file system has no room for a new segment
  Optional<MemorySegment> allocate(long sizeBytes) throws IOException {
    var segment = take(Math.max(1, sizeBytes));
    if (segment == null) {
      return Optional.empty();
    }
    try {
      var memory = segment.map(directory, Arena.ofAuto());
      synchronized (lock) {
        allocated.put(memory.scope(), new InPart(segment, memory.address()));
      }
      cleaner.register(memory.scope(), () -> {
        synchronized (lock) {
          release(segment);
        }
      });
      return Optional.of(memory.asSlice(0, sizeBytes));
    } catch (IOException | RuntimeException | Error e) {
      synchronized (lock) {
        retire(segment);
        release(segment);
      }
      throw e;
    }
  }

  /// A segment of at least so many bytes, held by the caller; null if there is no room.
  private @Nullable SharedSegment take(long sizeBytes) throws IOException {
    SharedSegment made;
    synchronized (lock) {
      if (closed) {
        return null;
      }
      var known = best(sizeBytes);
      if (known != null) {
        hold(known);
        known.generation++;
        return known;
      }
      var size = classOf(sizeBytes);
      while (bytes + size > bytesMax && !free.isEmpty()) {
        retire(free.firstEntry().getValue());
      }
      if (bytes + size > bytesMax) {
        reclaiming.outOfRoom();
        return null;
      }
      made = new SharedSegment(++segments, size);
      bytes += size;
    }
    try {
      made.reserve(directory);
      return made;
    } catch (IOException | RuntimeException | Error e) {
      synchronized (lock) {
        retire(made);
        release(made);
      }
      throw e;
    }
  }

  /// Steps of a quarter or less, so that segments serve values of about the same size.
  private static long classOf(long sizeBytes) {
    var step = Math.max(STEP_BYTES_MIN, Long.highestOneBit(sizeBytes) / 4);
    return Math.ceilDiv(sizeBytes, step) * step;
  }

  private @Nullable SharedSegment best(long sizeBytes) {
    SharedSegment best = null;
    for (var segment : free.values()) {
      if (segment.sizeBytes >= sizeBytes && segment.sizeBytes / 2 <= sizeBytes
          && (best == null || segment.sizeBytes < best.sizeBytes)) {
        best = segment;
      }
    }
    return best;
  }

  private void hold(SharedSegment segment) {
    free.remove(segment.number);
    segment.holds++;
  }

  private void release(SharedSegment segment) {
    segment.holds--;
    if (segment.holds == 0) {
      if (segment.retired) {
        segment.unmap();
      } else {
        segment.freeSinceNanos = clock.getAsLong();
        free.put(segment.number, segment);
      }
    }
  }

  /// Gives back the memory of segments that nobody has used for a while.
  void trim() {
    synchronized (lock) {
      var now = clock.getAsLong();
      while (!free.isEmpty()
          && now - free.firstEntry().getValue().freeSinceNanos >= KEPT_NANOS) {
        retire(free.firstEntry().getValue());
      }
    }
  }

  /// It is nobody's from now on but theirs who have it mapped.
  private void retire(SharedSegment segment) {
    if (!segment.retired) {
      segment.retired = true;
      bytes -= segment.sizeBytes;
      directory.deleteSegment(segment.number);
      if (free.remove(segment.number) != null) {
        segment.unmap();
      }
    }
  }

  /// Nothing is handed over from now on. What tasks and others have mapped stays.
  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      new ArrayList<>(handedOver.keySet()).forEach(this::lost);
      new ArrayList<>(free.values()).forEach(this::retire);
    }
    directory.close();
  }
}
