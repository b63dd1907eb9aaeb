package dev.heddle.cluster;

import dev.heddle.metadata.MetadataNode;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.process.ProcessScope;
import dev.heddle.wire.Address;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A cluster on this machine for as long as this object, or this JVM, lives: a metadata store here,
/// and workers in child processes. Only those who are told its [#secret] get in.
public final class LocalCluster implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final ProcessScope scope = ProcessScope.open("local-cluster");
  private final Secret secret;
  private final MetadataNode node;
  private final List<ChildWorker> workers = new ArrayList<>();
  private final Map<ChildWorker, Address> addresses = new LinkedHashMap<>();

  private LocalCluster(int count, ChildOptions options) throws IOException, InterruptedException {
    var secretBytes = new byte[Secret.BYTES_LEAST];
    new SecureRandom().nextBytes(secretBytes);
    secret = Secret.of(secretBytes);
    node = MetadataNode.open(EndpointConfig.of(Hello.Role.METADATA, "metadata", secret),
        new Address("127.0.0.1", 0));
    try {
      for (var i = 1; i <= count; i++) {
        workers.add(
            ChildWorker.start("worker-" + i, node.address(), secretBytes, options, scope));
      }
      for (var child : workers) {
        addresses.put(child, child.awaitReady(options.startTimeout()));
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      workers.forEach(ChildWorker::kill);
      close();
      throw e;
    }
  }

  /// Starts a cluster with workers in child processes; returns when they take requests.
  ///
  /// @param workers how many, at least 1
  /// @throws IOException if one does not start; with its last words
  public static LocalCluster processes(int workers) throws IOException, InterruptedException {
    return processes(workers, ChildOptions.DEFAULT);
  }

  /// Starts a cluster with workers in child processes; returns when they take requests.
  ///
  /// @param workers how many, at least 1
  /// @throws IOException if one does not start; with its last words
  public static LocalCluster processes(int workers, ChildOptions options)
      throws IOException, InterruptedException {
    if (workers < 1) {
      throw new IllegalArgumentException("a cluster has at least 1 worker, not " + workers);
    }
    return new LocalCluster(workers, options);
  }

  /// Who has what.
  public MetadataStore store() {
    return node.store();
  }

  /// Where the metadata store is, for more workers and callers.
  public Address address() {
    return node.address();
  }

  /// What others need to get in.
  public Secret secret() {
    return secret;
  }

  /// The workers that were started, dead ones too.
  public List<ChildWorker> workers() {
    return List.copyOf(workers);
  }

  /// Where a worker is.
  public Address addressOf(ChildWorker worker) {
    if (addresses.get(worker) instanceof Address address) {
      return address;
    }
    throw new IllegalArgumentException(worker + " is not of this cluster");
  }

  /// What became of the workers that are dead, for the message that says why something failed.
  public Optional<String> deaths() {
    var deaths = workers.stream().flatMap(worker -> worker.death().stream()).toList();
    return deaths.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", deaths));
  }

  /// Ends the workers, by force after 5 s, and the store.
  @Override
  public void close() {
    try {
      workers.forEach(ChildWorker::end);
      for (var child : workers) {
        child.stop(GRACE);
      }
    } catch (InterruptedException e) {
      workers.forEach(ChildWorker::kill);
      Thread.currentThread().interrupt();
    } finally {
      node.close();
      scope.stop();
      scope.close();
    }
  }
}
