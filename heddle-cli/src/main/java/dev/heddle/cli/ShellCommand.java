package dev.heddle.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.heddle.Client;
import dev.heddle.ClientOptions;
import dev.heddle.Heddle;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.HeddleClassPath;
import dev.heddle.cluster.LocalCluster;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import jdk.jshell.JShell;
import jdk.jshell.tool.JavaShellToolBuilder;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "shell", mixinStandardHelpOptions = true, description = {
    "JShell with a client in hand: a lambda, class or record that is typed runs on the workers.",
    "Ctrl-C stops what runs, Ctrl-D ends the shell. What comes through a pipe is done up to the first"
        + " mistake."})
final class ShellCommand implements Callable<Integer> {
  private static final List<String> STARTUP = List.of("import dev.heddle.*;",
      "import dev.heddle.code.RemoteFunction;", "import java.io.*;", "import java.math.*;",
      "import java.nio.file.*;", "import java.time.*;", "import java.util.*;",
      "import java.util.concurrent.*;", "import java.util.function.*;",
      "import java.util.stream.*;",
      "Client client = " + ShellSession.class.getName() + ".client();");

  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("dev.heddle");

  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "ADDRESS", arity = "0..1", descriptionKey = "address", description = "the scheduler: heddle://host:port (default: a cluster in this JVM)")
  private Optional<String> address = Optional.empty();
  @Option(names = {"-c",
      "--class-path"}, paramLabel = "PATH", description = "jars and directories of classes to use in the shell; they travel too")
  private Optional<String> classPath = Optional.empty();
  @Option(names = {"-t",
      "--threads"}, paramLabel = "N", description = "how many functions a cluster in this JVM runs at once (default: the cores)")
  private Optional<Integer> threads = Optional.empty();
  @Mixin
  private Cluster cluster;

  @Override
  public Integer call() throws Exception {
    if (ModuleLayer.boot().findModule("jdk.jshell").isEmpty()) {
      throw new IllegalArgumentException("this Java has no JShell (the module jdk.jshell); run"
          + " heddle shell with a JDK");
    }
    classPath.ifPresent(ShellCommand::checkThere);
    var session = ShellSession.begun();
    var options = ClientOptions.DEFAULT.name("shell-" + ProcessHandle.current().pid())
        .functions(session::carrying);
    if (address.isPresent()) {
      try (var client = Heddle.connect(address.get(), options.secret(cluster.secret()))) {
        return shell(session, client);
      }
    }
    var count = threads.orElseGet(() -> Runtime.getRuntime().availableProcessors());
    try (var here = LocalCluster.start(ClusterOptions.DEFAULT.withThreads(count));
        var client = here.connect(options)) {
      // It says nothing new when it ends with the shell.
      LOGGER.setLevel(Level.WARN);
      say("this is a cluster of its own, inside this JVM; heddle shell ADDRESS connects to another");
      return shell(session, client);
    }
  }

  private static void checkThere(String path) {
    for (var part : path.split(File.pathSeparator, -1)) {
      if (!Files.exists(Path.of(part))) {
        throw new IllegalArgumentException("there is no " + part
            + ", which --class-path names");
      }
    }
  }

  private int shell(ShellSession session, Client client) throws Exception {
    session.connected(client);
    var workers = client.workers();
    var slots = workers.stream().mapToInt(worker -> worker.threads()).sum();
    say("client is connected to " + client.address() + ": " + count(workers.size(), "worker")
        + ", " + count(slots, "thread"));
    if (!isTyped()) {
      return piped();
    }
    say("a lambda runs there: client.submit(() -> 20 + 1).get()   Ctrl-D ends");
    return typed();
  }

  private int typed() throws Exception {
    var startup = Files.createTempFile("heddle-shell", ".jsh");
    try {
      Files.write(startup, STARTUP);
      return JavaShellToolBuilder.builder().persistence(new HashMap<>()).interactiveTerminal(true)
          .start("--execution", ShellEngine.NAME, "--startup", startup.toString(), "--class-path",
              allPaths());
    } finally {
      Files.deleteIfExists(startup);
    }
  }

  private int piped() throws IOException {
    try (var shell = JShell.builder().executionEngine(new ShellEngine(), Map.of())
        .out(System.out).err(System.err).build()) {
      shell.addToClasspath(allPaths());
      var script = new ShellScript(shell, spec.commandLine().getOut(),
          spec.commandLine().getErr());
      script.begin(STARTUP);
      return script.run(new BufferedReader(new InputStreamReader(System.in, UTF_8)));
    }
  }

  private String allPaths() throws IOException {
    var paths = new ArrayList<String>();
    paths.add(HeddleClassPath.ofPrograms());
    paths.add(pathOfThis());
    classPath.ifPresent(paths::add);
    return String.join(File.pathSeparator, paths);
  }

  private static String pathOfThis() throws IOException {
    try {
      return Path.of(ShellCommand.class.getProtectionDomain().getCodeSource().getLocation()
          .toURI()).toString();
    } catch (java.net.URISyntaxException e) {
      throw new IOException("the place of " + ShellCommand.class + " is no file", e);
    }
  }

  /// Whether a person types at a terminal, rather than a pipe.
  // Java 25 does return null where neither input nor output is a terminal.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTyped() {
    var console = System.console();
    return console != null && console.isTerminal();
  }

  private void say(String line) {
    var err = spec.commandLine().getErr();
    err.println("heddle: " + line);
    err.flush();
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
