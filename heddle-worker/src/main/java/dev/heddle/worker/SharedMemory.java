package dev.heddle.worker;

import dev.heddle.wire.Connection;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Message.Datum.Placed;
import dev.heddle.wire.WorkerId;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Large values go over to workers of the same host through memory that both have mapped, rather
/// than through a socket.
///
/// ```
///   the worker that has the value                   the worker that needs it
///   SharedPool ── fills ──► /dev/shm/heddle-USER/INCARNATION/7 ◄── maps, read-only ── NearPeer
///       ▲                                                                               │
///       ├────── get-data, with the token read in that directory ────────────────────────┤
///       │                                                                               │
///       ├────── data: the value is in segment 7, from 0, 67108864 bytes ───────────────►│
///       │                                                                               │
///       └────── let-go: when nothing there refers to it any more ───────────────────────┘
/// ```
/// Where this does not work, for whatever reason, values take the socket. For any number of threads.
final class SharedMemory implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SharedMemory.class);
  private static final Path FILE_SYSTEM = Path.of("/dev/shm");
  private static final Cleaner CLEANER = Cleaner.create(
      Thread.ofPlatform().daemon().name("shared memory, let go").factory());

  private final Path root;
  private final long bytesMax;
  private final @Nullable SharedDirectory directory;
  private final @Nullable SharedPool pool;
  /// The workers of this host that can be asked through their directory; each goes with its
  /// connection.
  private final Map<Connection, Optional<NearPeer>> peers = new ConcurrentHashMap<>();
  private final AtomicLong viewedBytes = new AtomicLong();
  private final Reclaiming reclaiming = new Reclaiming();
  private final AtomicBoolean saidFull = new AtomicBoolean();

  private SharedMemory(Path root, long bytesMax, @Nullable SharedDirectory directory,
      LongSupplier clock) {
    this.root = root;
    this.bytesMax = bytesMax;
    this.directory = directory;
    this.pool = directory == null
        ? null
        : new SharedPool(directory, bytesMax, CLEANER, reclaiming, clock);
  }

  /// A quarter of what the host's file system in memory has room for, and no more than half of what the
  /// container leaves beside the heap; 0 if there is none.
  ///
  /// @param besideHeapBytes what the process may use beside its heap
  static long defaultBytesMax(long besideHeapBytes) {
    try {
      return Files.isDirectory(FILE_SYSTEM)
          ? Math.min(Files.getFileStore(FILE_SYSTEM).getUsableSpace() / 4, besideHeapBytes / 2)
          : 0;
    } catch (IOException e) {
      log.debug("{} cannot be looked at", FILE_SYSTEM, e);
      return 0;
    }
  }

  static SharedMemory none() {
    return new SharedMemory(FILE_SYSTEM, 0, null, System::nanoTime);
  }

  /// @param bytesMax how much of it the worker may take; 0 for none
  static SharedMemory open(WorkerId worker, long bytesMax) {
    return open(FILE_SYSTEM, worker, bytesMax, System::nanoTime);
  }

  static SharedMemory open(Path filesystem, WorkerId worker, long bytesMax, LongSupplier clock) {
    var root = SharedDirectory.rootIn(filesystem);
    if (bytesMax < SharedPool.VALUE_BYTES_MIN || !Files.isDirectory(filesystem)
        || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      return new SharedMemory(root, 0, null, clock);
    }
    try {
      return new SharedMemory(root, bytesMax, SharedDirectory.open(root, worker), clock);
    } catch (IOException | UnsupportedOperationException e) {
      log.warn("{}", ErrorCode.SHARED_MEMORY.of(worker.name()
          + " has no shared memory, and sends values to workers of its host as to others: " + e));
      return new SharedMemory(root, 0, null, clock);
    }
  }

  /// How much of the host's memory the worker's own segments take up, and, of others' segments, what
  /// is in use here.
  long sharedBytes() {
    return (pool == null ? 0 : pool.bytes()) + viewedBytes.get();
  }

  // --- the worker that has the value

  /// A request came, with what the asker read in this worker's directory.
  void asked(Connection by, Optional<ContentHash> token) {
    if (pool != null && directory != null) {
      if (token.isPresent()) {
        pool.near(by, MessageDigest.isEqual(token.get().digest(), directory.token().digest()));
      } else {
        pool.near(by, false);
      }
    }
  }

  void letGo(Connection by, List<Long> handOvers) {
    if (pool != null) {
      pool.letGo(by, handOvers);
    }
  }

  /// Hands a value over to whoever asked with the right token.
  ///
  /// @return empty if it is to be sent
  Optional<Placed> handOver(Connection to, StoredValue value, NodeCode code) {
    if (pool == null) {
      return Optional.empty();
    }
    var known = handOverAgain(to, value);
    if (known.isPresent()) {
      return known;
    }
    try {
      return pool.handOver(to, value.encoded(code), value::setSharedCopy);
    } catch (IOException | InternalError e) {
      sayFull(e);
      return Optional.empty();
    }
  }

  /// Hands a value over that is in shared memory already.
  ///
  /// @return empty if it is not, or the asker has no right to it
  Optional<Placed> handOverAgain(Connection to, StoredValue value) {
    return pool == null
        ? Optional.empty()
        : value.sharedCopy().flatMap(copy -> pool.handOver(to, copy));
  }

  /// Takes back what was handed over and not said yet.
  void takeBack(Connection from, Placed placed) {
    letGo(from, List.of(placed.handOver()));
  }

  /// A result that was made in memory from [#allocate] is ready to be handed over.
  void made(StoredValue value, NodeCode code) {
    if (pool != null) {
      pool.inPlace(value.encoded(code)).ifPresent(value::setSharedCopy);
    }
  }

  boolean isNear(Connection to) {
    return pool != null && pool.isNear(to);
  }

  /// Memory for a result.
  Optional<MemorySegment> allocate(long sizeBytes) {
    try {
      return pool == null ? Optional.empty() : pool.allocate(sizeBytes);
    } catch (IOException e) {
      sayFull(e);
      return Optional.empty();
    }
  }

  private void sayFull(Throwable e) {
    if (saidFull.compareAndSet(false, true)) {
      log.warn("{}", ErrorCode.SHARED_MEMORY.of("shared memory in " + root
          + " gives no more room; values are sent instead, here and later without a word: " + e));
    }
  }

  // --- the worker that needs it

  /// The peer, if [#look] has seen its directory from here.
  Optional<NearPeer> peer(Connection connection) {
    return peers.getOrDefault(connection, Optional.empty());
  }

  /// Whether it has been looked for the directory of a peer.
  boolean isKnown(Connection connection) {
    return pool == null || peers.containsKey(connection);
  }

  /// Looks for the directory of a peer, once a connection.
  void look(Connection connection, WorkerId worker) {
    if (pool != null) {
      peers.computeIfAbsent(connection, _ -> seen(connection, worker));
      if (!connection.isOpen()) {
        peers.remove(connection);
      }
    }
  }

  private Optional<NearPeer> seen(Connection connection, WorkerId worker) {
    var where = SharedDirectory.of(root, worker);
    try {
      return Optional.of(new NearPeer(connection, where, SharedDirectory.tokenIn(where), CLEANER,
          viewedBytes, bytesMax, reclaiming));
    } catch (IOException e) {
      log.debug("{} is not on this host, or shares no memory", worker.name(), e);
      return Optional.empty();
    }
  }

  /// Values of this connection come through the socket from now on.
  void giveUpOn(Connection connection) {
    peers.put(connection, Optional.empty());
    if (!connection.isOpen()) {
      peers.remove(connection);
    }
  }

  // --- both

  /// To be called now and then.
  void trim() {
    if (pool != null) {
      pool.trim();
    }
  }

  void lost(Connection connection) {
    peers.remove(connection);
    if (pool != null) {
      pool.lost(connection);
    }
  }

  @Override
  public void close() {
    peers.clear();
    if (pool != null) {
      pool.close();
    }
  }
}
