package dev.heddle.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the programs of this node's user from those of others on the same host, by what Linux says of
/// who opened a connection on loopback.
final class Neighbours {
  private static final Logger log = LoggerFactory.getLogger(Neighbours.class);
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"),
      Path.of("/proc/net/tcp6"));
  private static final Path SELF = Path.of("/proc/self/status");
  private static final int ROOT = 0;
  /// A connection that has ended; it belongs to nobody any more.
  private static final String TIME_WAIT = "06";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final List<Path> tables;
  private final Optional<Integer> self;

  /// @param tables as in `/proc/net/tcp`
  /// @param self the user of this process; empty where that is not to be known
  Neighbours(List<Path> tables, Optional<Integer> self) {
    this.tables = tables;
    this.self = self;
  }

  static Neighbours ofThisHost() {
    return new Neighbours(TABLES, ownUser());
  }

  private static Optional<Integer> ownUser() {
    try {
      for (var line : Files.readAllLines(SELF)) {
        if (line.startsWith("Uid:")) {
          return Optional.of(Integer.valueOf(BLANKS.split(line, -1)[2]));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /// Whether the other end of a connection is of this user, or of the host's administrator, who can do
  /// anything in any case. Where the system does not tell who opened what, everyone is.
  boolean areOurs(InetSocketAddress from, InetSocketAddress to) {
    if (self.isEmpty()) {
      return true;
    }
    var told = false;
    for (var table : tables) {
      try (var lines = Files.lines(table)) {
        told = true;
        var owner = lines.skip(1).map(line -> BLANKS.split(line.strip(), -1))
            .filter(fields -> fields.length > 7 && !fields[3].equals(TIME_WAIT)
                && isOf(fields[1], from) && isOf(fields[2], to))
            .map(fields -> Integer.valueOf(fields[7])).findFirst();
        if (owner.isPresent()) {
          return owner.get() == ROOT || owner.equals(self);
        }
      } catch (IOException | UncheckedIOException | NumberFormatException e) {
        log.debug("{} does not tell whose connections there are: {}", table, e.toString());
      }
    }
    return !told;
  }

  /// Whether a field of a table names this address, as it is or as one of IPv6.
  private static boolean isOf(String field, InetSocketAddress address) {
    return field.endsWith(":" + HEX.toHexDigits((char) address.getPort()))
        && field.substring(0, field.length() - 5).endsWith(hex(address));
  }

  /// In words of four bytes, as the machine orders them.
  private static String hex(InetSocketAddress address) {
    var bytes = address.getAddress().getAddress();
    var words = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    var text = new StringBuilder();
    while (words.hasRemaining()) {
      text.append(HEX.toHexDigits(words.getInt()));
    }
    return text.toString();
  }
}
