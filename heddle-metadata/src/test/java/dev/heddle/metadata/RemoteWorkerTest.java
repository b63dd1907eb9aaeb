package dev.heddle.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.process.ProcessScope;
import dev.heddle.wire.Address;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.Secret;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A worker's side and a store as nodes of their own.
@Timeout(60)
class RemoteWorkerTest {
  private static final Secret SECRET = Secret.generate();
  private static final WorkerInfo ANN = new WorkerInfo(new WorkerId("ann", 1),
      new Address("127.0.0.1", 4000), "here", 17, 2);
  private static final Set<Key> KEYS = IntStream.range(0, 3_000).mapToObj(i -> Key.of("k" + i))
      .collect(Collectors.toUnmodifiableSet());

  private final LinkedBlockingQueue<MetadataEvent> events = new LinkedBlockingQueue<>();

  private static EndpointConfig config(Hello.Role role, String name) {
    return EndpointConfig.of(role, name, SECRET);
  }

  private void await(Predicate<MetadataEvent> wanted) throws InterruptedException {
    var seen = false;
    while (!seen) {
      var event = events.poll(20, TimeUnit.SECONDS);
      assertThat(event).isNotNull();
      seen = event != null && wanted.test(event);
    }
  }

  private void awaitAllRegistered() throws InterruptedException {
    var missing = new HashSet<>(KEYS);
    await(event -> {
      if (event instanceof MetadataEvent.Registered(var keys)) {
        keys.forEach(missing::remove);
      }
      return missing.isEmpty();
    });
  }

  @Test
  void aStoreThatWasStartedAgainIsFilledAgain() throws Exception {
    var inventory = new Inventory() {
      @Override
      public Iterator<Entry> entries() {
        return KEYS.stream().map(key -> new Entry(key, 8)).iterator();
      }

      @Override
      public boolean holds(Key key) {
        return KEYS.contains(key);
      }
    };
    var first = MetadataNode.open(config(Hello.Role.METADATA, "first"),
        new Address("127.0.0.1", 0));
    try (var scope = ProcessScope.open("test");
        var store = RemoteMetadataStore.open(config(Hello.Role.WORKER, "ann"), first.address());
        var _ = MetadataProcess.start(scope, store, ANN, Duration.ofSeconds(5), inventory,
            events::add)) {
      awaitAllRegistered();
      first.close();
      await(MetadataEvent.Away.class::isInstance);
      try (var second = MetadataNode.open(config(Hello.Role.METADATA, "second"),
          first.address())) {
        await(new MetadataEvent.Joined()::equals);
        awaitAllRegistered();
        assertThat(second.store().whoHas(KEYS)).hasSize(KEYS.size());
      }
    } finally {
      first.close();
    }
  }
}
