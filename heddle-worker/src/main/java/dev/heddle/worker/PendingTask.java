package dev.heddle.worker;

import dev.heddle.wire.Address;
import dev.heddle.wire.CallTimeoutException;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/// A computation that was asked for.
public final class PendingTask {
  private static final Duration FOREVER = Duration.ofDays(365);

  private final Key key;
  private final Address worker;
  private final Connection.Call call;
  private final NodeCode code;

  PendingTask(Key key, Address worker, Connection.Call call, NodeCode code) {
    this.key = key;
    this.worker = worker;
    this.call = call;
    this.code = code;
  }

  /// What the result is stored under.
  public Key key() {
    return key;
  }

  /// Where it is computed.
  public Address worker() {
    return worker;
  }

  /// Waits for the result to be stored. Ends at the latest when the worker is lost.
  ///
  /// @throws TaskFailedException if the function, or getting its inputs, fails
  /// @throws CancellationException if somebody cancels it
  /// @throws IOException if the worker is lost, or refuses
  public Computed await() throws IOException, InterruptedException {
    return await(FOREVER);
  }

  /// [#await()], for a while; the computation goes on.
  ///
  /// @throws CallTimeoutException if it is not done within `timeout`
  public Computed await(Duration timeout) throws IOException, InterruptedException {
    return switch (call.await(timeout)) {
      case Message.Finished(var done, var type, var size, var nanos) ->
        new Computed(done, type, size, Duration.ofNanos(nanos));
      case Message.Failed(_, var failure) ->
        throw new TaskFailedException(key, worker, failure,
            TaskFailures.restored(failure, code::restore));
      case Message.Cancelled _ ->
        throw new CancellationException("'" + key + "' was cancelled on " + worker);
      case Message.Response other -> throw new IOException("the worker at " + worker
          + " gave an answer that does not fit: " + other.getClass().getSimpleName());
    };
  }
}
