package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class LinkTest {
  private static EndpointConfig nervous(EndpointConfig config) {
    return config.withTimeouts(
        Timeouts.DEFAULT.withLiveness(Duration.ofMillis(100), Duration.ofMillis(300)));
  }

  /// Takes no pause of the other side for its end.
  private static EndpointConfig calm(EndpointConfig config) {
    return config.withTimeouts(
        Timeouts.DEFAULT.withLiveness(Duration.ofSeconds(30), Duration.ofMinutes(2)));
  }

  private static EndpointConfig brief(EndpointConfig config) {
    return config.withTimeouts(Timeouts.DEFAULT.withClose(Duration.ofMillis(50)));
  }

  private static final Key X = Key.of("x");

  private static Message.PutData put(Bulk... bulks) {
    return new Message.PutData(
        Map.of(X, new Payload(0, List.of(), new byte[0], List.of(bulks))), false);
  }

  private static Payload payload(Message.Response response) {
    return ConversationTest.found((Message.Data) response, X);
  }

  @Test
  void aPingPassesALargeValueOnItsWay() throws Exception {
    var asked = new CountDownLatch(1);
    try (var server = new TestNode("server", LinkTest::calm, (from, batch) -> {
      // Until all has been asked it reads nothing, so that most of the value is still on its way.
      awaitQuietly(asked);
      TestNode.answer(from, batch);
    }); var client = new TestNode("client", LinkTest::calm, TestNode::answer)) {
      var connection = client.connect(server.listen());
      var before = connection.start(new Message.Ping(0));
      assertThat(TestNode.next(server.received)).isInstanceOf(Incoming.Asked.class);
      var value = Bulk.Kind.DIRECT.allocate(128 << 20);
      var first = connection.start(put(value));
      var pings = new ArrayList<Connection.Call>();
      for (var token = 1L; token <= 10; token++) {
        pings.add(connection.start(new Message.Ping(token)));
      }
      asked.countDown();
      assertThat(before.await(TestNode.SOON)).isEqualTo(new Message.Pong(0));
      // The pings were asked after the value was sent, and heard before it.
      for (var token = 1L; token <= 10; token++) {
        assertThat(pings.get((int) token - 1).await(TestNode.SOON))
            .isEqualTo(new Message.Pong(token));
        assertThat(((Incoming.Asked) TestNode.next(server.received)).request())
            .isEqualTo(new Message.Ping(token));
      }
      assertThat(payload(first.await(TestNode.SOON)).buffers().getFirst().segment()
          .mismatch(value.segment())).isEqualTo(-1);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(TestNode.SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void bothSidesSendLargeValuesAtOnce() throws Exception {
    try (var server = new TestNode("server"); var client = new TestNode("client")) {
      var there = client.connect(server.listen());
      var back = TestNode.next(server.opened);
      var values = new ArrayList<Bulk>();
      for (var kind : List.of(Bulk.Kind.DIRECT, Bulk.Kind.BYTE, Bulk.Kind.DOUBLE)) {
        values.add(ConversationTest.filled(kind, 5_000_000));
      }
      var calls = new ArrayList<Connection.Call>();
      for (var value : values) {
        calls.add(there.start(put(value)));
        calls.add(back.start(put(value)));
      }
      for (var i = 0; i < calls.size(); i++) {
        var answer = payload(calls.get(i).await(TestNode.SOON)).buffers().getFirst();
        assertThat(answer.segment().mismatch(values.get(i / 2).segment())).isEqualTo(-1);
      }
    }
  }

  @Test
  void oneValueGoesToSeveralPeersAtOnce() throws Exception {
    try (var one = new TestNode("one");
        var two = new TestNode("two");
        var client = new TestNode("client")) {
      var value = ConversationTest.filled(Bulk.Kind.LONG, 8_000_000);
      var calls = List.of(client.connect(one.listen()).start(put(value, value)),
          client.connect(two.listen()).start(put(value)));
      for (var call : calls) {
        for (var bulk : payload(call.await(TestNode.SOON)).buffers()) {
          assertThat(bulk.segment().mismatch(value.segment())).isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void aPeerThatDoesNotReadStopsNobodyAndIsGivenUpWhenTooMuchWaits() throws Exception {
    var limits = Limits.DEFAULT.withFrameBytesMax(1 << 20).withOutbox(8 << 20, 1 << 20);
    try (
        var server = new TestNode("server", config -> calm(config).withLimits(limits),
            TestNode::answer);
        var client = new TestNode("client")) {
      var address = server.listen();
      try (var deaf = new RawPeer(address)) {
        var toDeaf = TestNode.next(server.opened);
        var toClient = client.connect(address);
        var sent = 0;
        while (toDeaf.isOpen()) {
          toDeaf.notice(new Message.Changed(1, List.of(new Message.Change.Registered(
              new WorkerId("w", 1), Key.of("k".repeat(1000)), 1)), false));
          toDeaf.flush();
          sent++;
          if (sent % 1000 == 0) {
            assertThat(toClient.call(new Message.Ping(sent), TestNode.SOON))
                .isEqualTo(new Message.Pong(sent));
          }
        }
        assertThat(TestNode.next(server.closed))
            .matches("the peer reads too slowly: 8\\d{6} bytes wait for it");
        assertThat(deaf.socket.isConnected()).isTrue();
        assertThat(toClient.call(new Message.Ping(1), TestNode.SOON))
            .isEqualTo(new Message.Pong(1));
      }
    }
  }

  @Test
  void aPeerThatFallsSilentIsGivenUp() throws Exception {
    var calls = new LinkedBlockingQueue<Connection.Call>();
    try (var server = new TestNode("server", LinkTest::nervous, asking(calls));
        var silent = new RawPeer(server.listen())) {
      var call = TestNode.next(calls);
      assertThatThrownBy(() -> call.await(TestNode.SOON))
          .isInstanceOf(ConnectionLostException.class)
          .hasMessageMatching("the connection to raw at heddle://127.0.0.1:\\d+ ended before it"
              + " answered ping: no sign of life from raw at heddle://127.0.0.1:\\d+"
              + " since 300 ms \\(HDL-0003\\)");
      assertThat(TestNode.next(server.closed)).startsWith("no sign of life");
      assertThat(silent.hear()[0]).isEqualTo((byte) FrameType.REQUEST);
      assertThat(silent.hear()[0]).isEqualTo((byte) FrameType.PING);
    }
  }

  /// Asks each peer something before anything else happens on its connection.
  private static ConnectionHandler asking(BlockingQueue<Connection.Call> calls) {
    return new ConnectionHandler() {
      @Override
      public void opened(Connection connection) {
        try {
          calls.add(connection.start(new Message.Ping(1)));
        } catch (ConnectionLostException e) {
          throw new IllegalStateException(e);
        }
      }

      @Override
      public void received(Connection from, List<Incoming> batch) {
        TestNode.answer(from, batch);
      }
    };
  }

  @Test
  void quietPeersThatAreThereKeepTheirConnection() throws Exception {
    var silence = Duration.ofSeconds(2);
    try (
        var server = new TestNode("server", config -> config.withTimeouts(
            Timeouts.DEFAULT.withLiveness(Duration.ofMillis(100), silence)), TestNode::answer);
        var quiet = new RawPeer(server.listen())) {
      var connection = TestNode.next(server.opened);
      for (var began = System.nanoTime(); System.nanoTime() - began < silence.toNanos();) {
        assertThat(quiet.hear()).containsExactly(FrameType.PING);
        quiet.say((byte) FrameType.PONG);
      }
      assertThat(quiet.hear()).containsExactly(FrameType.PING);
      assertThat(connection.isOpen()).isTrue();
      quiet.say((byte) FrameType.PING);
      var heard = new ArrayList<Byte>();
      do {
        heard.add(quiet.hear()[0]);
      } while (heard.getLast() == FrameType.PING);
      assertThat(heard.getLast()).isEqualTo((byte) FrameType.PONG);
    }
  }

  /// However long its handler waits for something: the peer hears of it.
  @Test
  void aNodeWhoseLinkIsInItsHandlerSaysThatItLives() throws Exception {
    var release = new CountDownLatch(1);
    try (
        var server = new TestNode("server", config -> config.withTimeouts(
            Timeouts.DEFAULT.withLiveness(Duration.ofMillis(50), Duration.ofMinutes(2))),
            (from, batch) -> {
              awaitQuietly(release);
              TestNode.answer(from, batch);
            });
        var peer = new RawPeer(server.listen())) {
      peer.say((byte) FrameType.REQUEST, (byte) 8, (byte) Operation.PING.code(), (byte) 0,
          (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
      var heard = new ArrayList<Byte>();
      do {
        heard.add(peer.hear()[0]);
      } while (heard.stream().filter(type -> type == FrameType.PONG).count() < 3);
      assertThat(heard).doesNotContain((byte) FrameType.RESPONSE);
      release.countDown();
      do {
        heard.add(peer.hear()[0]);
      } while (heard.getLast() != FrameType.RESPONSE);
    } finally {
      release.countDown();
    }
  }

  @Test
  void aBrokenFrameEndsTheConnectionWithAReasonForBoth() throws Exception {
    try (var server = new TestNode("server", LinkTest::brief, TestNode::answer);
        var bad = new RawPeer(server.listen())) {
      bad.say((byte) 99, (byte) 1);
      var goodbye = new Decoder(bad.hear());
      assertThat(goodbye.u8()).isEqualTo(FrameType.GOODBYE);
      assertThat(goodbye.text()).isEqualTo("a frame of the unknown type 99 (HDL-0015)");
      assertThat(bad.hear()).isEmpty();
      assertThat(TestNode.next(server.closed))
          .isEqualTo("the peer broke the protocol: a frame of the unknown type 99 (HDL-0015)");
    }
  }

  @Test
  void anOversizedFrameEndsTheConnectionBeforeItIsRead() throws Exception {
    try (var server = new TestNode("server", LinkTest::brief, TestNode::answer);
        var bad = new RawPeer(server.listen())) {
      bad.socket.getOutputStream().write(new byte[]{0, 0, 0, 0x70});
      bad.socket.getOutputStream().write(FrameType.REQUEST);
      assertThat(TestNode.next(server.closed)).contains("a frame of 1879048192 bytes");
    }
  }

  @Test
  void anUnknownOperationIsRefusedAndTheConnectionGoesOn() throws Exception {
    try (var server = new TestNode("server"); var newer = new RawPeer(server.listen())) {
      newer.say((byte) FrameType.REQUEST, (byte) 7, (byte) 126, (byte) 1, (byte) 2);
      assertThat(newer.hear()).startsWith(FrameType.RESPONSE, 7, Operation.REFUSED.code(),
          Codes.of(Message.Reason.UNKNOWN_OPERATION));
      newer.say((byte) FrameType.REQUEST, (byte) 8, (byte) Operation.PING.code(), (byte) 0,
          (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
      assertThat(newer.hear()).startsWith(FrameType.RESPONSE, 8, Operation.PONG.code());
    }
  }

  @Test
  void aPeerThatVanishesEndsItsCalls() throws Exception {
    try (var server = new TestNode("server")) {
      var raw = new RawPeer(server.listen());
      var connection = TestNode.next(server.opened);
      var call = connection.start(new Message.Ping(1));
      raw.close();
      assertThatThrownBy(() -> call.await(TestNode.SOON))
          .isInstanceOf(ConnectionLostException.class);
      assertThatThrownBy(() -> connection.start(new Message.Ping(1)))
          .isInstanceOf(ConnectionLostException.class).hasMessageContaining("has ended");
      connection.reply(1, new Message.Done());
      connection.flush();
      TestNode.next(server.closed);
    }
  }

  @RepeatedTest(20)
  void thePeerIsToldWhyAlsoWhileOthersAreSayingSomething() throws Exception {
    try (var a = new TestNode("a"); var b = new TestNode("b")) {
      var connection = a.connect(b.listen());
      var talking = new CountDownLatch(1);
      var talker = Thread.ofPlatform().start(() -> {
        while (connection.isOpen()) {
          connection.notice(new Message.Recall(List.of(1L)));
          connection.flush();
          talking.countDown();
        }
        for (var i = 0; i < 1000; i++) {
          connection.flush();
        }
      });
      talking.await();
      connection.close("enough");
      assertThat(TestNode.next(b.closed)).endsWith("enough");
      talker.join();
    }
  }

  @Test
  void closingTellsThePeerWhyAfterAllThatWasSaid() throws Exception {
    try (var server = new TestNode("server"); var client = new TestNode("client")) {
      var connection = client.connect(server.listen());
      var other = TestNode.next(server.opened);
      for (var i = 0; i < 1000; i++) {
        other.notice(new Message.Changed(i, List.of(), false));
      }
      other.close("enough");
      for (var i = 0; i < 1000; i++) {
        assertThat(TestNode.next(client.received))
            .isEqualTo(new Incoming.Noticed(new Message.Changed(i, List.of(), false)));
      }
      assertThat(TestNode.next(client.closed)).isEqualTo("the peer closed the connection: enough");
      assertThat(TestNode.next(server.closed)).isEqualTo("enough");
      assertThat(connection.isOpen()).isFalse();
    }
  }

  @Test
  void aCallThatTakesTooLongSaysWhatWasWaitedForAndItsLateAnswerIsIgnored() throws Exception {
    var held = new LinkedBlockingQueue<Runnable>();
    try (var server = new TestNode("server", config -> config, (from, batch) -> {
      if (held.isEmpty()) {
        held.add(() -> {
          TestNode.answer(from, batch);
          from.flush();
        });
      } else {
        TestNode.answer(from, batch);
      }
    }); var client = new TestNode("client")) {
      var connection = client.connect(server.listen());
      var late = connection.start(new Message.Ping(1));
      assertThatThrownBy(() -> late.await(Duration.ofMillis(20)))
          .isInstanceOf(CallTimeoutException.class)
          .hasMessageContaining("no answer to ping from server at heddle://127.0.0.1:")
          .hasMessageContaining("within 20 ms");
      var answer = held.poll(20, TimeUnit.SECONDS);
      held.add(() -> {});
      if (answer != null) {
        answer.run();
      }
      assertThat(connection.call(new Message.Ping(2), TestNode.SOON))
          .isEqualTo(new Message.Pong(2));
      assertThatThrownBy(() -> late.await(TestNode.SOON))
          .isInstanceOf(CallTimeoutException.class);
    }
  }

  @Test
  void tooManyCallsWithoutAnswerAreRefusedHere() throws Exception {
    try (var server = new TestNode("server", config -> config, TestNode::ignore);
        var client = new TestNode("client",
            config -> config.withLimits(Limits.DEFAULT.withCallsMax(3)), TestNode::ignore)) {
      var connection = client.connect(server.listen());
      for (var i = 0; i < 3; i++) {
        connection.start(new Message.Ping(i));
      }
      assertThatThrownBy(() -> connection.call(new Message.Ping(4), TestNode.SOON))
          .isInstanceOfSatisfying(RefusedException.class,
              e -> assertThat(e.reason()).isEqualTo(Message.Reason.BUSY))
          .hasMessageContaining("3 calls to server at");
    }
  }

  @Test
  void aHandlerThatThrowsRefusesWhatItDidNotAnswerAndKeepsTheLink() throws Exception {
    try (var server = new TestNode("server", config -> config, (from, batch) -> {
      for (var incoming : batch) {
        if (incoming instanceof Incoming.Asked(_, Message.Ping(var token)) && token < 0) {
          throw new IllegalStateException("a defect");
        }
        TestNode.answer(from, List.of(incoming));
      }
    }); var client = new TestNode("client")) {
      var connection = client.connect(server.listen());
      var calls = connection.startAll(List.of(new Message.Ping(1), new Message.Ping(-1)));
      assertThat(calls.getFirst().await(TestNode.SOON)).isEqualTo(new Message.Pong(1));
      assertThatThrownBy(() -> calls.getLast().await(TestNode.SOON))
          .isInstanceOfSatisfying(RefusedException.class,
              e -> assertThat(e.reason()).isEqualTo(Message.Reason.INTERNAL))
          .hasMessageContaining("a defect in server: java.lang.IllegalStateException");
      assertThat(connection.call(new Message.Ping(2), TestNode.SOON))
          .isEqualTo(new Message.Pong(2));
    }
  }

  @Test
  void whatBreaksALimitFailsAtTheSenderAndTheConnectionGoesOn() throws Exception {
    var small = Limits.DEFAULT.withBulkInFlight(100_000, 10);
    try (var server = new TestNode("server", config -> config.withLimits(small), TestNode::answer);
        var client = new TestNode("client")) {
      var connection = client.connect(server.listen());
      assertThatThrownBy(() -> connection.start(put(Bulk.Kind.BYTE.allocate(200_000))))
          .isInstanceOf(UnsendableException.class)
          .hasMessage("cannot send put-data: it has 200000 bytes in large buffers; the peer takes"
              + " at most 100000 at once (HDL-0016)");
      try (var arena = Arena.ofConfined()) {
        assertThatThrownBy(
            () -> connection.start(put(new Bulk(Bulk.Kind.DIRECT, arena.allocate(50_000)))))
            .isInstanceOf(UnsendableException.class).hasMessageContaining("Arena.ofShared()");
      }
      Bulk freed;
      try (var arena = Arena.ofShared()) {
        freed = new Bulk(Bulk.Kind.DIRECT, arena.allocate(50_000));
      }
      assertThatThrownBy(() -> connection.start(put(freed)))
          .isInstanceOf(UnsendableException.class).hasMessageContaining("was freed");
      var calls = new ArrayList<Connection.Call>();
      for (var i = 0; i < 20; i++) {
        calls.add(connection.start(put(Bulk.Kind.BYTE.allocate(90_000))));
      }
      for (var call : calls) {
        assertThat(payload(call.await(TestNode.SOON)).sizeBytes()).isEqualTo(90_000);
      }
    }
  }

  @Test
  void anAnswerThatBreaksALimitIsARefusalForTheAsker() throws Exception {
    var thrown = new LinkedBlockingQueue<UnsendableException>();
    try (var server = new TestNode("server", config -> config,
        (from, batch) -> Thread.ofPlatform().start(() -> {
          try {
            from.reply(1, new Message.Blobs(List.of(Optional.of(new byte[100_000]))));
          } catch (UnsendableException e) {
            thrown.add(e);
          }
        }));
        var client = new TestNode("client", config -> config
            .withLimits(Limits.DEFAULT.withBulkInFlight(50_000, 1)), TestNode::answer)) {
      var connection = client.connect(server.listen());
      assertThatThrownBy(
          () -> connection.call(new Message.AskBlobs(List.of()), TestNode.SOON))
          .isInstanceOfSatisfying(RefusedException.class,
              e -> assertThat(e.reason()).isEqualTo(Message.Reason.TOO_LARGE))
          .hasMessageContaining("100000 bytes").hasMessageContaining("at most 50000");
      assertThat(TestNode.next(thrown)).hasMessageContaining("cannot send blobs");
    }
  }

  @Test
  void whatAHandlerAsksWhenAConnectionOpensIsSentWhenItReturns() throws Exception {
    var calls = new LinkedBlockingQueue<Connection.Call>();
    try (var server = new TestNode("server", LinkTest::calm, asking(calls));
        var peer = new RawPeer(server.listen())) {
      // Not together with the first sign of life that the peer is asked for, in half a minute.
      assertThat(peer.hear()[0]).isEqualTo((byte) FrameType.REQUEST);
    }
  }

  @Test
  void whatAHandlerAsksOverItsOwnConnectionIsSentWhenItReturns() throws Exception {
    var answered = new CountDownLatch(1);
    try (var server = new TestNode("server", config -> config, (from, batch) -> {
      TestNode.answer(from, batch);
      try {
        var call = from.start(new Message.Ping(77));
        Thread.ofVirtual().start(() -> {
          try {
            call.await(TestNode.SOON);
            answered.countDown();
          } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
      } catch (ConnectionLostException e) {
        throw new IllegalStateException(e);
      }
    }); var client = new TestNode("client")) {
      client.connect(server.listen()).call(new Message.Ping(1), TestNode.SOON);
      assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
