package dev.heddle.bench;

import dev.heddle.wire.Address;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Message;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Two nodes in this JVM, connected over loopback. The far one answers pings, and takes values
/// without keeping them.
final class Nodes implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Endpoint far;
  private final Endpoint near;
  private final Connection connection;

  Nodes() throws IOException, InterruptedException {
    var secret = Secret.generate();
    far = new Endpoint(EndpointConfig.of(Hello.Role.WORKER, "far", secret), Nodes::answer);
    near = new Endpoint(EndpointConfig.of(Hello.Role.CLIENT, "near", secret), Nodes::answer);
    connection = near.connect(far.listen(new Address("127.0.0.1", 0)));
  }

  private static void answer(Connection from, List<Incoming> batch) {
    for (var incoming : batch) {
      if (incoming instanceof Incoming.Asked(var correlation, var request)) {
        from.reply(correlation,
            request instanceof Message.Ping(var token)
                ? new Message.Pong(token)
                : new Message.Done());
      }
    }
  }

  Connection connection() {
    return connection;
  }

  @Override
  public void close() {
    near.close();
    far.close();
  }
}
