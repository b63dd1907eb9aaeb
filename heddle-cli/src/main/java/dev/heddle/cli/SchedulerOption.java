package dev.heddle.cli;

import dev.heddle.wire.Address;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Message;
import dev.heddle.wire.RefusedException;
import dev.heddle.wire.Secret;
import dev.heddle.worker.WorkerNetwork;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// For commands that ask a scheduler.
final class SchedulerOption {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Option(names = {"-a",
      "--address"}, paramLabel = "ADDRESS", defaultValue = "heddle://localhost:8786", description = "the scheduler: heddle://host:port (default: ${DEFAULT-VALUE})")
  String address;

  @Option(names = "--json", description = "print JSON")
  boolean json;

  @Mixin
  private Cluster cluster;

  Secret secret() throws IOException {
    return cluster.secret();
  }

  WorkerNetwork open() throws IOException {
    return WorkerNetwork.open(Cluster.NAME, cluster.secret());
  }

  /// Asks the scheduler one thing.
  ///
  /// @throws IOException if it cannot be reached, or does not know what this is about
  <T extends Message.Response> T ask(WorkerNetwork network, Message.Request request,
      Class<T> answer)
      throws IOException, InterruptedException {
    return ask(network, request, answer, TIMEOUT);
  }

  <T extends Message.Response> T ask(WorkerNetwork network, Message.Request request,
      Class<T> answer, Duration timeout) throws IOException, InterruptedException {
    var connection = network.connections().to(Address.parse(address));
    try {
      return answer.cast(connection.call(request, timeout));
    } catch (RefusedException e) {
      throw e.reason() == Message.Reason.UNKNOWN_OPERATION
          ? new IOException(ErrorCode.WRONG_ROLE.of(address + " is no scheduler but a "
              + connection.peer().role().name().toLowerCase(java.util.Locale.ROOT)
              + "; give the address of one with --address"), e)
          : e;
    }
  }
}
