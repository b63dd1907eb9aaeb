package dev.heddle.cluster;

import dev.heddle.process.Kind;
import dev.heddle.process.ProcessScope;
import dev.heddle.wire.Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A scheduler or a worker in a child process.
public final class ChildNode {
  private static final int LINES_MAX = 50;
  private static final long WORDS_MILLIS = 500;
  private static final String LOGGING = "-Dlogback.configurationFile=dev/heddle/cluster/worker-logback.xml";

  private static final long LARGE_HEAP_BYTES = 1L << 30;

  private final String name;
  private final Process process;
  private final long oomKillsBefore = OomKills.count();
  /// Both streams.
  private final CountDownLatch read = new CountDownLatch(2);
  private final CompletableFuture<Address> ready = new CompletableFuture<>();
  private final ArrayDeque<String> lastLines = new ArrayDeque<>();

  private ChildNode(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /// Starts it, without waiting for it to be ready.
  ///
  /// @param main the program; it reads `lines`, then ends when its standard input does
  static ChildNode start(String name, Class<?> main, List<String> lines, ChildOptions options,
      ProcessScope scope) throws IOException {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    if (options.heapBytesMax() > 0) {
      command.add("-Xmx" + options.heapBytesMax());
    }
    collector(main, options).ifPresent(command::add);
    command.addAll(List.of("-Xshare:auto", LOGGING));
    command.addAll(options.javaOptions());
    command.addAll(List.of("-cp", HeddleClassPath.ofNodes(), main.getName()));
    var process = new ProcessBuilder(command).start();
    var child = new ChildNode(name, process);
    // Its standard input stays open: its end is what ends the child.
    var out = process.getOutputStream();
    out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    scope.start(name + "/output", Kind.VIRTUAL, () -> child.read(process.inputReader(), true));
    scope.start(name + "/errors", Kind.VIRTUAL, () -> child.read(new BufferedReader(
        new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8)), false));
    return child;
  }

  /// G1 uses memory again that large arrays have left as soon as they are garbage. The serial collector
  /// grows the heap first, into memory that nobody has touched, which costs more than all the rest of
  /// a transfer; but it is at home in small heaps.
  ///
  /// @return empty if the options choose one
  private static Optional<String> collector(Class<?> main, ChildOptions options) {
    if (options.javaOptions().stream().anyMatch(option -> option.matches("-XX:[+-]Use\\w+GC"))) {
      return Optional.empty();
    }
    var hasRoom = options.heapBytesMax() == 0 || options.heapBytesMax() >= LARGE_HEAP_BYTES;
    return Optional.of(
        main.equals(WorkerMain.class) && hasRoom ? "-XX:+UseG1GC" : "-XX:+UseSerialGC");
  }

  private void read(BufferedReader lines, boolean isOutput) {
    try (lines) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (isOutput && line.startsWith(ChildMain.READY)) {
          ready.complete(Address.parse(line.substring(ChildMain.READY.length())));
        } else {
          remember(line);
        }
      }
    } catch (IOException e) {
      remember("(its output cannot be read: " + e.getMessage() + ")");
    } finally {
      read.countDown();
    }
  }

  private synchronized void remember(String line) {
    if (lastLines.size() == LINES_MAX) {
      lastLines.removeFirst();
    }
    lastLines.add(line);
  }

  /// What it printed last, at most 50 lines.
  public synchronized List<String> lastLines() {
    return List.copyOf(lastLines);
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// Waits until it takes requests.
  ///
  /// @throws IOException if it ends before that, or is not ready in time; with its last words
  Address awaitReady(Duration timeout) throws IOException, InterruptedException {
    var exit = process.onExit().thenApply(_ -> Optional.<Address>empty());
    try {
      var first = CompletableFuture.anyOf(ready.thenApply(Optional::of), exit)
          .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (first instanceof Optional<?> address && address.isEmpty()) {
        throw new IOException("the process did not start: " + death().orElse("it ended"));
      }
      return ready.join();
    } catch (TimeoutException e) {
      throw new IOException("the process " + name + " (pid " + pid()
          + ") was not ready within " + timeout.toSeconds() + " s" + words(), e);
    } catch (ExecutionException e) {
      throw new IOException("the process " + name + " did not start: " + e.getCause(), e);
    }
  }

  /// How it ended, with its last words, if it has.
  public Optional<String> death() {
    if (process.isAlive()) {
      return Optional.empty();
    }
    var now = OomKills.count();
    var exit = new Exit(process.exitValue(), lastLines(),
        oomKillsBefore < 0 || now < 0 ? -1 : now - oomKillsBefore);
    return Optional.of(this + " " + exit.text() + words());
  }

  /// Like [#death], but gives the process some time to end, since a lost connection is noticed before.
  public Optional<String> deathWithin(Duration time) throws InterruptedException {
    if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
      return Optional.empty();
    }
    awaitLastWords();
    return death();
  }

  private String words() {
    var lines = lastLines();
    return lines.isEmpty() ? "" : "; its last words:\n  " + String.join("\n  ", lines);
  }

  /// Closes its standard input, which ends it, and does not wait for that.
  void end() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      remember("(" + e.getMessage() + ")"); // It is gone already.
    }
  }

  /// Ends it, by force if it takes longer than `grace`.
  void stop(Duration grace) throws InterruptedException {
    end();
    if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  /// Ends it by force (SIGKILL), and does not wait for that.
  public void kill() {
    process.destroyForcibly();
  }

  /// Waits until it has ended, however, and what it printed was read.
  void awaitEnd() throws InterruptedException {
    process.waitFor();
    awaitLastWords();
  }

  /// Not for long: a child of its own may keep its streams open.
  private void awaitLastWords() throws InterruptedException {
    var _ = read.await(WORDS_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public String toString() {
    return name + " (pid " + pid() + ")";
  }
}
