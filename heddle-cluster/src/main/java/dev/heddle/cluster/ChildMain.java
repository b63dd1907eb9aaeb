package dev.heddle.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// What the main programs of child processes have in common: they are told on standard input what to
/// do, say on standard output where they can be reached, and end when standard input does, so with
/// their parent at the latest.
///
/// A terminal sends Ctrl-C to them too. It is their parent's to end by it, soon or at once, and until then they
/// serve it; so it does nothing to them. SIGTERM, which is meant for one process, ends it.
final class ChildMain {
  static final String READY = "ready ";

  private final BufferedReader in = new BufferedReader(
      new InputStreamReader(System.in, StandardCharsets.UTF_8));

  ChildMain() {
    SystemSignals.handle("INT", () -> {});
  }

  /// @param what for the message when it is missing
  String line(String what) throws IOException {
    var line = in.readLine();
    if (line == null) {
      throw new IOException("standard input ended before the " + what
          + "; this program is started by a local cluster, not by hand (use: heddle worker, heddle"
          + " scheduler)");
    }
    return line;
  }

  /// Says that it can be reached, and waits for the end of standard input. Nothing is closed then: it
  /// all goes with the process, and nobody waits for it.
  ///
  /// @param end removes what would not go with the process
  void serveAt(Object address, Runnable end) throws IOException {
    System.out.println(READY + address);
    System.out.flush();
    while (in.readLine() != null) {
      // Nothing more is said; the end is what counts.
    }
    end.run();
    Runtime.getRuntime().halt(0);
  }

  static void fail(String name, IOException failure) {
    System.err.println(name + ": " + failure.getMessage());
    Runtime.getRuntime().halt(1);
  }
}
