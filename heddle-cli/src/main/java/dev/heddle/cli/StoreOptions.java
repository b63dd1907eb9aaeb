package dev.heddle.cli;

import dev.heddle.metadata.MetadataStore;
import dev.heddle.wire.Secret;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// For commands that ask the metadata store.
final class StoreOptions {
  @Option(names = {"-m",
      "--metadata"}, paramLabel = "ADDRESS", defaultValue = "heddle://localhost:8786", description = "the metadata store: heddle://host:port, or redis://[user:password@]host:port/db"
          + " (default: ${DEFAULT-VALUE})")
  private String metadata;

  @Option(names = "--json", description = "print JSON")
  boolean json;

  @Mixin
  private Cluster cluster;

  MetadataStore open() throws IOException, InterruptedException {
    return cluster.store(metadata);
  }

  Secret secret() throws IOException {
    return cluster.secret();
  }
}
