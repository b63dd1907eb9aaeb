package dev.heddle.tests;

import dev.heddle.metadata.EmbeddedMetadataStore;
import dev.heddle.metadata.MetadataException;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.wire.Key;
import dev.heddle.wire.Secret;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerClient;
import dev.heddle.worker.WorkerNetwork;
import dev.heddle.worker.WorkerOptions;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;

/// Workers, their store and a caller, all in this JVM; between them are real sockets.
@SuppressWarnings("try") // A test that is interrupted while it closes ends there.
final class TestCluster implements AutoCloseable {
  final Secret secret = Secret.generate();
  final EmbeddedMetadataStore store = EmbeddedMetadataStore.open();
  final WorkerNetwork caller = WorkerNetwork.open("caller", secret);
  private final ArrayDeque<AutoCloseable> toClose = new ArrayDeque<>();

  TestCluster() throws IOException {
    toClose.push(store);
    toClose.push(caller);
  }

  /// What a worker of this cluster is told: two threads, and a limit on values that tests can reach.
  WorkerOptions options(String name) {
    return WorkerOptions.of(name, secret).withThreads(2).withValueBytesMax(64 << 20);
  }

  Worker start(WorkerOptions options) throws IOException, InterruptedException {
    return start(options, store);
  }

  Worker start(WorkerOptions options, MetadataStore itsStore)
      throws IOException, InterruptedException {
    return closing(Worker.start(options, itsStore));
  }

  /// A worker, and the caller's end of it.
  WorkerClient worker(String name) throws IOException, InterruptedException {
    return client(start(options(name)));
  }

  WorkerClient client(Worker worker) throws IOException, InterruptedException {
    return caller.worker(worker.address());
  }

  <T extends AutoCloseable> T closing(T resource) {
    toClose.push(resource);
    return resource;
  }

  /// The names of those who have `key`, by what the store knows.
  List<String> holders(String key) throws MetadataException, InterruptedException {
    return Holders.names(store, Key.of(key));
  }

  @Override
  public void close() throws Exception {
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }
}
