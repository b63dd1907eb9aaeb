package dev.heddle.tests;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/// A JVM of its own, which is waited for by what it prints. Whatever goes wrong, its output is told.
final class JvmProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<String> command;
  private final Process process;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition printed = lock.newCondition();
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;
  private boolean ended;

  private JvmProcess(List<String> command, Process process) {
    this.command = command;
    this.process = process;
    reader = Thread.ofVirtual().name("output of " + process.pid()).start(this::read);
  }

  /// What `heddle classpath` and more is made of: all of this JVM's class path but the tests.
  static String classPathOfHeddle() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(path -> !path.endsWith("test-classes") && !path.contains("surefire"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /// Runs `heddle …`.
  ///
  /// @param environment in addition to `PATH`
  static JvmProcess heddle(Map<String, String> environment, String... arguments)
      throws IOException {
    return start(environment, List.of("-Xmx96m"), classPathOfHeddle(), "dev.heddle.cli.Main",
        arguments);
  }

  /// Like [#heddle], but at the head of a process group of its own, as a shell starts what it runs: see
  /// [#signalGroup].
  static JvmProcess heddleInGroup(Map<String, String> environment, String... arguments)
      throws IOException {
    return start(List.of("setsid"), environment, List.of("-Xmx96m"), classPathOfHeddle(),
        "dev.heddle.cli.Main", arguments);
  }

  static JvmProcess start(Map<String, String> environment, List<String> options, String classPath,
      String main, String... arguments) throws IOException {
    return start(List.of(), environment, options, classPath, main, arguments);
  }

  /// @param prefix a command that becomes the one that is its arguments
  static JvmProcess start(List<String> prefix, Map<String, String> environment,
      List<String> options, String classPath, String main, String... arguments)
      throws IOException {
    var command = new ArrayList<>(prefix);
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(List.of(arguments));
    return start(environment, command);
  }

  /// Runs `heddle …` at a terminal of its own, to which [#type] types.
  static JvmProcess heddleAtTerminal(Map<String, String> environment, String... arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-cp",
        classPathOfHeddle(), "dev.heddle.cli.Main"));
    command.addAll(List.of(arguments));
    var quoted = command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    return start(environment, List.of("script", "-qefc", "stty cols 120 rows 40; exec " + quoted,
        "/dev/null"));
  }

  private static JvmProcess start(Map<String, String> environment, List<String> command)
      throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    var all = new LinkedHashMap<>(environment);
    all.putIfAbsent("PATH", System.getenv().getOrDefault("PATH", ""));
    builder.environment().clear();
    builder.environment().putAll(all);
    return new JvmProcess(command, builder.start());
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      for (var line = output.readLine(); line != null; line = output.readLine()) {
        add(line, false);
      }
      add("(end of output)", true);
    } catch (IOException e) {
      add("(its output cannot be read: " + e + ")", true);
    }
  }

  private void add(String line, boolean last) {
    lock.lock();
    try {
      lines.add(line);
      ended |= last;
      printed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Writes to its standard input.
  void type(String text) throws IOException {
    process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /// Nothing more is written to its standard input.
  void endInput() throws IOException {
    process.getOutputStream().close();
  }

  /// Waits until it has printed a line with `text` in it.
  ///
  /// @return the first such line
  String awaitLine(String text) throws InterruptedException {
    var left = PATIENCE.toNanos();
    lock.lock();
    try {
      while (true) {
        for (var line : lines) {
          if (line.contains(text)) {
            return line;
          }
        }
        if (ended || left <= 0) {
          throw new AssertionError((ended
              ? "it ended"
              : "within " + PATIENCE.toSeconds()
                  + " s it did")
              + " without printing '" + text + "':\n" + this);
        }
        left = printed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /// The part of the line with `text` in it that follows `text`, up to a blank or comma.
  String awaitWordAfter(String text) throws InterruptedException {
    var line = awaitLine(text);
    return line.substring(line.indexOf(text) + text.length()).split("[ ,]", 2)[0];
  }

  /// Waits until it has ended, and all its output is here.
  ///
  /// @return its exit code
  int awaitExit() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toNanos(), NANOSECONDS)) {
      throw new AssertionError("it did not end within " + PATIENCE.toSeconds() + " s:\n" + this);
    }
    assertThat(reader.join(PATIENCE)).as("its output ended").isTrue();
    return process.exitValue();
  }

  /// Sends a signal: `TERM`, `STOP`.
  void signal(String name) throws IOException, InterruptedException {
    signal(process.pid(), name);
  }

  /// Sends a signal to it and all that it started, as a terminal sends Ctrl-C.
  void signalGroup(String name) throws IOException, InterruptedException {
    signal(-process.pid(), name);
  }

  static void signal(long pid, String name) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + name, "--", Long.toString(pid)).inheritIO().start();
    assertThat(kill.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).as("kill -%s %s", name, pid).isZero();
  }

  long pid() {
    return process.pid();
  }

  /// Those that it started, and those that they did.
  List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String output() {
    lock.lock();
    try {
      return String.join("\n", lines);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "process " + process.pid() + " ("
        + command.stream().filter(word -> word.length() < 200).collect(Collectors.joining(" "))
        + ") " + (process.isAlive() ? "runs" : "ended with " + process.exitValue())
        + " and printed:\n" + output().indent(4);
  }
}
