package dev.heddle.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/// Runs command lines in this JVM, and keeps what they print.
record CommandLines(Map<String, String> environment) {
  record Ended(int status, String out, String err) {}

  Ended run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var status = Main.commandLine(environment).setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true)).execute(arguments);
    return new Ended(status, out.toString(), err.toString());
  }
}
