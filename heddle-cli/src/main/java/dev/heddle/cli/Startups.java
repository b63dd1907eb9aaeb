package dev.heddle.cli;

import dev.heddle.Client;
import dev.heddle.Heddle;
import dev.heddle.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// How long a program waits for its first result, in a JVM of its own each time: a cluster inside it, and one of
/// worker processes.
record Startups(int workers) implements Bench {
  @Override
  public Measured once() throws Exception {
    var here = start("local");
    var children = start("processes");
    return new Measured(children.resultNanos(), 1, Map.of(
        "localReadySeconds", here.readyNanos() / 1e9,
        "localFirstResultSeconds", here.resultNanos() / 1e9,
        "localWithJvmSeconds", here.wholeNanos() / 1e9,
        "processesReadySeconds", children.readyNanos() / 1e9,
        "processesFirstResultSeconds", children.resultNanos() / 1e9,
        "processesWithJvmSeconds", children.wholeNanos() / 1e9));
  }

  private record Took(long readyNanos, long resultNanos, long wholeNanos) {}

  private Took start(String kind) throws IOException {
    var started = System.nanoTime();
    var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java")
        .toString(), "-cp", System.getProperty("java.class.path"), Program.class.getName(), kind,
        Integer.toString(workers)).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var ender = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(ender);
    try (var lines = process.inputReader()) {
      var line = lines.readLine();
      var wholeNanos = System.nanoTime() - started;
      if (line == null) {
        throw new IOException("the program that starts a cluster (" + kind
            + ") ended without a result; try it: java -cp JAR " + Program.class.getName() + " "
            + kind + " " + workers);
      }
      var words = List.of(line.split(" "));
      Bench.check(Long.parseLong(words.get(2)), 42);
      return new Took(Long.parseLong(words.get(0)), Long.parseLong(words.get(1)), wholeNanos);
    } finally {
      // Its own children end with it: their standard input does.
      process.destroy();
      Hooks.remove(ender);
    }
  }

  /// The program that is started: says how long it took, from its first line on, until the cluster was ready and
  /// until the first result was there.
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      var started = System.nanoTime();
      if (arguments[0].equals("local")) {
        try (var client = Heddle.local()) {
          use(client, started);
        }
      } else {
        try (var cluster = LocalCluster.processes(Integer.parseInt(arguments[1]))) {
          use(cluster.client(), started);
        }
      }
    }

    private static void use(Client client, long started) throws Exception {
      var ready = System.nanoTime() - started;
      var result = client.submit(() -> 6 * 7).get();
      var nanos = System.nanoTime() - started;
      System.out.println(ready + " " + nanos + " " + result);
    }
  }
}
