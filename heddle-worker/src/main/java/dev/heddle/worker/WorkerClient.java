package dev.heddle.worker;

import dev.heddle.code.RemoteFunction;
import dev.heddle.wire.Address;
import dev.heddle.wire.Argument;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.wire.Payload;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Talks to one worker: stores values on it, has it compute, reads what came of it. What other
/// distributed computations are built on.
///
/// ```java
/// try (var worker = WorkerClient.connect(Address.parse("heddle://localhost:4001"))) {
///   worker.put(Key.of("x"), 123);
///   Task1<Integer, Integer> add = x -> x + 10;
///   worker.compute(Key.of("y"), add, Key.of("x"));
///   System.out.println(worker.get(Key.of("y")));
/// }
/// ```
///
/// For any number of threads.
public final class WorkerClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration DATA_TIMEOUT = Duration.ofMinutes(5);
  private static final long GET_BYTES_MAX = 256L << 20;

  private final WorkerNetwork network;
  private final Address address;
  private final Runnable closing;

  WorkerClient(WorkerNetwork network, Address address, Runnable closing) {
    this.network = network;
    this.address = address;
    this.closing = closing;
  }

  /// Connects to a worker of this user's cluster.
  ///
  /// @throws IOException if it cannot be reached, or has another secret
  public static WorkerClient connect(Address address) throws IOException, InterruptedException {
    return connect(address, Secret.user());
  }

  /// Connects to a worker.
  ///
  /// @param secret the cluster's
  /// @throws IOException if it cannot be reached, or has another secret
  public static WorkerClient connect(Address address, Secret secret)
      throws IOException, InterruptedException {
    var network = WorkerNetwork.open("client-" + ProcessHandle.current().pid(), secret);
    try {
      var client = new WorkerClient(network, address, network::close);
      client.connection();
      return client;
    } catch (IOException | InterruptedException | RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /// Where the worker is.
  public Address address() {
    return address;
  }

  /// Asks for a sign of life.
  ///
  /// @return how long the answer took
  /// @throws IOException if none comes within 10 s
  public Duration ping() throws IOException, InterruptedException {
    var started = System.nanoTime();
    var response = connection().call(new Message.Ping(started), TIMEOUT);
    if (!(response instanceof Message.Pong(var token)) || token != started) {
      throw unexpected(response);
    }
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /// Who the worker is and how it is.
  ///
  /// @throws IOException if it does not answer within 10 s
  public Message.NodeInfo info() throws IOException, InterruptedException {
    var response = connection().call(new Message.AskInfo(), TIMEOUT);
    if (response instanceof Message.NodeInfo info) {
      return info;
    }
    throw unexpected(response);
  }

  /// Stores a value on the worker; returns when the metadata store knows.
  ///
  /// @throws ValuesRefusedException if the worker has that key already
  /// @throws IOException if the worker is lost, or refuses
  public void put(Key key, @Nullable Object value) throws IOException, InterruptedException {
    var values = new LinkedHashMap<Key, @Nullable Object>();
    values.put(key, value);
    put(values);
  }

  /// Stores values on the worker; returns when the metadata store knows of all.
  ///
  /// @throws ValuesRefusedException if the worker has some of the keys already; the others are
  ///     stored
  /// @throws IOException if the worker is lost, or refuses all
  public void put(Map<Key, ? extends @Nullable Object> values)
      throws IOException, InterruptedException {
    var payloads = new LinkedHashMap<Key, Payload>();
    values.forEach((key, value) -> payloads.put(key, network.code().values().encode(value)));
    var response = connection().call(new Message.PutData(payloads, false), DATA_TIMEOUT);
    if (!(response instanceof Message.Stored(var _, var refused))) {
      throw unexpected(response);
    }
    if (!refused.isEmpty()) {
      throw new ValuesRefusedException(address, refused);
    }
  }

  /// Reads one value.
  ///
  /// @throws MissingValuesException if the worker does not have it
  /// @throws ValueUnsendableException if the worker has it and cannot send it
  /// @throws IOException if the worker is lost
  public @Nullable Object get(Key key) throws IOException, InterruptedException {
    return get(List.of(key)).get(key);
  }

  /// Reads values, in the order of `keys`.
  ///
  /// @throws MissingValuesException if the worker does not have all
  /// @throws ValueUnsendableException if the worker cannot send one of them
  /// @throws IOException if the worker is lost
  public Map<Key, @Nullable Object> get(Collection<Key> keys)
      throws IOException, InterruptedException {
    var found = new LinkedHashMap<Key, Payload>();
    var missing = new ArrayList<Key>();
    var wanted = new LinkedHashSet<>(keys);
    while (!wanted.isEmpty()) {
      var connection = connection();
      var response = connection.call(new Message.GetData(List.copyOf(wanted), GET_BYTES_MAX),
          DATA_TIMEOUT);
      if (!(response instanceof Message.Data(var data)) || !wanted.containsAll(data.keySet())
          || data.isEmpty()) {
        throw unexpected(response);
      }
      data.forEach((key, datum) -> {
        switch (datum) {
          case Datum.Found(var payload) -> {
            payload.codeBases().forEach(codeBase -> network.code().heardOf(codeBase, connection));
            found.put(key, payload);
          }
          case Datum.Missing() -> missing.add(key);
          case Datum.Unsendable(var failure) ->
            throw new ValueUnsendableException(key, address, network.code().restore(failure));
          case Datum.Later() -> {
          }
          case Datum.Placed _ -> throw new IllegalStateException("the worker at " + address
              + " left '" + key + "' in shared memory, unasked; it is defective");
        }
        if (!(datum instanceof Datum.Later)) {
          wanted.remove(key);
        }
      });
    }
    if (!missing.isEmpty()) {
      throw new MissingValuesException(address, missing);
    }
    var values = new LinkedHashMap<Key, @Nullable Object>();
    for (var key : keys) {
      if (found.get(key) instanceof Payload payload) {
        values.put(key, network.code().values().decode(payload));
      }
    }
    return values;
  }

  /// Has the worker compute, and waits until the result is stored there and the metadata store
  /// knows.
  ///
  /// @param key what the result is stored under
  /// @param arguments what the function is called with. A [Key] stands for the value stored under
  ///     it, which the worker gets itself from whoever has it.
  /// @throws TaskFailedException if the function, or getting its inputs, fails
  /// @throws java.util.concurrent.CancellationException if somebody cancels it
  /// @throws IOException if the worker is lost, or refuses
  public Computed compute(Key key, RemoteFunction function, @Nullable Object... arguments)
      throws IOException, InterruptedException {
    return start(key, function, arguments).await();
  }

  /// [#compute] without waiting.
  ///
  /// @throws IOException if the worker is lost
  public PendingTask start(Key key, RemoteFunction function, @Nullable Object... arguments)
      throws IOException, InterruptedException {
    return startKnowing(Map.of(), key, function, false, arguments);
  }

  /// [#compute] without waiting.
  ///
  /// @param holders where the inputs are, as far as the caller knows: saves the worker asking
  /// @param blocking whether the function mostly waits, and so needs no slot of its own
  /// @throws IOException if the worker is lost
  public PendingTask startKnowing(Map<Key, List<Holder>> holders, Key key,
      RemoteFunction function, boolean blocking, @Nullable Object... arguments)
      throws IOException, InterruptedException {
    var values = network.code().values();
    var encoded = new ArrayList<Argument>(arguments.length);
    for (var argument : arguments) {
      encoded.add(argument instanceof Key input
          ? new Argument.Stored(input)
          : new Argument.Inline(values.encode(argument)));
    }
    var call = connection().start(
        new Message.Compute(key, values.encode(function), encoded, holders, blocking));
    return new PendingTask(key, address, call, network.code());
  }

  /// Has the worker forget values. Copies on other workers stay.
  ///
  /// @throws IOException if the worker is lost
  public void delete(Collection<Key> keys) throws IOException, InterruptedException {
    done(new Message.DeleteData(List.copyOf(keys)));
  }

  /// Stops computations: those that wait are dropped, those that run are interrupted. Whoever waits
  /// for them gets a [java.util.concurrent.CancellationException].
  ///
  /// @throws IOException if the worker is lost
  public void cancel(Collection<Key> keys) throws IOException, InterruptedException {
    done(new Message.Cancel(List.copyOf(keys)));
  }

  /// What the worker ran and fetched lately, oldest first; it remembers the last 20,000.
  ///
  /// @throws IOException if the worker is lost
  public List<Message.Activity> activity() throws IOException, InterruptedException {
    var activities = new ArrayList<Message.Activity>();
    var after = 0L;
    while (true) {
      var response = connection().call(new Message.AskActivities(after, 5_000), TIMEOUT);
      if (!(response instanceof Message.Activities page)) {
        throw unexpected(response);
      }
      activities.addAll(page.activities());
      if (!page.more() || page.last() <= after) {
        return activities;
      }
      after = page.last();
    }
  }

  private void done(Message.Request request) throws IOException, InterruptedException {
    var response = connection().call(request, TIMEOUT);
    if (!(response instanceof Message.Done)) {
      throw unexpected(response);
    }
  }

  Connection connection() throws IOException, InterruptedException {
    return network.connections().to(address);
  }

  private IOException unexpected(Message.Response response) {
    return new IOException("the worker at " + address + " gave an answer that does not fit: "
        + response.getClass().getSimpleName());
  }

  /// Closes what [#connect] opened.
  @Override
  public void close() {
    closing.run();
  }
}
