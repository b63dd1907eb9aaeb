package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.process.Processes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EndpointTest {
  @Test
  void aPortInUseIsSaidSoWithWhatToDo() throws Exception {
    try (var first = new TestNode("first"); var second = new TestNode("second")) {
      var address = first.listen();
      assertThatThrownBy(() -> second.endpoint.listen(address)).isInstanceOf(IOException.class)
          .hasMessage("cannot listen on " + address
              + ": port in use; stop the other process or pass --port 0 for a free one (HDL-0004)");
      assertThat(second.endpoint.address()).isEmpty();
      assertThat(second.listen().port()).isNotZero();
    }
  }

  @Test
  void anAddressOfAnotherMachineIsSaidSo() throws Exception {
    try (var node = new TestNode("node")) {
      assertThatThrownBy(() -> node.endpoint.listen(new Address("192.0.2.1", 0)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("pass an address of this machine");
      assertThatThrownBy(() -> node.endpoint.listen(new Address("no such host", 0)))
          .hasMessageContaining("there is no host no such host");
    }
  }

  @Test
  void otherMachinesAreLetInOnlyWithASecretGivenOnPurpose() throws Exception {
    var everywhere = new Address("0.0.0.0", 0);
    try (var node = new TestNode("node", config -> config.withSecretGiven(false),
        TestNode::answer)) {
      assertThatThrownBy(() -> node.endpoint.listen(everywhere)).isInstanceOf(IOException.class)
          .hasMessageContaining("heddle secret").hasMessageContaining("HEDDLE_SECRET_FILE");
      assertThat(node.endpoint.listen(new Address("localhost", 0)).port()).isNotZero();
    }
    try (var node = new TestNode("node", config -> config.withAdvertisedHost("me"),
        TestNode::answer)) {
      var port = node.endpoint.listen(everywhere).port();
      assertThat(node.endpoint.advertised()).contains(new Address("me", port));
      assertThat(node.connect(new Address("127.0.0.1", port))
          .call(new Message.Ping(1), TestNode.SOON)).isEqualTo(new Message.Pong(1));
    }
  }

  @Test
  void whoeverListensEverywhereAdvertisesAnAddressThatOthersReachIfThereIsOne() throws Exception {
    var hasOne = NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
        .anyMatch(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress());
    try (var node = new TestNode("node")) {
      node.endpoint.listen(new Address("0.0.0.0", 0));
      var host = node.endpoint.advertised().orElseThrow().host();
      assertThat(InetAddress.getByName(host).isLoopbackAddress()).isEqualTo(!hasOne);
      assertThat(InetAddress.getByName(host).isAnyLocalAddress()).isFalse();
    }
  }

  @Test
  void whatIsAdvertisedMayHaveAnotherPort() throws Exception {
    for (var text : List.of("proxy:4711", "[::2]:4711", "heddle://proxy:4711")) {
      try (var node = new TestNode("node", config -> config.withAdvertisedHost(text),
          TestNode::answer)) {
        node.endpoint.listen(new Address("127.0.0.1", 0));
        assertThat(node.endpoint.advertised()).get().extracting(Address::port).isEqualTo(4711);
      }
    }
    try (var node = new TestNode("node", config -> config.withAdvertisedHost("::2"),
        TestNode::answer)) {
      var port = node.endpoint.listen(new Address("127.0.0.1", 0)).port();
      assertThat(node.endpoint.advertised()).contains(new Address("::2", port));
    }
  }

  @Test
  void itListensOnce() throws Exception {
    try (var node = new TestNode("node")) {
      node.listen();
      assertThatThrownBy(node::listen).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("listens on heddle://127.0.0.1:");
    }
  }

  @Test
  void whoConnectsAfterItWasClosedIsToldSoUnlessItWasInterruptedForThat() throws Exception {
    var node = new TestNode("node");
    var address = node.listen();
    node.close();
    assertThatThrownBy(() -> node.endpoint.connect(address))
        .isInstanceOf(IllegalStateException.class).hasMessage("node was closed");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> node.endpoint.connect(address))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void closingLeavesNoThreadAndNoSocket() throws Exception {
    var server = new TestNode("closing-server", config -> config
        .withTimeouts(Timeouts.DEFAULT.withHandshake(Duration.ofMinutes(1))), TestNode::answer);
    var client = new TestNode("closing-client");
    var address = server.listen();
    // Let in before those who come later, so when they are answered there is a thread for it.
    var stranger = new Socket(address.host(), address.port());
    var connections = new ArrayList<Connection>();
    for (var i = 0; i < 5; i++) {
      connections.add(client.connect(address));
    }
    for (var connection : connections) {
      connection.call(new Message.Ping(1), TestNode.SOON);
    }
    assertThat(threads("closing-")).hasSize(14);
    assertThat(Processes.snapshot().toString())
        .contains("closing-server/accept 127.0.0.1:" + address.port());
    server.close();
    assertEnded("closing-server");
    for (var i = 0; i < 5; i++) {
      assertThat(TestNode.next(client.closed))
          .isEqualTo("the peer closed the connection: closing-server is closing");
    }
    client.close();
    assertEnded("closing-");
    assertThat(client.endpoint.connections()).isEmpty();
    assertThatThrownBy(() -> new Socket(address.host(), address.port()))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> client.connect(address)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> connections.getFirst().start(new Message.AskInfo()))
        .isInstanceOf(ConnectionLostException.class);
    stranger.close();
    server.close();
  }

  private static List<Thread> threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix)).toList();
  }

  private static void assertEnded(String prefix) throws InterruptedException {
    assertThat(Processes.snapshot().processes())
        .noneMatch(process -> process.name().startsWith(prefix));
    for (var thread : threads(prefix)) {
      // Its last act was to say that it has ended.
      assertThat(thread.join(TestNode.SOON)).as(thread.getName()).isTrue();
    }
  }

  @Test
  void aHandlerMayCloseItsOwnEndpoint() throws Exception {
    var closed = new CountDownLatch(1);
    var endpoint = new java.util.concurrent.atomic.AtomicReference<Endpoint>();
    try (var server = new TestNode("server", config -> config, (from, batch) -> {
      TestNode.answer(from, batch);
      endpoint.get().close();
      closed.countDown();
    }); var client = new TestNode("client")) {
      endpoint.set(server.endpoint);
      var connection = client.connect(server.listen());
      assertThat(connection.call(new Message.Ping(1), TestNode.SOON))
          .isEqualTo(new Message.Pong(1));
      assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
      TestNode.next(client.closed);
    }
  }

  @Test
  void aLoopbackAddressIsOneByNumberNotByLooks() {
    assertThat(new Address("127.0.0.1", 1).isLoopback()).isTrue();
    assertThat(new Address("127.8.9.10", 1).isLoopback()).isTrue();
    assertThat(new Address("::1", 1).isLoopback()).isTrue();
    assertThat(new Address("localhost", 1).isLoopback()).isTrue();
    assertThat(new Address("127.example.com", 1).isLoopback()).isFalse();
    assertThat(new Address("10.0.0.1", 1).isLoopback()).isFalse();
  }
}
