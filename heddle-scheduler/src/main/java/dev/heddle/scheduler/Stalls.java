package dev.heddle.scheduler;

import dev.heddle.wire.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of standstills: in the log, and in a file of the directory for temporary files that only its owner
/// can read.
final class Stalls {
  private static final Logger log = LoggerFactory.getLogger(Stalls.class);
  static final int FILES_MAX = 5;
  static final int FILE_CHARS_MAX = 4 << 20;

  private final Path directory;
  private final AtomicInteger files = new AtomicInteger();

  Stalls(Path directory) {
    this.directory = directory;
  }

  /// @param what could move
  /// @param dump how everything is
  void report(String what, String dump) {
    log.error("nothing has moved for {} s, though it seems that something could: {}. Told once; {}."
        + " 'heddle dump FILE' has the workers' side (" + ErrorCode.STANDSTILL.text() + ")",
        Watching.STALL_NANOS / 1_000_000_000, what,
        written(what, dump));
  }

  private String written(String what, String dump) {
    if (files.getAndIncrement() >= FILES_MAX) {
      return "how everything is was written " + FILES_MAX + " times, and is not written again";
    }
    try {
      var file = Files.createTempFile(directory, "heddle-stall-", ".txt");
      var text = what + "\n\n" + dump;
      Files.writeString(file, text.length() <= FILE_CHARS_MAX
          ? text
          : text.substring(0, FILE_CHARS_MAX) + "\n(cut here)\n");
      return "how everything is, is in " + file;
    } catch (IOException e) {
      return "how everything is cannot be written to a file: " + e;
    }
  }
}
