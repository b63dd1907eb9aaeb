package dev.heddle.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Address;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionHandler;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Change;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.Message.Reason;
import dev.heddle.wire.RefusedException;
import dev.heddle.wire.Secret;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What only a store over sockets does.
@Timeout(60)
class RemoteLinkTest {
  private static final Secret SECRET = Secret.generate();
  private static final Address ANYWHERE = new Address("127.0.0.1", 0);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final WorkerInfo ANN = new WorkerInfo(new WorkerId("ann", 1),
      new Address("127.0.0.1", 4000), "here", 17, 2);
  private static final Key X = Key.of("x");

  private final List<AutoCloseable> toClose = new ArrayList<>();

  private <T extends AutoCloseable> T closing(T closeable) {
    toClose.addFirst(closeable);
    return closeable;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (var closeable : toClose) {
      closeable.close();
    }
  }

  private static EndpointConfig config(Hello.Role role, String name) {
    return EndpointConfig.of(role, name, SECRET);
  }

  private MetadataNode node(Address where) throws IOException {
    return closing(MetadataNode.open(config(Hello.Role.METADATA, "metadata"), where));
  }

  private RemoteMetadataStore remote(Address store, Duration timeout) {
    return closing(
        RemoteMetadataStore.open(config(Hello.Role.CLIENT, "test"), store, timeout));
  }

  private Connection raw(Address to, ConnectionHandler handler) throws Exception {
    return closing(new Endpoint(config(Hello.Role.CLIENT, "raw"), handler)).connect(to);
  }

  private static void await(Watch watch, Change wanted) throws Exception {
    var found = false;
    while (!found) {
      found = watch.receive(PATIENCE).orElseThrow().changes().contains(wanted);
    }
  }

  @Test
  void watchesComeBackByThemselvesAndSayThatChangesWereLost() throws Exception {
    var first = node(ANYWHERE);
    var store = remote(first.address(), PATIENCE);
    try (var watch = store.watch("x")) {
      store.join(ANN, LONG);
      await(watch, new Change.Joined(ANN));
      first.close();
      var second = node(first.address());

      assertThat(watch.receive(PATIENCE).orElseThrow().lost()).isTrue();
      second.store().join(ANN, LONG);
      second.store().register(ANN.id(), List.of(new Entry(Key.of("y"), 1), new Entry(X, 1)));
      await(watch, new Change.Registered(ANN.id(), X, 1));
    }
  }

  @Test
  void aClosedWatchIsNoLongerServed() throws Exception {
    var node = node(ANYWHERE);
    var store = remote(node.address(), PATIENCE);
    var connection = raw(node.address(), (_, _) -> {});
    store.watch("").close();
    // Answered in order with the end of the watch, on the same connection.
    assertThat(store.workers()).isEmpty();
    assertThat(facts(connection)).contains("watches=0");
  }

  private static String facts(Connection connection) throws Exception {
    var info = connection.call(new Message.AskInfo(), PATIENCE);
    assertThat(info).isInstanceOf(Message.NodeInfo.class);
    return info.toString();
  }

  @Test
  void aStoreThatNeverAnswersIsAnErrorAfterTheTimeout() throws Exception {
    var mute = closing(new Endpoint(config(Hello.Role.METADATA, "mute"), (_, _) -> {}));
    var store = remote(mute.listen(ANYWHERE), Duration.ofMillis(200));
    assertThatThrownBy(store::workers).isInstanceOf(MetadataUnavailableException.class)
        .hasMessageContaining("metadata store").hasMessageContaining("200 ms");
    assertThatThrownBy(() -> store.watch("")).isInstanceOf(MetadataUnavailableException.class);
  }

