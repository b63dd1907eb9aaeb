package dev.heddle.cli;

import dev.heddle.cluster.HeddleClassPath;
import dev.heddle.wire.Address;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "run", mixinStandardHelpOptions = true, description = {
    "Run a program in a JVM of its own, with Heddle on its class path and the cluster's address in"
        + " HEDDLE_ADDRESS, where Heddle.connect() finds it."})
final class RunCommand implements Callable<Integer> {
  @Option(names = "--jar", paramLabel = "JAR", required = true, description = "the program: a jar, or a directory of classes; its manifest's Class-Path counts. May be"
      + " given several times")
  private List<Path> jars = List.of();
  @Option(names = {"-a",
      "--address"}, paramLabel = "ADDRESS", defaultValue = "heddle://localhost:8786", description = "the scheduler: heddle://host:port (default: ${DEFAULT-VALUE})")
  private String address;
  @Option(names = {"-J",
      "--java-option"}, paramLabel = "OPTION", description = "for the program's JVM, such as -J-Xmx2g; may be given several times")
  private List<String> javaOptions = List.of();
  @Option(names = "--secret-file", paramLabel = "FILE", description = "the cluster's secret (default: ~/.heddle/secret)")
  private Optional<Path> secretFile = Optional.empty();
  @Parameters(paramLabel = "MAIN", arity = "0..*", description = "the main class, then the program's arguments. Without one, the main class of the jar's"
      + " manifest runs; to give that one arguments, put -- before them")
  private List<String> arguments = List.of();

  @Override
  public Integer call() throws Exception {
    var where = Address.parse(address);
    checkThere(jars);
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // A program that has no logging of its own need not be told so.
    command.add("-Dslf4j.internal.verbosity=ERROR");
    command.addAll(javaOptions);
    command.addAll(List.of("-cp", String.join(File.pathSeparator,
        jars.stream().map(Path::toString).toList()) + File.pathSeparator
        + HeddleClassPath.ofPrograms()));
    var rest = arguments;
    if (rest.isEmpty() || rest.getFirst().equals("--")) {
      command.add(mainClassOf(jars.getFirst()));
      rest = rest.isEmpty() ? rest : rest.subList(1, rest.size());
    }
    command.addAll(rest);
    var builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("HEDDLE_ADDRESS", where.toString());
    secretFile.ifPresent(file -> builder.environment().put("HEDDLE_SECRET_FILE",
        file.toAbsolutePath().toString()));
    return runs(builder);
  }

  /// Runs it until it ends, or this process does, by whatever.
  ///
  /// @return with what it did
  static int runs(ProcessBuilder program) throws IOException, InterruptedException {
    var signals = Signals.taken();
    endWithThis(program);
    var process = program.start();
    signals.beforeHalt(process::destroyForcibly);
    while (!signals.await(50)) {
      if (!process.isAlive()) {
        return process.exitValue();
      }
    }
    if (signals.exitCode() != Signals.INTERRUPTED) {
      process.destroy();
    } else if (!ForegroundGroup.isThisOne()) {
      interrupt(process);
    } // Otherwise it was the terminal, which has sent Ctrl-C to the program too.
    return process.waitFor();
  }

  /// Makes the system send SIGTERM to the program when this process was killed, where the command `setpriv` can.
  private static void endWithThis(ProcessBuilder program) throws InterruptedException {
    var setting = List.of("setpriv", "--pdeathsig", "TERM");
    try {
      var trial = new ArrayList<>(setting);
      trial.add("true");
      if (new ProcessBuilder(trial).redirectErrorStream(true).start().waitFor() == 0) {
        program.command().addAll(0, setting);
      }
    } catch (IOException _) {
      // There is no such command.
    }
  }

  /// Hands SIGINT on. By the command `kill`, as Java sends SIGTERM only.
  private static void interrupt(Process process) throws InterruptedException {
    try {
      if (new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
          .redirectErrorStream(true).start().waitFor() == 0) {
        return;
      }
    } catch (IOException _) {
      // There is no such command.
    }
    process.destroy();
  }

  static void checkThere(List<Path> jars) throws NoSuchFileException {
    for (var jar : jars) {
      if (!Files.exists(jar)) {
        throw new NoSuchFileException(jar.toString());
      }
    }
  }

  private static String mainClassOf(Path jar) throws Exception {
    if (Files.isRegularFile(jar)) {
      try (var file = new JarFile(jar.toFile())) {
        var manifest = file.getManifest();
        if (manifest != null && manifest.getMainAttributes()
            .getValue(Attributes.Name.MAIN_CLASS) instanceof String main) {
          return main;
        }
      }
    }
    throw new IllegalArgumentException(jar + " names no main class; give it: heddle run --jar "
        + jar + " org.example.Main");
  }
}
