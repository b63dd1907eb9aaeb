package dev.heddle.worker;

import dev.heddle.wire.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where a worker writes values that it has no memory for: a directory of its own in one that it
/// shares with others, which is made when the first value is written. A file holds one large value or
/// several small ones, is written beside its place and renamed, and goes when the last of its
/// values is needed no longer:
/// ```
///   <spill directory>/heddle-<pid>-<worker>-<incarnation>/      `lock` is locked while the worker lives
///       lock  1.values  2.values  3.part
///
///   file    "HDLSPILL"  version (int)   record …
///   record  length of the key (int)   key (UTF-8)   compressed (byte)
///           body: the value's header, then its buffers
///           length of the body as stored (long)   CRC32C of all of the record before it (int)
/// ```
/// Numbers are big-endian; buffers are as they are in memory, since nobody else reads them. What a dead
/// worker left behind is removed by the next one that starts there.
///
/// [#writer] belongs to one process at a time, the rest is for any number of threads.
final class SpillDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpillDirectory.class);
  private static final String PREFIX = "heddle-";
  private static final String NEW = "new-";
  private static final String LOCK = "lock";
  /// What is left free on the disk for others.
  private static final long RESERVE_BYTES = 256L << 20;
  /// After which a directory that was never finished is nobody's, in ms.
  private static final long NEW_MILLIS = 60_000;
  /// How long it may take to write one file.
  private static final long WRITTEN_WITHIN_NANOS = 2_000_000_000;
  private static final long RETRY_NANOS = 5_000_000;
  private static final Set<PosixFilePermission> MINE = PosixFilePermissions
      .fromString("rwx------");

  private final Path base;
  private final String name;
  private final long bytesMax;
  private final Compression compression = new Compression();
  private final AtomicLong usedBytes = new AtomicLong();
  // Guarded by this.
  private @Nullable Path own;
  private @Nullable FileChannel lock;
  private boolean closed;
  private long files;

  /// @param base where it and others have their directories
  /// @param worker its name
  /// @param incarnation tells it from others that had the name
  /// @param bytesMax the most that it may take on disk
  SpillDirectory(Path base, String worker, long incarnation, long bytesMax) {
    this.base = base.toAbsolutePath();
    this.name = PREFIX + ProcessHandle.current().pid() + "-" + worker.replaceAll("[^\\w.-]", "_")
        + "-" + Long.toHexString(incarnation);
    this.bytesMax = bytesMax;
  }

  /// Where values go when nobody says where: a directory of this user's where files outlive memory,
  /// `/var/tmp` rather than `/tmp`, which may be memory itself.
  static Path defaultBase() {
    var user = System.getProperty("user.name").replaceAll("[^\\w.-]", "_");
    var temporary = Path.of(System.getProperty("java.io.tmpdir"));
    var durable = Path.of("/var/tmp");
    var parent = temporary.equals(Path.of("/tmp")) && Files.isWritable(durable)
        ? durable
        : temporary;
    return parent.resolve(PREFIX + "spill-" + user);
  }

  Path base() {
    return base;
  }

  /// Makes the directory that all share, if need be, and finds out whether it can be used.
  ///
  /// @throws IOException naming what is wrong with it and what to do
  void check() throws IOException {
    try {
      if (!Files.isDirectory(base)) {
        Files.createDirectories(base.getParent() == null ? base : base.getParent());
        makeMine(base);
      }
    } catch (IOException e) {
      throw new IOException(ErrorCode.SPILL.of("the spill directory " + base
          + " cannot be made: " + e + "; name another one (--spill-directory), or none"), e);
    }
    if (!Files.isWritable(base)) {
      throw new IOException(ErrorCode.SPILL.of("the spill directory " + base
          + " cannot be written to by " + System.getProperty("user.name")
          + "; name another one (--spill-directory), or none"));
    }
  }

  private static void makeMine(Path directory) throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(MINE));
    } else {
      Files.createDirectory(directory);
    }
  }

  /// Begins a file.
  ///
  /// @param bytes about how much it will take
  /// @throws IOException if there is no room for it, or it cannot be made
  SpillWriter writer(long bytes) throws IOException {
    var used = usedBytes.get();
    if (used + bytes > bytesMax) {
      throw new SpillException(base + " may take " + text(bytesMax) + " (--spill-limit), "
          + text(used) + " are used, and " + text(bytes) + " more are needed");
    }
    var directory = directory();
    var free = Files.getFileStore(directory).getUsableSpace();
    if (free - bytes < RESERVE_BYTES) {
      throw new SpillException("the file system of " + base + " has " + text(free)
          + " left, of which " + text(RESERVE_BYTES) + " stay free for others, and "
          + text(bytes) + " more are needed");
    }
    var number = nextNumber();
    return new SpillWriter(new SpillFile(directory.resolve(number + ".values"), usedBytes),
        directory.resolve(number + ".part"), compression);
  }

  private synchronized long nextNumber() {
    return ++files;
  }

  private synchronized Path directory() throws IOException {
    if (closed) {
      throw new SpillException("the worker has ended");
    }
    var known = own;
    if (known == null || !Files.isDirectory(known)) {
      release();
      known = make();
      own = known;
    }
    return known;
  }

  /// Nobody sees the directory under its name before it is locked.
  private Path make() throws IOException {
    check();
    requireMine();
    var unfinished = base.resolve(NEW + name);
    removeAll(unfinished);
    makeMine(unfinished);
    var channel = FileChannel.open(unfinished.resolve(LOCK), StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE);
    lock = channel;
    if (channel.tryLock() == null) {
      throw new SpillException(unfinished + " is in use");
    }
    var finished = base.resolve(name);
    removeAll(finished);
    return Files.move(unfinished, finished);
  }

  /// Another user could read, or change, what is in a directory of his.
  private void requireMine() throws IOException {
    var owner = Files.getOwner(base).getName();
    var user = System.getProperty("user.name");
    if (!owner.equals(user)) {
      throw new SpillException("the spill directory " + base + " belongs to " + owner + ", not to "
          + user + "; name another one (--spill-directory)");
    }
  }

  /// What all its files take on disk, in bytes.
  long usedBytes() {
    return usedBytes.get();
  }

  /// Removes what workers left behind that live no more.
  void removeOthersRemains() {
    if (!Files.isDirectory(base)) {
      return;
    }
    for (var directory : others()) {
      try {
        if (isDead(directory)) {
          removeAll(directory);
          LOG.info("removed {}, which a worker left behind", directory);
        }
      } catch (IOException e) {
        LOG.debug("cannot remove {}", directory, e);
      }
    }
  }

  private List<Path> others() {
    var mine = PREFIX + ProcessHandle.current().pid() + "-";
    var others = new ArrayList<Path>();
    try (var all = Files.newDirectoryStream(base, "{" + PREFIX + "," + NEW + PREFIX + "}*")) {
      for (var each : all) {
        var itsName = each.getFileName().toString();
        // To look at a lock of this very process would take it away.
        if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS) && !itsName.startsWith(mine)
            && !itsName.startsWith(NEW + mine)) {
          others.add(each);
        }
      }
    } catch (IOException e) {
      LOG.debug("cannot list {}", base, e);
    }
    return others;
  }

  private static boolean isDead(Path directory) throws IOException {
    var file = directory.resolve(LOCK);
    if (!Files.exists(file) || directory.getFileName().toString().startsWith(NEW)) {
      var age = System.currentTimeMillis() - Files.getLastModifiedTime(directory).toMillis();
      return age > NEW_MILLIS;
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
        var taken = tryLock(channel).orElse(null)) {
      return taken != null;
    }
  }

  private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      return Optional.empty();
    }
  }

  /// A file may be on its way there still; none follows.
  private static void removeAllOnceWritten(Path directory) throws IOException {
    var deadline = System.nanoTime() + WRITTEN_WITHIN_NANOS;
    while (true) {
      try {
        removeAll(directory);
        return;
      } catch (IOException | UncheckedIOException e) {
        if (System.nanoTime() - deadline >= 0) {
          throw e;
        }
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private static void removeAll(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var all = Files.walk(directory)) {
      for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }

  private void release() throws IOException {
    if (lock instanceof FileChannel held) {
      lock = null;
      held.close();
    }
  }

  /// Removes its files; what was not read cannot be read any more.
  @Override
  public synchronized void close() {
    closed = true;
    try {
      if (own instanceof Path directory) {
        removeAllOnceWritten(directory);
      }
      release();
    } catch (IOException e) {
      LOG.warn("cannot remove all of {}: {}; the next worker there does", own, e.toString());
    }
  }

  /// For people.
  static String text(long bytes) {
    return bytes < 10L << 20
        ? String.format(Locale.ROOT, "%,d KiB", bytes >> 10)
        : String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
  }
}
