package dev.heddle.metadata;

import dev.heddle.wire.Address;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What every store must do, done over sockets.
class RemoteMetadataStoreTest extends MetadataStoreContract {
  private static final Secret SECRET = Secret.generate();

  private @Nullable MetadataNode node;
  private @Nullable RemoteMetadataStore store;

  private static EndpointConfig config(Hello.Role role, String name) {
    return EndpointConfig.of(role, name, SECRET);
  }

  @Override
  protected MetadataStore open() throws IOException {
    var opened = MetadataNode.open(config(Hello.Role.METADATA, "metadata"),
        new Address("127.0.0.1", 0));
    node = opened;
    var remote = RemoteMetadataStore.open(config(Hello.Role.CLIENT, "test"), opened.address(),
        Duration.ofSeconds(20));
    store = remote;
    return remote;
  }

  @Override
  protected MetadataStore restartedEmpty() throws IOException {
    var old = Objects.requireNonNull(node);
    old.close();
    node = MetadataNode.open(config(Hello.Role.METADATA, "metadata"), old.address());
    return Objects.requireNonNull(store);
  }

  @Override
  protected void takeAway() {
    Objects.requireNonNull(node).close();
  }

  @Override
  protected void cleanUp() {
    Objects.requireNonNull(node).close();
  }
}
