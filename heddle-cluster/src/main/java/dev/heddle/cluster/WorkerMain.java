package dev.heddle.cluster;

import dev.heddle.metadata.MetadataException;
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
    try (var metadata = RemoteMetadataStore.open(
        EndpointConfig.of(Hello.Role.WORKER, name + "-store", secret), store);
        var worker = Worker.start(options, metadata)) {
      Runtime.getRuntime().addShutdownHook(new Thread(worker::sayLastWords, name + "/last-words"));
      System.out.println(READY + worker.address());
      System.out.flush();
      while (in.readLine() != null) {
        // Nothing more is said; the end is what counts.
      }
    } catch (MetadataException e) {
      System.err.println("worker " + name + ": " + e.getMessage());
      Runtime.getRuntime().halt(1);
    }
    Runtime.getRuntime().halt(0);
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
