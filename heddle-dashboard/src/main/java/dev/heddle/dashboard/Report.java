package dev.heddle.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.wire.Address;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/// What a cluster did, in one HTML file that asks nobody for anything: the views of the page on what was there when
/// the file was written, and what a stranger wants to know first.
public final class Report {
  /// @param runs how many runs of functions are in it
  /// @param silent workers that did not answer, and why
  public record Written(long sizeBytes, long runs, Map<String, String> silent) {
    public Written {
      silent = Map.copyOf(silent);
    }
  }

  private Report() {}

  /// Asks the cluster and writes the file, whole or not at all.
  ///
  /// @param file must not be there yet; its directory must
  /// @throws IOException if it cannot be written, or the scheduler does not answer; the message says which, and
  ///     what to do
  public static Written write(Address scheduler, Secret secret, Path file)
      throws IOException, InterruptedException {
    var draft = draftOf(file);
    try (var cluster = new Cluster("report", scheduler, secret)) {
      var findings = Findings.of(cluster);
      var page = new ReportPage(findings).html().getBytes(UTF_8);
      try {
        Files.write(draft, page);
        Files.move(draft, file);
      } catch (IOException e) {
        throw unwritable(file, e);
      }
      return new Written(page.length, findings.runs().count(), findings.silent());
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /// An empty file beside the one that is to be: so it is known before anybody is asked whether one can be made.
  private static Path draftOf(Path file) throws IOException {
    try {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(file.toString());
      }
      var directory = file.toAbsolutePath().getParent();
      if (directory == null || !Files.isDirectory(directory)) {
        throw new FileSystemException(file.toString(), null, directory == null
            ? "it is no file"
            : Files.exists(directory)
                ? directory + " is no directory"
                : "there is no directory " + directory);
      }
      return Files.createFile(directory.resolve(".heddle-report-" + UUID.randomUUID()));
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static IOException unwritable(Path file, IOException cause) {
    var why = switch (cause) {
      case FileAlreadyExistsException _ -> "it is there already; remove it, or name another";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> cause.toString();
    };
    return new IOException(
        ErrorCode.FILE.of("cannot write the report to " + file + ": " + why), cause);
  }
}
