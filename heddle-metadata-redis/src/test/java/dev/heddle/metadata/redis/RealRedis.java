package dev.heddle.metadata.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import redis.clients.jedis.Jedis;
import redis.embedded.RedisServer;

/// A Redis of its own process on a free port of this machine, without any data on disk.
final class RealRedis implements AutoCloseable {
  private final int port;
  private RedisServer server;

  private RealRedis(int port) throws IOException {
    this.port = port;
    this.server = started(port);
  }

  static RealRedis start() throws IOException {
    return new RealRedis(freePort());
  }

  private static int freePort() throws IOException {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static RedisServer started(int port) throws IOException {
    var server = RedisServer.newRedisServer().bind("127.0.0.1").port(port).setting("save \"\"")
        .setting("appendonly no").build();
    server.start();
    return server;
  }

  /// Starts it again, without data.
  void restart() throws IOException {
    server.stop();
    server = started(port);
  }

  RedisAddress address(String namespace) {
    return new RedisAddress(false, "127.0.0.1", port, Optional.empty(), Optional.empty(), 0,
        namespace);
  }

  /// Speaks to it without our code in between.
  Jedis raw() {
    return new Jedis("127.0.0.1", port);
  }

  void stop() throws IOException {
    server.stop();
  }

  @Override
  public void close() throws IOException {
    server.stop();
  }
}
