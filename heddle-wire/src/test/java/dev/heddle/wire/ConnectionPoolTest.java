package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class ConnectionPoolTest {
  private static final PoolConfig TWO = new PoolConfig(2, Duration.ofSeconds(60),
      Duration.ofMillis(500));

  @Test
  void allWhoAskAtOnceShareOneConnection() throws Exception {
    try (var server = new TestNode("server");
        var client = new TestNode("client");
        var pool = new ConnectionPool(client.endpoint);
        var askers = Executors.newFixedThreadPool(8)) {
      var address = server.listen();
      var tasks = new ArrayList<Callable<Connection>>();
      for (var i = 0; i < 40; i++) {
        tasks.add(() -> pool.to(address));
      }
      var first = pool.to(address);
      for (var future : askers.invokeAll(tasks)) {
        assertThat(future.get()).isSameAs(first);
      }
      assertThat(pool.size()).isEqualTo(1);
      first.call(new Message.Ping(1), TestNode.SOON);
      assertThat(server.opened).hasSize(1);
    }
  }

  @Test
  void allWhoAskWhileOneDialsShareWhatComesOfIt() throws Exception {
    var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    try (var client = new TestNode("client");
        var pool = new ConnectionPool(client.endpoint);
        var askers = Executors.newFixedThreadPool(8)) {
      var address = new Address("127.0.0.1", listener.getLocalPort());
      var dials = new java.util.concurrent.atomic.AtomicInteger();
      var impostor = Thread.ofPlatform().start(() -> {
        try {
          while (true) {
            try (var socket = listener.accept()) {
              dials.incrementAndGet();
              socket.getOutputStream()
                  .write("no".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
          }
        } catch (IOException e) {
          assertThat(listener.isClosed()).isTrue();
        }
      });
      var tasks = new ArrayList<Callable<Object>>();
      for (var i = 0; i < 8; i++) {
        tasks.add(() -> {
          try {
            return pool.to(address);
          } catch (IOException e) {
            return e;
          }
        });
      }
      for (var future : askers.invokeAll(tasks)) {
        assertThat(future.get()).isInstanceOf(HandshakeException.class);
      }
      listener.close();
      impostor.join();
      assertThat(dials).hasValue(1);
    }
  }

  @Test
  void aFailureIsRememberedForAMomentOnly() throws Exception {
    var backoff = new PoolConfig(2, Duration.ofSeconds(60), Duration.ZERO);
    int port;
    try (var listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      port = listener.getLocalPort();
    }
    var address = new Address("127.0.0.1", port);
    try (var client = new TestNode("client");
        var remembering = new ConnectionPool(client.endpoint,
            new PoolConfig(2, Duration.ofSeconds(60), Duration.ofHours(1)));
        var forgetting = new ConnectionPool(client.endpoint, backoff);
        var server = new TestNode("server")) {
      for (var pool : new ConnectionPool[]{remembering, forgetting}) {
        assertThatThrownBy(() -> pool.to(address)).isInstanceOf(IOException.class)
            .hasMessageContaining("connection refused");
      }
      server.endpoint.listen(address);
      assertThatThrownBy(() -> remembering.to(address)).isInstanceOf(IOException.class)
          .hasMessageContaining("connection refused").hasMessageContaining("tried less than");
      assertThat(forgetting.to(address).isOpen()).isTrue();
    }
  }

  @Test
  void aBrokenConnectionIsReplaced() throws Exception {
    try (var server = new TestNode("server");
        var client = new TestNode("client");
        var pool = new ConnectionPool(client.endpoint)) {
      var address = server.listen();
      var first = pool.to(address);
      first.close("test");
      var second = pool.to(address);
      assertThat(second).isNotSameAs(first);
      assertThat(second.call(new Message.Ping(1), TestNode.SOON)).isEqualTo(new Message.Pong(1));
      TestNode.next(client.closed);
      assertThat(pool.to(address)).isSameAs(second);
    }
  }

  @Test
  void theOneUsedLongestAgoMakesRoom() throws Exception {
    try (var one = new TestNode("one");
        var two = new TestNode("two");
        var three = new TestNode("three");
        var client = new TestNode("client");
        var pool = new ConnectionPool(client.endpoint, TWO)) {
      var first = pool.to(one.listen());
      var second = pool.to(two.listen());
      assertThat(pool.to(first.remoteAddress())).isSameAs(first);
      var third = pool.to(three.listen());
      assertThat(TestNode.next(client.closed)).isEqualTo("others are needed more");
      assertThat(second.isOpen()).isFalse();
      assertThat(first.isOpen()).isTrue();
      assertThat(third.isOpen()).isTrue();
      assertThat(pool.size()).isEqualTo(2);
    }
  }

  @Test
  void connectionsInUseDoNotMakeRoom() throws Exception {
    var held = new LinkedBlockingQueue<Connection>();
    try (
        var one = new TestNode("one", config -> config, (from, batch) -> held.add(from));
        var two = new TestNode("two");
        var client = new TestNode("client");
        var pool = new ConnectionPool(client.endpoint,
            new PoolConfig(1, Duration.ofSeconds(60), Duration.ZERO))) {
      var call = pool.to(one.listen()).start(new Message.Ping(1));
      var address = two.listen();
      assertThatThrownBy(() -> pool.to(address)).isInstanceOf(IOException.class)
          .hasMessageContaining("all 1 connections to peers are in use");
      var asker = TestNode.next(held);
      asker.reply(1, new Message.Pong(1));
      asker.flush();
      assertThat(call.await(TestNode.SOON)).isEqualTo(new Message.Pong(1));
      assertThat(pool.to(address).isOpen()).isTrue();
    }
  }

  @Test
  void oneThatNobodyUsesIsClosed() throws Exception {
    try (var server = new TestNode("server");
        var client = new TestNode("client", config -> config.withTimeouts(
            Timeouts.DEFAULT.withLiveness(Duration.ofMillis(50), Duration.ofSeconds(3))),
            TestNode::answer);
        var pool = new ConnectionPool(client.endpoint,
            new PoolConfig(2, Duration.ofMillis(150), Duration.ZERO))) {
      var connection = pool.to(server.listen());
      connection.call(new Message.Ping(1), TestNode.SOON);
      assertThat(TestNode.next(client.closed)).startsWith("idle for");
      assertThat(TestNode.next(server.closed)).isEqualTo("the peer closed the connection: idle");
      assertThat(pool.size()).isZero();
    }
  }

  @Test
  void aClosedPoolClosesItsConnectionsAndGivesNoMore() throws Exception {
    try (var server = new TestNode("server"); var client = new TestNode("client")) {
      var pool = new ConnectionPool(client.endpoint);
      var address = server.listen();
      var connection = pool.to(address);
      pool.close();
      assertThat(connection.isOpen()).isFalse();
      assertThatThrownBy(() -> pool.to(address)).isInstanceOf(IllegalStateException.class);
    }
  }
}
