package dev.heddle.cli;

import dev.heddle.examples.CensusException;
import dev.heddle.metadata.MetadataUnavailableException;
import dev.heddle.wire.CallTimeoutException;
import dev.heddle.wire.ConnectionLostException;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.HandshakeException;
import java.net.BindException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// Says what went wrong in one line, and how it ends. `HEDDLE_TRACE=1` shows the stack.
final class Failures implements IExecutionExceptionHandler {
  static final int FAILED = 1;
  static final int UNREACHABLE = 3;
  static final int NOT_THERE = 4;
  static final int INTERRUPTED = 130;

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    var err = command.getErr();
    err.println(command.getColorScheme().errorText("heddle: " + textOf(failure)));
    if (!System.getenv().getOrDefault("HEDDLE_TRACE", "").isBlank() || isDefect(failure)) {
      failure.printStackTrace(err);
    }
    return exitCodeOf(failure);
  }

  /// The message with its code.
  static String textOf(Throwable failure) {
    return codeOf(failure).of(messageOf(failure));
  }

  static String messageOf(Throwable failure) {
    return switch (failure) {
      // The messages of these are bare paths.
      case NoSuchFileException missing -> "no such file or directory: " + missing.getFile();
      case AccessDeniedException denied -> "permission denied: " + denied.getFile();
      case FileSystemException file when file.getReason() == null -> file.toString();
      default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
    };
  }

  /// Of a message that has no code of its own.
  private static ErrorCode codeOf(Throwable failure) {
    return switch (failure) {
      case IllegalArgumentException _ -> ErrorCode.USAGE;
      case FileSystemException _ -> ErrorCode.FILE;
      case CensusException _ -> ErrorCode.FILE;
      case RuntimeException defect when isDefect(defect) -> ErrorCode.DEFECT;
      default -> ErrorCode.SYSTEM;
    };
  }

  static int exitCodeOf(Throwable failure) {
    return switch (failure) {
      case NotThereException _ -> NOT_THERE;
      case BindException _ -> FAILED;
      case MetadataUnavailableException _ -> UNREACHABLE;
      case ConnectionLostException _ -> UNREACHABLE;
      case CallTimeoutException _ -> UNREACHABLE;
      case HandshakeException _ -> UNREACHABLE;
      case SocketException _ -> UNREACHABLE;
      case SocketTimeoutException _ -> UNREACHABLE;
      case UnknownHostException _ -> UNREACHABLE;
      case InterruptedException _ -> INTERRUPTED;
      case IllegalArgumentException _ -> ExitCode.USAGE;
      default -> FAILED;
    };
  }

  /// Whether it is our mistake rather than the user's or the network's.
  private static boolean isDefect(Exception failure) {
    return failure instanceof RuntimeException && !(failure instanceof IllegalArgumentException)
        && failure.getClass().getPackageName().startsWith("java.");
  }
}
