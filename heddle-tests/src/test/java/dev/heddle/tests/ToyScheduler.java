package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.code.CodeBases;
import dev.heddle.code.RemoteFunction;
import dev.heddle.values.ClassResolver;
import dev.heddle.values.Values;
import dev.heddle.wire.Address;
import dev.heddle.wire.Argument;
import dev.heddle.wire.Callee;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionHandler;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.Payload;
import dev.heddle.wire.Secret;
import dev.heddle.wire.TaskKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A scheduler without a mind of its own: says to a worker what the test says, and keeps what the worker
/// says until the test looks at it.
final class ToyScheduler implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final CodeBases CODE = new CodeBases();
  /// For functions and values of this JVM's own classes.
  static final Values VALUES = new Values(ClassResolver.of(CODE::codeBaseOf, CODE::load));

  private final Endpoint endpoint;
  private final Address listening;
  private final String namespace;
  private final ClientId client = new ClientId("abcdef");
  private @Nullable Connection connection;
  private long assignments;
  private long tasks;
  private int functions;

  private final BlockingQueue<Message.Ended> ended = new LinkedBlockingQueue<>();
  private final BlockingQueue<Message.Waits> waits = new LinkedBlockingQueue<>();
  private final BlockingQueue<Message.Beat> beats = new LinkedBlockingQueue<>();
  private final List<Message.Holding> holding = new ArrayList<>();
  private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();

  ToyScheduler(Secret secret, String namespace) throws IOException {
    this.namespace = namespace;
    endpoint = new Endpoint(EndpointConfig.of(Hello.Role.SCHEDULER, "toy-" + namespace, secret),
        new Handler());
    listening = endpoint.listen(new Address("127.0.0.1", 0));
  }

  Address listening() {
    return listening;
  }

  private final class Handler implements ConnectionHandler {
    @Override
    public void received(Connection from, List<Incoming> batch) {
      for (var incoming : batch) {
        switch (incoming) {
          case Incoming.Noticed(Message.Ended end) -> ended.add(end);
          case Incoming.Noticed(Message.Waits wait) -> waits.add(wait);
          case Incoming.Noticed(Message.Beat beat) -> beats.add(beat);
          case Incoming.Noticed(Message.Holding some) -> {
            synchronized (holding) {
              holding.add(some);
            }
          }
          case Incoming.Noticed(var other) -> throw new IllegalStateException("unasked: " + other);
          case Incoming.Asked(var correlation, var request) -> from.reply(correlation,
              new Message.Refused(Message.Reason.UNKNOWN_OPERATION, "a toy: " + request));
        }
      }
    }

    @Override
    public void closed(Connection from, String reason) {
      closed.add(reason);
    }
  }

  // --- what it says

  /// Connects and attaches.
  Message.Attached attach(Address worker, boolean keepsWhoHas) throws Exception {
    return attach(worker, keepsWhoHas, namespace);
  }

  Message.Attached attach(Address worker, boolean keepsWhoHas, String as) throws Exception {
    connection = endpoint.connect(worker);
    return attach(keepsWhoHas, as);
  }

  /// Also to know that all that was said before has been heard.
  Message.Attached attachAgain(boolean keepsWhoHas) throws Exception {
    return attach(keepsWhoHas, namespace);
  }

  private Message.Attached attach(boolean keepsWhoHas, String as) throws Exception {
    synchronized (holding) {
      holding.clear();
    }
    return (Message.Attached) connection().call(new Message.Attach(as, keepsWhoHas), PATIENCE);
  }

  Connection connection() {
    if (connection instanceof Connection open) {
      return open;
    }
    throw new IllegalStateException("not connected yet");
  }

  /// Loses its connection.
  void lose() throws InterruptedException {
    connection().close("lost by the test");
    assertThat(closed.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
  }

  void say(Message.Notice... notices) {
    Arrays.asList(notices).forEach(connection()::notice);
    connection().flush();
  }

  /// A key that no other has.
  Key key(String name) {
    return TaskKeys.numbered(name, namespace, client, ++tasks);
  }

  /// Says of a function what number it has from now on.
  Callee define(RemoteFunction function) {
    var number = ++functions;
    say(new Message.Define(number, encode(function)));
    return new Callee.Known(number);
  }

  static Payload encode(@Nullable Object value) {
    return VALUES.encode(value);
  }

  static Callee carried(RemoteFunction function) {
    return new Callee.Carried(encode(function));
  }

  /// An assignment without anything special.
  Message.Assign assignment(Key key, Callee function, @Nullable Object... arguments) {
    return new Message.Assign(++assignments, key, function,
        Arrays.stream(arguments)
            .<Argument>map(argument -> argument instanceof Key input
                ? new Argument.Stored(input)
                : new Argument.Inline(encode(argument)))
            .toList(),
        List.of(), Map.of(), 0, 0, false);
  }

  static Message.Assign capturing(Message.Assign assign, Key... captured) {
    return new Message.Assign(assign.task(), assign.key(), assign.function(), assign.arguments(),
        List.of(captured), assign.holders(), assign.order(), assign.timeoutMillis(),
        assign.blocking());
  }

  static Message.Assign ordered(Message.Assign assign, long order) {
    return new Message.Assign(assign.task(), assign.key(), assign.function(), assign.arguments(),
        assign.captured(), assign.holders(), order, assign.timeoutMillis(), assign.blocking());
  }

  static Message.Assign within(Message.Assign assign, long timeoutMillis) {
    return new Message.Assign(assign.task(), assign.key(), assign.function(), assign.arguments(),
        assign.captured(), assign.holders(), assign.order(), timeoutMillis, assign.blocking());
  }

  static Message.Assign blocking(Message.Assign assign) {
    return new Message.Assign(assign.task(), assign.key(), assign.function(), assign.arguments(),
        assign.captured(), assign.holders(), assign.order(), assign.timeoutMillis(), true);
  }

  /// Assigns it.
  ///
  /// @return the number of the assignment
  long assign(Key key, Callee function, @Nullable Object... arguments) {
    var assign = assignment(key, function, arguments);
    say(assign);
    return assign.task();
  }

  // --- what it heard

  Message.Ended awaitEnded() throws InterruptedException {
    var next = ended.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(next).as("the end of an assignment").isNotNull();
    return next;
  }

  TaskEnd awaitEnd(long task) throws InterruptedException {
    var next = awaitEnded();
    assertThat(next.task()).as("which assignment ended: %s", next).isEqualTo(task);
    return next.end();
  }

  /// The value that came with the end of an assignment.
  @Nullable
  Object awaitValue(long task) throws InterruptedException {
    var end = awaitEnd(task);
    assertThat(end).isInstanceOf(TaskEnd.Ready.class);
    return value((TaskEnd.Ready) end).orElseThrow();
  }

  static Optional<Object> value(TaskEnd.Ready ready) {
    return ready.value().map(payload -> {
      var decoded = VALUES.decode(payload);
      return decoded == null ? "null" : decoded;
    });
  }

  List<Message.Ended> untoldSoFar() {
    return List.copyOf(ended);
  }

  Message.Waits awaitWaits() throws InterruptedException {
    var next = waits.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(next).as("that a function waits or goes on").isNotNull();
    return next;
  }

  /// The next one to come.
  Message.Beat awaitBeat() throws InterruptedException {
    beats.clear();
    var next = beats.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(next).as("a sign of life").isNotNull();
    return next;
  }

  String awaitClosed() throws InterruptedException {
    var reason = closed.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(reason).as("the end of the connection").isNotNull();
    return reason;
  }

  /// What was told at the last attachment.
  List<Key> stored() {
    synchronized (holding) {
      return holding.stream().flatMap(some -> some.stored().stream()).map(Message.Entry::key)
          .toList();
    }
  }

  List<Key> unfinished() {
    synchronized (holding) {
      return holding.stream().flatMap(some -> some.unfinished().stream()).toList();
    }
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
