package dev.heddle.cli;

import dev.heddle.metadata.MetadataStore;
import dev.heddle.metadata.RemoteMetadataStore;
import dev.heddle.metadata.redis.RedisAddress;
import dev.heddle.metadata.redis.RedisMetadataStore;
import dev.heddle.wire.Address;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which cluster a command talks to.
final class Cluster {
  static final String NAME = "heddle-" + ProcessHandle.current().pid();

  @Option(names = "--secret-file", paramLabel = "FILE", description = "the cluster's secret (default: ~/.heddle/secret, made on first use)")
  private Optional<Path> secretFile = Optional.empty();

  Secret secret() throws IOException {
    return secretFile.isPresent() ? Secret.load(secretFile.get()) : Secret.user();
  }

  /// Opens the metadata store at `where`: `heddle://host:port`, or `redis://…`.
  MetadataStore store(String where) throws IOException, InterruptedException {
    return store(NAME, where, secret());
  }

  static MetadataStore store(String name, String where, Secret secret)
      throws IOException, InterruptedException {
    if (RedisAddress.isRedis(where)) {
      return RedisMetadataStore.open(RedisAddress.parse(where));
    }
    return RemoteMetadataStore.open(EndpointConfig.of(Hello.Role.CLIENT, name, secret),
        Address.parse(where));
  }
}
