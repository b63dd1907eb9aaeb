package dev.heddle.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How many processes the kernel has killed for lack of memory in the control group of this process, which
/// its children are in.
final class OomKills {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private OomKills() {}

  /// @return -1 if it cannot be known
  static long count() {
    try {
      for (var line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
        if (line.startsWith("0::/")) {
          var events = ROOT.resolve(line.substring(4)).resolve("memory.events");
          return count(Files.exists(events) ? events : ROOT.resolve("memory.events"));
        }
      }
    } catch (IOException | RuntimeException e) {
      return -1; // Another system, another kernel, or not for us to read.
    }
    return -1;
  }

  static long count(Path events) throws IOException {
    for (var line : Files.readAllLines(events)) {
      if (line.startsWith("oom_kill ")) {
        return Long.parseLong(line.substring(9).strip());
      }
    }
    return -1;
  }
}
