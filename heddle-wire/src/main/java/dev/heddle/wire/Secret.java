package dev.heddle.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What the nodes of one cluster know and nobody else does.
///
/// In a file, it is the content without blanks and line ends around it, so that an editor's last
/// line end does no harm.
public final class Secret {
  /// The shortest secret, in bytes.
  public static final int BYTES_LEAST = 32;
  /// The longest secret, in bytes.
  public static final int BYTES_MOST = 4096;
  /// The variable that names the file to take instead of the user's own.
  public static final String FILE_VARIABLE = "HEDDLE_SECRET_FILE";

  private static final Set<PosixFilePermission> OTHERS = EnumSet.of(PosixFilePermission.GROUP_READ,
      PosixFilePermission.GROUP_WRITE,
      PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_READ,
      PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

  private final byte[] bytes;
  private final boolean given;

  private Secret(byte[] bytes, boolean given) {
    this.bytes = bytes;
    this.given = given;
  }

  /// @throws IllegalArgumentException if there are fewer than [#BYTES_LEAST] or more than
  ///     [#BYTES_MOST] bytes
  public static Secret of(byte[] bytes) {
    if (bytes.length < BYTES_LEAST || bytes.length > BYTES_MOST) {
      throw new IllegalArgumentException(
          ErrorCode.SECRET_FILE.of("a secret has " + bytes.length + " bytes, expected "
              + BYTES_LEAST + " to " + BYTES_MOST + "; make one with: heddle secret"));
    }
    return new Secret(bytes.clone(), true);
  }

  /// A fresh one that nobody else knows: 64 hexadecimal digits, 256 random bits.
  public static Secret generate() {
    return new Secret(random(), true);
  }

  private static byte[] random() {
    var random = new byte[32];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random).getBytes(US_ASCII);
  }

  /// Reads the secret in `file`.
  ///
  /// @throws IOException if it cannot be read, others may read it, or it is too short or too long;
  ///     the message says what to do
  public static Secret load(Path file) throws IOException {
    return load(file, true);
  }

  private static Secret load(Path file, boolean given) throws IOException {
    try {
      checkPrivate(file);
      var size = Files.size(file);
      if (size > BYTES_MOST + 1024) {
        throw new IOException(
            ErrorCode.SECRET_FILE.of("the secret file " + file + " has " + size + " bytes; at most "
                + BYTES_MOST + " are allowed. Is it the right file?"));
      }
      var bytes = strip(Files.readAllBytes(file));
      if (bytes.length < BYTES_LEAST || bytes.length > BYTES_MOST) {
        throw new IOException(
            ErrorCode.SECRET_FILE.of("the secret in " + file + " has " + bytes.length
                + " bytes, expected " + BYTES_LEAST + " to " + BYTES_MOST
                + "; make another with: heddle secret"));
      }
      return new Secret(bytes, given);
    } catch (NoSuchFileException e) {
      throw new IOException(ErrorCode.SECRET_FILE.of(
          "there is no secret file " + file + "; make one with: heddle secret " + file), e);
    } catch (FileSystemException e) {
      throw new IOException(
          ErrorCode.SECRET_FILE.of("cannot read the secret file " + file + ": " + causeOf(e)), e);
    }
  }

  private static String causeOf(FileSystemException e) {
    var reason = e.getReason();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }

