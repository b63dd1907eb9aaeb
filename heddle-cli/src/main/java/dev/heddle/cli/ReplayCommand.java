package dev.heddle.cli;

import dev.heddle.wire.Address;
import dev.heddle.wire.Key;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "replay", mixinStandardHelpOptions = true, description = {
    "Call a task's function once more, in a JVM of its own here, with the inputs that it had; those that"
        + " were released are computed again. Prints what it gives, or what it throws.",
    "The task has to be done, or to have failed, and somebody has to hold a future of it."})
final class ReplayCommand implements Callable<Integer> {
  private static final String PORT = "5005";

  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "KEY", description = "the task's key")
  private String key;
  @Option(names = "--jar", paramLabel = "JAR", description = "the program: a jar, or a directory of classes; without one, classes come from the cluster. May be"
      + " given several times")
  private List<Path> jars = List.of();
  @Option(names = "--debug", descriptionKey = ConfiguredDefaults.OF_ONE_CALL, paramLabel = "PORT", arity = "0..1", fallbackValue = PORT, description = "wait for a debugger on this port of the loopback interface (without a port: "
      + PORT + ")")
  private Optional<Integer> debug = Optional.empty();
  @Option(names = {"-a",
      "--address"}, paramLabel = "ADDRESS", defaultValue = "heddle://localhost:8786", description = "the scheduler: heddle://host:port (default: ${DEFAULT-VALUE})")
  private String address;
  @Option(names = {"-J",
      "--java-option"}, paramLabel = "OPTION", description = "for the function's JVM, such as -J-Xmx2g; may be given several times")
  private List<String> javaOptions = List.of();
  @Option(names = "--secret-file", paramLabel = "FILE", description = "the cluster's secret (default: ~/.heddle/secret)")
  private Optional<Path> secretFile = Optional.empty();

  @Override
  public Integer call() throws Exception {
    var where = Address.parse(address);
    var task = Key.of(key);
    RunCommand.checkThere(jars);
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(javaOptions);
    if (debug.isPresent()) {
      var port = debug.get();
      checkFree(port);
      command.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,quiet=y,address=127.0.0.1:"
          + port);
      spec.commandLine().getErr().println("heddle: '" + task + "' begins when a debugger attaches"
          + " to 127.0.0.1:" + port + "; in an IDE: Remote JVM Debug; or: jdb -attach 127.0.0.1:"
          + port);
      spec.commandLine().getErr().flush();
    }
    var classPath = new ArrayList<>(jars.stream().map(Path::toString).toList());
    classPath.add(System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath),
        ReplayedTask.class.getName(), task.text()));
    var builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("HEDDLE_ADDRESS", where.toString());
    secretFile.ifPresent(file -> builder.environment().put("HEDDLE_SECRET_FILE",
        file.toAbsolutePath().toString()));
    return RunCommand.runs(builder);
  }

  private static void checkFree(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      // It is.
    } catch (java.io.IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException("no debugger can attach at port " + port + " of the"
          + " loopback interface: " + e.getMessage() + "; give another, --debug 5006", e);
    }
  }
}