  @Test
  void aPortThatNeverShakesHandsIsAnErrorAfterTheTimeout() throws Exception {
    try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var store = remote(new Address("127.0.0.1", deaf.getLocalPort()), Duration.ofMillis(200));
      assertThatThrownBy(store::workers).isInstanceOf(MetadataUnavailableException.class);
    }
  }

  @Test
  void aWrongSecretIsAnErrorThatSaysSo() throws Exception {
    var node = node(ANYWHERE);
    var stranger = closing(RemoteMetadataStore.open(
        EndpointConfig.of(Hello.Role.CLIENT, "stranger", Secret.generate()), node.address()));
    assertThatThrownBy(stranger::workers).isInstanceOf(MetadataUnavailableException.class)
        .hasMessageContaining("secret");
  }

  @Test
  void aNodeWithoutAStoreIsAnErrorThatSaysSo() throws Exception {
    var other = closing(new Endpoint(config(Hello.Role.WORKER, "other"),
        (from, batch) -> batch.forEach(incoming -> {
          if (incoming instanceof Incoming.Asked(var correlation, _)) {
            from.reply(correlation,
                new Message.Refused(Reason.UNKNOWN_OPERATION, "what is that?"));
          }
        })));
    var store = remote(other.listen(ANYWHERE), PATIENCE);
    assertThatThrownBy(store::workers).isInstanceOf(MetadataUnavailableException.class)
        .hasMessageContaining("no metadata store").hasMessageContaining("what is that?");
  }

  @Test
  void aWatcherThatIsSlowGetsTheMarkerRatherThanEverything() throws Exception {
    var node = node(ANYWHERE);
    var pings = new LinkedBlockingQueue<Runnable>();
    var changes = new LinkedBlockingQueue<Message.Changed>();
    var connection = raw(node.address(), (from, batch) -> {
      for (var incoming : batch) {
        switch (incoming) {
          case Incoming.Asked(var correlation, Message.Ping(var token)) -> pings.add(() -> {
            from.reply(correlation, new Message.Pong(token));
            from.flush();
          });
          case Incoming.Noticed(Message.Changed changed) -> changes.add(changed);
          case Incoming.Asked _,Incoming.Noticed _ ->
            throw new IllegalStateException("asked for what nobody has");
        }
      }
    });
    assertThat(connection.call(new Message.Watch(7, ""), PATIENCE))
        .isEqualTo(new Message.Done());
    node.store().join(ANN, LONG);
    var ping = pings.poll(20, TimeUnit.SECONDS);
    assertThat(ping).isNotNull();
    for (var round = 0; round < 3; round++) {
      var prefix = "k" + round + "-";
      node.store().register(ANN.id(), IntStream.range(0, WatchBuffer.CHANGES_MAX)
          .mapToObj(i -> new Entry(Key.of(prefix + i), 1)).toList());
    }
    assertThat(changes).hasSize(1);
    if (ping != null) {
      ping.run();
    }

    var first = changes.poll(20, TimeUnit.SECONDS);
    var second = changes.poll(20, TimeUnit.SECONDS);
    assertThat(first).isEqualTo(new Message.Changed(7, List.of(new Change.Joined(ANN)), false));
    assertThat(second).isNotNull().satisfies(changed -> assertThat(changed.lost()).isTrue());
  }

  @Test
  void askingForTooMuchAtOnceIsRefused() throws Exception {
    var connection = raw(node(ANYWHERE).address(), (_, _) -> {});
    var keys = IntStream.rangeClosed(0, MetadataServer.KEYS_ASKED_MAX)
        .mapToObj(i -> Key.of("k" + i)).toList();
    assertThatThrownBy(() -> connection.call(new Message.WhoHas(keys), PATIENCE))
        .isInstanceOfSatisfying(RefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
    for (var i = 0; i < MetadataServer.WATCHES_MAX; i++) {
      connection.call(new Message.Watch(i, ""), PATIENCE);
    }
    connection.call(new Message.Watch(0, ""), PATIENCE);
    assertThatThrownBy(() -> connection.call(new Message.Watch(-1, ""), PATIENCE))
        .isInstanceOfSatisfying(RefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.BUSY));
  }

  @Test
  void manyHoldersOfManyKeysAreNamedInPart() throws Exception {
    var node = node(ANYWHERE);
    var keys = IntStream.range(0, 1_000).mapToObj(i -> Key.of("k" + i)).toList();
    for (var i = 0; i < 20; i++) {
      var worker = new WorkerInfo(new WorkerId("w" + i, 1), ANN.address(), "here", 1, 1);
      node.store().join(worker, LONG);
      node.store().register(worker.id(), keys.stream().map(key -> new Entry(key, 1)).toList());
    }
    var answer = raw(node.address(), (_, _) -> {}).call(new Message.WhoHas(keys), PATIENCE);
    assertThat(answer).isInstanceOfSatisfying(Message.Holders.class,
        holders -> assertThat(holders.holders().values())
            .allSatisfy(named -> assertThat(named).hasSize(8)));
  }

  @Test
  void nonsenseIsRefusedWithWhatIsWrong() throws Exception {
    var connection = raw(node(ANYWHERE).address(), (_, _) -> {});
    assertThatThrownBy(() -> connection.call(new Message.Join(ANN, -5), PATIENCE))
        .isInstanceOfSatisfying(RefusedException.class, e -> {
          assertThat(e.reason()).isEqualTo(Reason.BAD_REQUEST);
          assertThat(e).hasMessageContaining("-5 ms");
        });
    assertThatThrownBy(() -> connection.call(new Message.GetData(List.of(X), 1), PATIENCE))
        .isInstanceOfSatisfying(RefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_OPERATION));
  }

  @Test
  void theNodeAnswersPingsAndTellsOfItself() throws Exception {
    var node = node(ANYWHERE);
    node.store().join(ANN, LONG);
    node.store().register(ANN.id(), List.of(new Entry(X, 1)));
    var connection = raw(node.address(), (_, _) -> {});
    assertThat(connection.call(new Message.Ping(5), PATIENCE)).isEqualTo(new Message.Pong(5));
    assertThat(facts(connection)).contains("workers=1", "keys=1", "watches=0");
  }
}