  private static void checkPrivate(Path file) throws IOException {
    if (!isPosix(file)) {
      return;
    }
    var permissions = Files.getPosixFilePermissions(file);
    if (permissions.stream().anyMatch(OTHERS::contains)) {
      throw new IOException(
          ErrorCode.SECRET_FILE.of("other users may use the secret file " + file + " (mode "
              + PosixFilePermissions.toString(permissions) + "); run: chmod 600 " + file));
    }
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static byte[] strip(byte[] bytes) {
    var start = 0;
    var end = bytes.length;
    while (start < end && bytes[start] <= ' ' && bytes[start] >= 0) {
      start++;
    }
    while (end > start && bytes[end - 1] <= ' ' && bytes[end - 1] >= 0) {
      end--;
    }
    return java.util.Arrays.copyOfRange(bytes, start, end);
  }

  /// The secret that serves where nobody chose one: that of the file that `HEDDLE_SECRET_FILE`
  /// names, else the user's own in `~/.heddle/secret`, which is made on first use.
  ///
  /// @throws IOException if it can be neither read nor made
  public static Secret user() throws IOException {
    return user(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  static Secret user(Map<String, String> environment, Path home) throws IOException {
    var named = environment.getOrDefault(FILE_VARIABLE, "");
    if (!named.isBlank()) {
      return load(Path.of(named), true);
    }
    var file = home.resolve(".heddle").resolve("secret");
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      try {
        create(file);
      } catch (FileAlreadyExistsException e) {
        // Another process was faster; its secret is the one.
        return load(file, false);
      }
    }
    return load(file, false);
  }

  /// Writes a fresh secret to `file`, which only its owner may read, with its directory where that
  /// is missing. The file appears whole or not at all.
  ///
  /// @throws FileAlreadyExistsException if there is such a file
  public static Secret create(Path file) throws IOException {
    var target = file.toAbsolutePath();
    var directory = target.getParent();
    if (directory == null) {
      throw new IOException(
          ErrorCode.SECRET_FILE.of("a secret cannot be written to " + file + "; name a file"));
    }
    try {
      Files.createDirectories(directory, mode(directory, "rwx------"));
      var bytes = random();
      var draft = Files.createTempFile(directory, ".secret", ".new", mode(directory, "rw-------"));
      try {
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
          var content = ByteBuffer.allocate(bytes.length + 1).put(bytes).put((byte) '\n').flip();
          while (content.hasRemaining()) {
            channel.write(content);
          }
          channel.force(true);
        }
        // A link, not a move: of two who race, the second fails rather than replaces.
        Files.createLink(target, draft);
      } finally {
        Files.delete(draft);
      }
      return new Secret(bytes, true);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (FileSystemException e) {
      throw new IOException(
          ErrorCode.SECRET_FILE.of("cannot write a secret to " + file + ": " + causeOf(e)
              + "; name another file in " + FILE_VARIABLE),
          e);
    }
  }

  private static FileAttribute<?>[] mode(Path path, String permissions) {
    return isPosix(path)
        ? new FileAttribute<?>[]{PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString(permissions))}
        : new FileAttribute<?>[0];
  }

  /// Whether somebody chose it for this cluster, rather than its being the user's own, which every
  /// program of the user takes unasked.
  public boolean isGiven() {
    return given;
  }

  /// What a child process is told on its standard input, to be of the same cluster. Whoever reads it can do
  /// whatever this process can: it belongs into no argument, variable, file or log.
  public String textForChild() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// @param text what [#textForChild()] gave
  public static Secret ofParent(String text) {
    return of(Base64.getDecoder().decode(text));
  }

  /// Loads what proofs need, for which the first connection of a JVM would wait about 50 ms otherwise. To be
  /// called while other things are started.
  public void warmUp() {
    var _ = prove("warm-up", new byte[1]);
  }

  /// The token that whoever asks a node for a page or figures shows.
  public String webToken() {
    return token("heddle web");
  }

  /// What a program that does not speak our protocol shows in its place, such as a browser. Of the
  /// secret it tells nothing, and it opens nothing but what asks for this very purpose.
  ///
  /// @return 64 hexadecimal digits, always the same for one secret and purpose
  public String token(String purpose) {
    return HexFormat.of().formatHex(prove("heddle-token", purpose.getBytes(US_ASCII)));
  }

  /// The proof of knowing this secret, for those who know it too.
  byte[] prove(String label, byte[] transcript) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
      mac.update(label.getBytes(US_ASCII));
      return mac.doFinal(transcript);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new AssertionError("every JDK has HMAC-SHA-256", e);
    }
  }

  /// Never the secret.
  @Override
  public String toString() {
    return "a secret";
  }
}
