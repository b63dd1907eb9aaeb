package dev.heddle.cli;

import dev.heddle.web.WebServer;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "secret", mixinStandardHelpOptions = true, description = {
    "Make the secret of a cluster, in a file that only you can read.",
    "Copy it to each machine of the cluster, and name it there in HEDDLE_SECRET_FILE."})
final class SecretCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "FILE", arity = "0..1", description = "where (default: ~/.heddle/secret)")
  private Optional<Path> file = Optional.empty();

  @Option(names = "--token", descriptionKey = ConfiguredDefaults.OF_ONE_CALL, description = "make none, but print what a secret gives to scrapers and browsers of other hosts,"
      + " or of other users, to let them see, and change nothing; of the secret in FILE (default: HEDDLE_SECRET_FILE, ~/.heddle/secret)")
  private boolean token;

  @Override
  public Integer call() throws Exception {
    if (token) {
      var secret = file.isPresent() ? Secret.load(file.get()) : Secret.user();
      spec.commandLine().getOut().println(WebServer.tokenOf(secret));
      return 0;
    }
    var path = file.orElse(Path.of(System.getProperty("user.home"), ".heddle", "secret"))
        .toAbsolutePath();
    try {
      Secret.create(path);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(ErrorCode.SECRET_FILE.of("there is a secret already: " + path
          + "; nodes that use it could not talk to nodes with another. To replace it, delete it"
          + " first"), e);
    }
    spec.commandLine().getOut().println(path);
    return 0;
  }
}
