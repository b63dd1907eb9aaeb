package dev.heddle.metadata.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import javax.net.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stands between a client and a Redis: speaks TLS to the client, or falls silent.
final class TestProxy implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TestProxy.class);

  private final ServerSocket server;
  private final int target;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final Set<Socket> frozen = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);

  /// @param factory makes what clients connect to
  /// @param target the port of the Redis
  TestProxy(ServerSocketFactory factory, int target) throws IOException {
    this.server = factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.target = target;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /// Keeps the connections that there are open and passes nothing on any more.
  void freeze() {
    frozen.addAll(sockets);
  }

  private void accept() {
    try {
      while (true) {
        var client = server.accept();
        var redis = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(redis);
        Thread.ofVirtual().start(() -> pass(client, redis));
        Thread.ofVirtual().start(() -> pass(redis, client));
      }
    } catch (IOException e) {
      LOG.debug("no more clients", e);
    }
  }

  private void pass(Socket from, Socket to) {
    var buffer = new byte[8192];
    try (from; to) {
      for (var n = from.getInputStream().read(buffer); n >= 0; n = from.getInputStream()
          .read(buffer)) {
        if (frozen.contains(from)) {
          closed.await();
        }
        to.getOutputStream().write(buffer, 0, n);
        to.getOutputStream().flush();
      }
    } catch (IOException | InterruptedException e) {
      LOG.debug("one way ended", e);
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    for (var socket : sockets) {
      socket.close();
    }
  }
}
