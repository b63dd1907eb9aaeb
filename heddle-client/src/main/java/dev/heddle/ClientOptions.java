package dev.heddle;

import dev.heddle.code.RemoteFunction;
import dev.heddle.wire.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// How a client behaves. Each method gives a new object:
/// `ClientOptions.DEFAULT.name("report").patience(Duration.ofMinutes(5))`.
///
/// @param name for people: how the cluster lists this client; by default the process id
/// @param secret the cluster's, where it was handed over in the program
/// @param secretFile where the cluster's secret is, if not in the file that `HEDDLE_SECRET_FILE`
///     names, nor in `~/.heddle/secret`
/// @param patience for how long a lost connection is tried again before every unfinished future
///     fails
/// @param recordFailures whether the inputs of tasks that fail are kept on the workers, so that
///     [Client#replay] needs to compute none of them again: of the 32 that failed last, up to 1 GiB in all,
///     until they are replayed, or this client is closed
/// @param functions what travels in the place of each function that is submitted: for shells, whose functions
///     use what is not in them
public record ClientOptions(Optional<String> name, Optional<Secret> secret,
    Optional<Path> secretFile, Duration patience, boolean recordFailures,
    UnaryOperator<RemoteFunction> functions) {
  /// The user's own secret, 60 s of patience.
  public static final ClientOptions DEFAULT = new ClientOptions(Optional.empty(),
      Optional.empty(), Optional.empty(), Duration.ofSeconds(60), false, UnaryOperator.identity());

  public ClientOptions {
    if (patience.isNegative()) {
      throw new IllegalArgumentException("a patience of " + patience + "; give 0 s or more");
    }
  }

  public ClientOptions name(String text) {
    return new ClientOptions(Optional.of(text), secret, secretFile, patience, recordFailures,
        functions);
  }

  public ClientOptions secret(Secret known) {
    return new ClientOptions(name, Optional.of(known), secretFile, patience, recordFailures,
        functions);
  }

  public ClientOptions secretFile(Path file) {
    return new ClientOptions(name, secret, Optional.of(file), patience, recordFailures,
        functions);
  }

  public ClientOptions patience(Duration time) {
    return new ClientOptions(name, secret, secretFile, time, recordFailures, functions);
  }

  public ClientOptions recordFailures(boolean wanted) {
    return new ClientOptions(name, secret, secretFile, patience, wanted, functions);
  }

  public ClientOptions functions(UnaryOperator<RemoteFunction> replacing) {
    return new ClientOptions(name, secret, secretFile, patience, recordFailures, replacing);
  }
}
