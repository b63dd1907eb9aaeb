package dev.heddle.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeTest {
  private static EndpointConfig hasty(EndpointConfig config) {
    return config.withTimeouts(Timeouts.DEFAULT.withHandshake(Duration.ofMillis(100)));
  }

  @Test
  void eachSideLearnsWhoTheOtherIs() throws Exception {
    try (var server = new TestNode("server"); var client = new TestNode("client")) {
      var address = server.listen();
      client.listen();
      var connection = client.connect(address);
      var seen = TestNode.next(server.opened).peer();
      assertThat(connection.peer()).isEqualTo(new Hello(Hello.Role.WORKER, "server", "0.1.0",
          Runtime.version().toString(), server.endpoint.address()));
      assertThat(seen.name()).isEqualTo("client");
      assertThat(seen.listening()).isEqualTo(client.endpoint.address()).isPresent();
      assertThat(connection.remoteAddress()).isEqualTo(address);
    }
  }

  @Test
  void anotherSecretIsRefusedAndBothSidesSaySo() throws Exception {
    try (var server = new TestNode("server");
        var client = new TestNode(
            EndpointConfig.of(Hello.Role.CLIENT, "client", Secret.generate()), TestNode::ignore,
            Protocol.VERSION_MOST)) {
      var address = server.listen();
      assertRefused(client, address, HandshakeException.Cause.SECRET,
          "the peer at " + address + " has another secret: give both the same HEDDLE_SECRET_FILE");
      assertThat(TestNode.next(server.strangers)).startsWith("server: 127.0.0.1:")
          .contains("has another secret");
      assertThat(server.opened).isEmpty();
    }
  }

  @Test
  void noCommonVersionIsRefusedAndBothSidesSaySo() throws Exception {
    try (var server = new TestNode("server");
        var client = new TestNode(
            EndpointConfig.of(Hello.Role.CLIENT, "client", TestNode.SECRET), TestNode::ignore, 0)) {
      var address = server.listen();
      assertRefused(client, address, HandshakeException.Cause.VERSION, "speaks version 1");
      assertThat(TestNode.next(server.strangers)).contains("speaks version 0")
          .contains("this node version 1");
    }
  }

  @Test
  void theHighestCommonVersionIsTaken() {
    var hello = new Hello(Hello.Role.CLIENT, "x", "1", "25", java.util.Optional.empty());
    var nonce = new byte[Introduction.NONCE_BYTES];
    var older = new Introduction(1, 3, hello, Limits.DEFAULT, nonce);
    var newer = new Introduction(2, 5, hello, Limits.DEFAULT, nonce);
    var newest = new Introduction(4, 9, hello, Limits.DEFAULT, nonce);
    assertThat(Introduction.common(older, newer)).contains(3);
    assertThat(Introduction.common(newer, older)).contains(3);
    assertThat(Introduction.common(older, newest)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"'GET / HTTP/1.1\r\nHost: x\r\n\r\n', speaks HTTP",
      "'POST /x HTTP/1.1\r\n\r\n', speaks HTTP", "'PRI * HTTP/2.0\r\n\r\n', speaks HTTP",
      "'SSH-2.0-OpenSSH_9.2\r\n', speaks SSH", "'xyzw', began with the bytes 78 79 7a 77"})
  void whoSpeaksSomethingElseIsShownTheDoor(String words, String complaint) throws Exception {
    assertStranger(words.getBytes(US_ASCII), complaint);
  }

  @Test
  void aTlsClientIsShownTheDoor() throws Exception {
    assertStranger(HexFormat.of().parseHex("160301020001000" + "1fc0303"), "speaks TLS");
  }

  @Test
  void anIntroductionThatIsTooLongIsRefusedByItsLength() throws Exception {
    assertStranger(HexFormat.of().parseHex("4844444c01ffff"), "announces 65535 bytes");
  }

  @Test
  void anIntroductionOfRandomBytesIsRefused() throws Exception {
    assertStranger(HexFormat.of().parseHex("4844444c010800" + "0100010063ffffff"),
        "said something unreadable in the handshake: the unknown role 99");
  }

  @Test
  void aProofBeforeTheIntroductionIsRefused() throws Exception {
    assertStranger(HexFormat.of().parseHex("4844444c030000"),
        "said part 3 of the handshake where 1 belongs");
  }

  private static void assertStranger(byte[] words, String complaint) throws Exception {
    try (var server = new TestNode("server")) {
      var address = server.listen();
      try (var socket = new Socket(address.host(), address.port())) {
        socket.getOutputStream().write(words);
        socket.setSoTimeout((int) TestNode.SOON.toMillis());
        assertEnds(socket);
      }
      assertThat(TestNode.next(server.strangers)).startsWith("server: 127.0.0.1:")
          .contains(complaint);
      assertThat(server.strangers).isEmpty();
      assertThat(server.opened).isEmpty();
    }
  }

  /// Reads until the other side has closed.
  private static void assertEnds(Socket socket) throws IOException {
    try {
      var bytes = socket.getInputStream().readAllBytes();
      assertThat(bytes.length).isLessThan(600);
    } catch (java.net.SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  @Test
  void whoSaysNothingIsShownTheDoorWhenTheTimeIsUp() throws Exception {
    try (var server = new TestNode("server", HandshakeTest::hasty, TestNode::ignore)) {
      var address = server.listen();
      try (var socket = new Socket(address.host(), address.port())) {
        assertEnds(socket);
      }
      assertThat(TestNode.next(server.strangers)).contains("said nothing within 100 ms");
    }
  }

  @Test
  void whoStopsInTheMiddleIsShownTheDoorWhenTheTimeIsUp() throws Exception {
    try (var listener = ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        var socket = new Socket(InetAddress.getLoopbackAddress(), listener.socket().getLocalPort());
        var selector = Selector.open();
        var channel = listener.accept()) {
      socket.getOutputStream().write("HDDL".getBytes(US_ASCII));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      // The time begins when half of it is there, however long that took.
      assertThat(selector.select(_ -> {}, TestNode.SOON.toMillis())).isOne();
      var handshake = new HandshakeChannel(channel, selector, "it", Duration.ofMillis(100));
      assertThatThrownBy(handshake::hear).isInstanceOfSatisfying(HandshakeException.class,
          e -> assertThat(e.reason()).isEqualTo(HandshakeException.Cause.TIMEOUT))
          .hasMessageContaining("it did not finish the handshake within 100 ms");
    }
  }

  @Test
  void whoGoesAwayInTheMiddleIsNoted() throws Exception {
    try (var server = new TestNode("server")) {
      var address = server.listen();
      new Socket(address.host(), address.port()).close();
      assertThat(TestNode.next(server.strangers)).contains("closed the connection");
    }
  }

  @Test
  void slowStrangersKeepNobodyOut() throws Exception {
    try (var server = new TestNode("server"); var client = new TestNode("client")) {
      var address = server.listen();
      try (var _ = new Socket(address.host(), address.port());
          var _ = new Socket(address.host(), address.port())) {
        assertThat(client.connect(address).call(new Message.Ping(1), TestNode.SOON))
            .isEqualTo(new Message.Pong(1));
      }
    }
  }

  @Test
  void strangersAreLimitedInNumber() throws Exception {
    try (var server = new TestNode("server",
        config -> config.withLimits(Limits.DEFAULT.withConnections(10, 2))
            .withTimeouts(Timeouts.DEFAULT.withHandshake(Duration.ofMinutes(1))),
        TestNode::ignore)) {
      var address = server.listen();
      try (var first = new Socket(address.host(), address.port());
          var second = new Socket(address.host(), address.port());
          var third = new Socket(address.host(), address.port())) {
        assertEnds(third);
        assertThat(first.isConnected() && second.isConnected()).isTrue();
        assertThat(TestNode.next(server.strangers))
            .contains("turned away: 2 others are in their handshake");
      }
    }
  }

  @Test
  void aFullNodeRefusesInWordsThatTheOtherUnderstands() throws Exception {
    try (var server = new TestNode("server",
        config -> config.withLimits(Limits.DEFAULT.withConnections(1, 2)), TestNode::answer);
        var client = new TestNode("client")) {
      var address = server.listen();
      var first = client.connect(address);
      first.call(new Message.Ping(1), TestNode.SOON);
      assertRefused(client, address, HandshakeException.Cause.BUSY,
          "server has 1 connections, as many as it may");
    }
  }

  @Test
  void aListenerThatIsNoHeddleNodeIsNamed() throws Exception {
    assertDialingFails("HTTP/1.1 400 Bad Request\r\n\r\n", HandshakeException.Cause.NOT_HEDDLE,
        "speaks HTTP");
    assertDialingFails("220 mail ESMTP\r\n", HandshakeException.Cause.NOT_HEDDLE,
        "does not speak Heddle");
    assertDialingFails("", HandshakeException.Cause.ENDED, "without a word");
  }

  private static void assertDialingFails(String words, HandshakeException.Cause cause,
      String message) throws Exception {
    try (var listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var client = new TestNode("client")) {
      var impostor = Thread.ofPlatform().start(() -> {
        try (var socket = listener.accept()) {
          socket.getInputStream().readNBytes(20);
          socket.getOutputStream().write(words.getBytes(US_ASCII));
          socket.shutdownOutput();
          assertEnds(socket);
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      });
      assertRefused(client, new Address("127.0.0.1", listener.getLocalPort()), cause, message);
      impostor.join();
    }
  }

  @Test
  void aListenerThatSaysNothingIsGivenUp() throws Exception {
    try (var listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var client = new TestNode("client", HandshakeTest::hasty, TestNode::ignore)) {
      assertRefused(client, new Address("127.0.0.1", listener.getLocalPort()),
          HandshakeException.Cause.TIMEOUT, "said nothing within 100 ms");
    }
  }

  @Test
  void aListenerWithoutTheSecretIsFoundOut() throws Exception {
    try (var listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var client = new TestNode("client")) {
      var impostor = Thread.ofPlatform().start(() -> {
        try (var socket = listener.accept()) {
          var in = socket.getInputStream();
          var head = in.readNBytes(7);
          var body = in.readNBytes((head[5] & 0xFF) | (head[6] & 0xFF) << 8);
          // What it knows: the client's own words, and later the client's own proof.
          socket.getOutputStream().write(head);
          socket.getOutputStream().write(body);
          socket.getOutputStream().write(in.readNBytes(39));
          assertEnds(socket);
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      });
      assertRefused(client, new Address("127.0.0.1", listener.getLocalPort()),
          HandshakeException.Cause.SECRET, "has another secret");
      impostor.join();
    }
  }

  private static void assertRefused(TestNode client, Address address,
      HandshakeException.Cause cause, String message) {
    var before = client.endpoint.connections();
    assertThatThrownBy(() -> client.connect(address))
        .isInstanceOfSatisfying(HandshakeException.class,
            e -> assertThat(e.reason()).isEqualTo(cause))
        .hasMessageContaining(message);
    assertThat(client.endpoint.connections()).isEqualTo(before);
  }

  @Test
  void nobodyThereIsSaidSo() throws Exception {
    int port;
    try (var listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      port = listener.getLocalPort();
    }
    try (var client = new TestNode("client")) {
      assertThatThrownBy(() -> client.connect(new Address("127.0.0.1", port)))
          .isInstanceOf(java.net.ConnectException.class).hasMessage("cannot connect to "
              + "heddle://127.0.0.1:" + port
              + ": connection refused; is a node running there? (HDL-0001)");
      assertThatThrownBy(() -> client.connect(new Address("no such host", 1)))
          .isInstanceOf(java.net.UnknownHostException.class)
          .hasMessageContaining("there is no host no such host");
    }
  }

  @Test
  void theSameComplaintIsToldOnceInAWhileWithACount() {
    var lines = new java.util.ArrayList<String>();
    var log = new StrangerLog(lines::add);
    var second = TimeUnit.SECONDS.toNanos(1);
    for (var t = 0; t < 25; t++) {
      log.tell("cause", "host", "line " + t, t * second);
    }
    log.tell("other cause", "host", "another", 25 * second);
    log.tell("cause", "other host", "elsewhere", 25 * second);
    assertThat(lines).containsExactly("line 0", "line 10 (and 9 more like this before)",
        "line 20 (and 9 more like this before)", "another", "elsewhere");
  }

  @Test
  void aTranscriptCoversEveryByteOfBothIntroductions() {
    var secret = Secret.generate();
    var transcript = new byte[200];
    var proof = secret.prove("heddle client", transcript);
    for (var at : List.of(0, 50, 199)) {
      var changed = transcript.clone();
      changed[at]++;
      assertThat(secret.prove("heddle client", changed)).isNotEqualTo(proof);
    }
    assertThat(secret.prove("heddle server", transcript)).isNotEqualTo(proof);
    assertThat(Arrays.equals(Secret.generate().prove("heddle client", transcript), proof))
        .isFalse();
  }
}
