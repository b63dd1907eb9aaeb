package dev.heddle.cli;

import dev.heddle.metadata.MetadataUnavailableException;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// Says what went wrong in one line, and how it ends. `HEDDLE_TRACE=1` shows the stack.
final class Failures implements IExecutionExceptionHandler {
  static final int FAILED = 1;
  static final int UNREACHABLE = 3;
  static final int NOT_THERE = 4;

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    var err = command.getErr();
    var message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    err.println(command.getColorScheme().errorText("heddle: " + message));
    if (!System.getenv().getOrDefault("HEDDLE_TRACE", "").isBlank() || isDefect(failure)) {
      failure.printStackTrace(err);
    }
    return exitCodeOf(failure);
  }

  private static int exitCodeOf(Exception failure) {
    return switch (failure) {
      case NotThereException _ -> NOT_THERE;
      case MetadataUnavailableException _ -> UNREACHABLE;
      case IOException _ -> UNREACHABLE;
      case InterruptedException _ -> 130;
      default -> FAILED;
    };
  }

  /// Whether it is our mistake rather than the user's or the network's.
  private static boolean isDefect(Exception failure) {
    return failure instanceof RuntimeException && !(failure instanceof IllegalArgumentException)
        && failure.getClass().getPackageName().startsWith("java.");
  }

}
