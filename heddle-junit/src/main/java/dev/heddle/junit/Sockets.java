package dev.heddle.junit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The TCP sockets that this process has open, as Linux tells them in `/proc`. None on other systems.
final class Sockets {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final String PREFIX = "socket:[";
  private static final Map<String, String> STATES = Map.of("01", "connected", "08",
      "the other side has closed it", "0A", "listening");

  private Sockets() {}

  /// In words, by their numbers.
  static Map<String, String> open() {
    var open = new LinkedHashMap<String, String>();
    if (Files.isDirectory(DESCRIPTORS)) {
      var ours = inodes();
      for (var table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
        tell(Path.of(table), ours, open);
      }
    }
    return open;
  }

  private static Set<String> inodes() {
    var inodes = new HashSet<String>();
    try (var descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      for (var descriptor : descriptors) {
        var target = target(descriptor);
        if (target.startsWith(PREFIX)) {
          inodes.add(target.substring(PREFIX.length(), target.length() - 1));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return Set.of(); // Not for us to read, so nothing is known.
    }
    return inodes;
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // It was closed meanwhile.
    }
  }

  private static void tell(Path table, Set<String> ours, Map<String, String> open) {
    try {
      for (var line : Files.readAllLines(table)) {
        var fields = line.strip().split("\\s+", -1);
        if (fields.length > 9 && ours.contains(fields[9]) && STATES.containsKey(fields[3])) {
          open.put(fields[9], fields[3].equals("0A")
              ? address(fields[1]) + " (listening)"
              : address(fields[1]) + " → " + address(fields[2]) + " ("
                  + STATES.getOrDefault(fields[3], fields[3]) + ")");
        }
      }
    } catch (IOException e) {
      return; // This kernel has no such table.
    }
  }

  /// @param text as in `0100007F:1F90`: words of four bytes, each in the order of this machine
  private static String address(String text) {
    var parts = text.split(":", -1);
    var bytes = HexFormat.of().parseHex(parts[0]);
    for (var at = 0; at + 3 < bytes.length; at += 4) {
      swap(bytes, at, at + 3);
      swap(bytes, at + 1, at + 2);
    }
    try {
      return InetAddress.getByAddress(bytes).getHostAddress() + ":"
          + Integer.parseInt(parts[1], 16);
    } catch (UnknownHostException e) {
      return text;
    }
  }

  private static void swap(byte[] bytes, int a, int b) {
    var before = bytes[a];
    bytes[a] = bytes[b];
    bytes[b] = before;
  }
}
