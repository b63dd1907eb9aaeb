package dev.heddle.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The processes to which a terminal sends Ctrl-C: all those of the group in its foreground.
final class ForegroundGroup {
  private static final Path STAT = Path.of("/proc/self/stat");
  /// Among the words that follow the name of the program (proc_pid_stat(5)).
  private static final int GROUP = 2;
  private static final int FOREGROUND_OF_TERMINAL = 5;

  private ForegroundGroup() {}

  /// Whether this process and those that it started get the Ctrl-C of a terminal.
  static boolean isThisOne() {
    try {
      return isIn(Files.readString(STAT, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      // Not Linux: whoever talks to a terminal is in its foreground, as a rule.
      return System.console() instanceof Console console && console.isTerminal();
    }
  }

  /// @param stat what Linux says of a process
  static boolean isIn(String stat) {
    // The name is in parentheses, and may have blanks and parentheses in it.
    var words = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    return words.length > FOREGROUND_OF_TERMINAL
        && words[GROUP].equals(words[FOREGROUND_OF_TERMINAL]);
  }
}
