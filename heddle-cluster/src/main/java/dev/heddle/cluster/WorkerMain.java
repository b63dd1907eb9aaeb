package dev.heddle.cluster;

import dev.heddle.metadata.RemoteMetadataStore;
import dev.heddle.wire.Address;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Secret;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// The main program of a child process: a worker that ends when its standard input does, so with its
/// parent at the latest.
///
/// Reads four lines: its name, its threads, the metadata store's address, and the cluster's secret
/// in base64. Prints `ready ADDRESS` when it takes requests.
public final class WorkerMain {
  static final String READY = "ready ";

  private WorkerMain() {}

  public static void main(String[] arguments) throws Exception {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var name = line(in, "name");
    var threads = Integer.parseInt(line(in, "threads"));
    var store = Address.parse(line(in, "store"));
    var secret = Secret.of(Base64.getDecoder().decode(line(in, "secret")));
    var options = WorkerOptions.of(name, secret).withThreads(threads);
    try {
      var metadata = RemoteMetadataStore
          .open(EndpointConfig.of(Hello.Role.WORKER, name + "-store", secret), store);
      var worker = Worker.start(options, metadata);
      Runtime.getRuntime().addShutdownHook(new Thread(worker::sayLastWords, name + "/last-words"));
      Thread.ofVirtual().name(name + "/end").start(() -> endWith(worker, name));
      System.out.println(READY + worker.address());
      System.out.flush();
      while (in.readLine() != null) {
        // Nothing more is said; the end is what counts.
      }
      // Nothing is closed: it all goes with the process, and nobody waits for it.
      Runtime.getRuntime().halt(0);
    } catch (IOException e) {
      System.err.println("worker " + name + ": " + e.getMessage());
      Runtime.getRuntime().halt(1);
    }
  }

  /// Ends the process when the worker ends by itself, so that nobody takes it for alive.
  private static void endWith(Worker worker, String name) {
    try {
      var ending = worker.awaitEnd();
      System.err.println("worker " + name + " ended"
          + ending.defect().map(defect -> " by a defect of its own: " + defect).orElse(""));
    } catch (InterruptedException e) {
      System.err.println("worker " + name + " was interrupted");
    }
    Runtime.getRuntime().halt(1);
  }

  private static String line(BufferedReader in, String what) throws IOException {
    var line = in.readLine();
    if (line == null) {
      throw new IOException("standard input ended before the " + what
          + "; this program is started by a local cluster, not by hand (use: heddle worker)");
    }
    return line;
  }
}
