package dev.heddle.cluster;

import dev.heddle.metadata.RemoteMetadataStore;
import dev.heddle.wire.Address;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Secret;
import dev.heddle.worker.StandardStreams;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerOptions;
import java.io.IOException;

/// The main program of a child process that is a worker.
///
/// Reads five lines: its name, its threads, the address of the store of who has what, the cluster's
/// secret, and under which address others reach it, or nothing. Prints `ready ADDRESS`, where it
/// listens, when it takes requests.
public final class WorkerMain {
  private WorkerMain() {}

  public static void main(String[] arguments) throws Exception {
    StandardStreams.keep();
    var parent = new ChildMain();
    var name = parent.line("name");
    var threads = Integer.parseInt(parent.line("threads"));
    var store = Address.parse(parent.line("store"));
    var secret = Secret.ofParent(parent.line("secret"));
    var advertised = parent.line("advertised address");
    var options = WorkerOptions.of(name, secret).withThreads(threads)
        .withNice(WorkerOptions.NICE);
    if (!advertised.isEmpty()) {
      options = options.withAdvertisedHost(advertised);
    }
    try {
      var metadata = RemoteMetadataStore
          .open(EndpointConfig.of(Hello.Role.WORKER, name + "-store", secret), store);
      var worker = Worker.start(options, metadata);
      Runtime.getRuntime().addShutdownHook(new Thread(worker::sayLastWords, name + "/last-words"));
      Thread.ofVirtual().name(name + "/end").start(() -> endWith(worker, name));
      parent.serveAt(worker.listensAt(), worker::removeFiles);
    } catch (IOException e) {
      ChildMain.fail("worker " + name, e);
    }
  }

  /// Ends the process when the worker ends by itself, so that nobody takes it for alive.
  private static void endWith(Worker worker, String name) {
    var exitCode = 1;
    try {
      var ending = worker.awaitEnd();
      exitCode = ending.defect().isPresent() ? 1 : 0;
      System.err.println("worker " + name + " ended"
          + ending.defect().map(defect -> " by a defect of its own: " + defect).orElse(""));
    } catch (InterruptedException e) {
      System.err.println("worker " + name + " was interrupted");
    }
    Runtime.getRuntime().halt(exitCode);
  }
}
