package dev.heddle.cli;

import dev.heddle.Terminal;
import java.io.PrintWriter;

/// A line that changes in place in a terminal; elsewhere, a line each time that it says something
/// new, at most one a second.
final class Countdown {
  private final PrintWriter err;
  private final boolean terminal = Terminal.of(Terminal.Stream.ERR).interactive();
  private String last = "";
  private long lastNanos;

  Countdown(PrintWriter err) {
    this.err = err;
  }

  void say(String line) {
    var now = System.nanoTime();
    if (line.equals(last) || (!terminal && !last.isEmpty() && now - lastNanos < 1_000_000_000)) {
      return;
    }
    err.print(terminal ? "\r\033[K" + line : line + System.lineSeparator());
    err.flush();
    last = line;
    lastNanos = now;
  }

  void end() {
    if (terminal && !last.isEmpty()) {
      err.println();
      err.flush();
    }
  }
}
