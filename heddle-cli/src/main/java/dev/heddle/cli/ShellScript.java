package dev.heddle.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.UnresolvedReferenceException;

/// What comes through a pipe, snippet by snippet: prints the values of expressions, and ends at the first
/// mistake. For one thread.
final class ShellScript {
  private final JShell shell;
  private final SourceCodeAnalysis analysis;
  private final PrintWriter out;
  private final PrintWriter err;
  private boolean hasFailed;

  ShellScript(JShell shell, PrintWriter out, PrintWriter err) {
    this.shell = shell;
    this.analysis = shell.sourceCodeAnalysis();
    this.out = out;
    this.err = err;
  }

  /// Does what is there before the script, which is our own.
  void begin(List<String> snippets) {
    for (var snippet : snippets) {
      for (var event : shell.eval(snippet)) {
        if (event.status() != Snippet.Status.VALID || event.exception() != null) {
          throw new IllegalStateException("the shell cannot be prepared: " + snippet + ": "
              + event);
        }
      }
    }
  }

  /// @return the exit code
  int run(BufferedReader in) throws IOException {
    var rest = "";
    for (var line = in.readLine(); line != null && !hasFailed; line = in.readLine()) {
      if (rest.isBlank() && line.strip().startsWith("/") && !line.strip().startsWith("//")
          && !line.strip().startsWith("/*")) {
        if (line.strip().equals("/exit")) {
          return 0;
        }
        return failed(line.strip() + " is a command of JShell, which serve those who type;"
            + " through a pipe come snippets, and /exit");
      }
      rest = evaluated(rest + line + "\n");
    }
    if (!hasFailed && !rest.isBlank()) {
      evaluate(rest);
    }
    return hasFailed ? Failures.FAILED : 0;
  }

  /// @return what is not complete
  private String evaluated(String source) {
    var rest = source;
    while (!rest.isBlank() && !hasFailed) {
      var found = analysis.analyzeCompletion(rest);
      if (!found.completeness().isComplete()) {
        return rest;
      }
      evaluate(found.source());
      rest = found.remaining();
    }
    return "";
  }

  private void evaluate(String source) {
    for (var event : shell.eval(source)) {
      if (event.causeSnippet() == null) {
        tell(event, source);
      }
    }
  }

  private void tell(SnippetEvent event, String source) {
    if (event.status() == Snippet.Status.REJECTED) {
      failed(source.strip() + "\n  " + String.join("\n  ",
          shell.diagnostics(event.snippet()).filter(Diag::isError)
              .map(diag -> diag.getMessage(Locale.ROOT)).toList()));
    } else if (event.exception() instanceof JShellException thrown) {
      failed(source.strip() + "\n  " + text(thrown));
    } else if (event.value() instanceof String value && !value.isEmpty()) {
      switch (event.snippet().subKind()) {
        case TEMP_VAR_EXPRESSION_SUBKIND, VAR_VALUE_SUBKIND, OTHER_EXPRESSION_SUBKIND -> {
          out.println(value);
          out.flush();
        }
        default -> {
          // Who declares or assigns does not ask for the value.
        }
      }
    }
  }

  private static String text(JShellException thrown) {
    return switch (thrown) {
      case EvalException raised -> raised.getExceptionClassName() + ": " + raised.getMessage()
          + (raised.getCause() instanceof EvalException cause
              ? "\n  caused by " + text(cause)
              : "");
      case UnresolvedReferenceException unresolved -> "something that it uses is not there yet: "
          + unresolved.getSnippet().source();
      default -> thrown.toString();
    };
  }

  private int failed(String what) {
    hasFailed = true;
    err.println("heddle: " + what);
    err.flush();
    return Failures.FAILED;
  }
}
