package dev.heddle.worker;

import dev.heddle.wire.ContentHash;
import dev.heddle.wire.WorkerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A worker's own directory on the file system that is memory, for its user alone:
///
/// ```
/// /dev/shm/heddle-USER/         mode 0700
///   INCARNATION/                of one worker, 16 hexadecimal digits
///     lock                      locked for as long as its process lives
///     token                     32 random bytes; who tells them sees this directory
///     1, 2, 3 …                 segments
/// ```
///
/// A process that was killed leaves its directory, and its lock is gone with it: whoever opens a
/// directory next removes those.
final class SharedDirectory implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SharedDirectory.class);
  private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions
      .fromString("rwx------");
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY = PosixFilePermissions
      .asFileAttribute(OWNER_ALONE);
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE = PosixFilePermissions
      .asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  /// How long a directory may take from its making to its lock.
  private static final Duration MAKING = Duration.ofMinutes(1);
  private static final String UNFINISHED = ".new-";
  /// Locks belong to a process, and closing any channel on a file gives up the process's lock on it:
  /// the directories of this process are not even tried.
  private static final Set<Path> OF_THIS_PROCESS = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final ContentHash token;
  /// Holds the lock; closed last.
  private final FileChannel lock;

  private SharedDirectory(Path path, ContentHash token, FileChannel lock) {
    this.path = path;
    this.token = token;
    this.lock = lock;
  }

  /// Where a user's workers have their directories, below `filesystem`.
  static Path rootIn(Path filesystem) {
    return filesystem
        .resolve(
            "heddle-" + System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_"));
  }

  static Path of(Path root, WorkerId worker) {
    return root.resolve(String.format("%016x", worker.incarnation()));
  }

  /// Makes the directory of `worker`, and removes those whose processes are gone.
  ///
  /// @throws IOException if it cannot be made, or `root` is open to others
  static SharedDirectory open(Path root, WorkerId worker) throws IOException {
    makePrivate(root);
    var path = of(root, worker);
    var unfinished = root.resolve(UNFINISHED + path.getFileName());
    OF_THIS_PROCESS.add(path);
    try {
      Files.createDirectory(unfinished, PRIVATE_DIRECTORY);
      var bytes = new byte[ContentHash.BYTES];
      new SecureRandom().nextBytes(bytes);
      try (var file = create(unfinished.resolve("token"))) {
        file.write(ByteBuffer.wrap(bytes));
      }
      var channel = create(unfinished.resolve("lock"));
      if (channel.tryLock() == null) {
        throw new IOException("another process locked " + unfinished + ", which was just made");
      }
      Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
      removeOrphans(root);
      return new SharedDirectory(path, ContentHash.ofDigest(bytes), channel);
    } catch (IOException e) {
      OF_THIS_PROCESS.remove(path);
      throw e;
    }
  }

  private static void makePrivate(Path root) throws IOException {
    try {
      Files.createDirectory(root, PRIVATE_DIRECTORY);
    } catch (FileAlreadyExistsException _) {
      var found = Files.readAttributes(root, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      var self = Files.readAttributes(Path.of("/proc/self"), PosixFileAttributes.class);
      if (!found.isDirectory() || !found.owner().equals(self.owner())
          || !found.permissions().equals(OWNER_ALONE)) {
        throw new IOException(root + " is not a directory of " + self.owner() + " alone but "
            + PosixFilePermissions.toString(found.permissions()) + " of " + found.owner()
            + "; remove it");
      }
    }
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
        StandardOpenOption.WRITE), PRIVATE_FILE);
  }

  private static void removeOrphans(Path root) throws IOException {
    var removed = new ArrayList<Path>();
    try (var directories = Files.newDirectoryStream(root)) {
      for (var directory : directories) {
        if (!OF_THIS_PROCESS.contains(directory) && isOrphan(directory)) {
          remove(directory);
          removed.add(directory.getFileName());
        }
      }
    }
    if (!removed.isEmpty()) {
      log.info("removed what workers that are dead left in {}: {}", root, removed);
    }
  }

  private static boolean isOrphan(Path directory) {
    try {
      if (directory.getFileName().toString().startsWith(UNFINISHED)) {
        return Files.getLastModifiedTime(directory).toInstant()
            .isBefore(Instant.now().minus(MAKING));
      }
      try (var file = FileChannel.open(directory.resolve("lock"), StandardOpenOption.WRITE);
          FileLock taken = file.tryLock()) {
        return taken != null;
      }
    } catch (OverlappingFileLockException _) {
      return false; // Another worker of this process is about to remove it.
    } catch (NoSuchFileException _) {
      return Files.isDirectory(directory); // Whoever removed it did not come to an end, or did just now.
    } catch (IOException e) {
      log.debug("{} is left alone", directory, e);
      return false;
    }
  }

  /// The lock goes last: until then, whoever is interrupted here leaves an orphan.
  private static void remove(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory,
        file -> !file.endsWith("lock"))) {
      for (var file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory.resolve("lock"));
      Files.deleteIfExists(directory);
    } catch (NoSuchFileException e) {
      log.debug("{} was removed by another worker that starts", directory, e);
    } catch (IOException | UncheckedIOException | java.nio.file.DirectoryIteratorException e) {
      log.warn("{} cannot be removed: {}", directory, e.toString());
    }
  }

  /// The token of another worker's directory.
  ///
  /// @throws IOException if it is not to be seen from here
  static ContentHash tokenIn(Path directory) throws IOException {
    var bytes = Files.readAllBytes(directory.resolve("token"));
    if (bytes.length != ContentHash.BYTES) {
      throw new IOException(directory + " has a token of " + bytes.length + " bytes");
    }
    return ContentHash.ofDigest(bytes);
  }

  static Path segment(Path directory, long number) {
    return directory.resolve(String.valueOf(number));
  }

  ContentHash token() {
    return token;
  }

  /// A new file; the caller fills and closes it.
  FileChannel createSegment(long number) throws IOException {
    return create(segment(path, number));
  }

  FileChannel openSegment(long number) throws IOException {
    return FileChannel.open(segment(path, number), StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  void deleteSegment(long number) {
    try {
      Files.deleteIfExists(segment(path, number));
    } catch (IOException e) {
      log.warn("the segment {} cannot be removed from {}: {}", number, path, e.toString());
    }
  }

  /// Removes it with all that is in it. What others have mapped stays theirs.
  @Override
  public void close() {
    remove(path);
    try {
      lock.close();
    } catch (IOException e) {
      log.debug("the lock in {} does not close", path, e);
    }
    OF_THIS_PROCESS.remove(path);
  }
}
