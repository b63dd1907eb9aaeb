package dev.heddle.scheduler;

import dev.heddle.wire.Callee;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.Operand;
import dev.heddle.wire.Payload;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.TaskSettings;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// A client that says what the test says.
final class FakeClient extends FakeNode {
  private static final Random RANDOM = new Random(42);

  final ClientId id;
  final BlockingQueue<Result> results = new LinkedBlockingQueue<>();
  final BlockingQueue<Message.WorkersNow> workers = new LinkedBlockingQueue<>();
  final BlockingQueue<Message.Request> asked = new LinkedBlockingQueue<>();
  /// Its classes: by name the content.
  final Map<String, byte[]> code = new ConcurrentHashMap<>();
  /// What happens before it answers a question about code.
  volatile Runnable before = () -> {};
  /// Whether its contents are not what they are said to be.
  volatile boolean lies;
  volatile @Nullable Connection link;
  private volatile Message.@Nullable Welcome welcome;
  private final Map<Long, Result> byTask = new HashMap<>();

  FakeClient(String name) {
    this(name, ClientId.random(RANDOM));
  }

  FakeClient(String name, ClientId id) {
    super(Hello.Role.CLIENT, name);
    this.id = id;
  }

  /// One that has greeted.
  static FakeClient of(String name, Scheduler of) throws Exception {
    var client = new FakeClient(name);
    client.greet(of, false);
    return client;
  }

  void greet(Scheduler of, boolean returning, WorkerId... known) throws Exception {
    var connection = connect(of);
    link = connection;
    welcome = (Message.Welcome) ask(connection,
        new Message.Greet(id, name, returning, List.of(known), false));
  }

  Connection scheduler() {
    return Objects.requireNonNull(link, "connected before");
  }

  Message.Welcome welcome() {
    return Objects.requireNonNull(welcome, "greeted before");
  }

  @Override
  Message.Response answer(Connection from, Message.Request request) {
    asked.add(request);
    before.run();
    return switch (request) {
      case Message.AskContent(_, var names) -> {
        var hashes = new LinkedHashMap<String, ContentHash>();
        code.forEach((known, content) -> {
          if (names.contains(known.substring(known.lastIndexOf('/') + 1))) {
            hashes.put(known, ContentHash.of(content));
          }
        });
        yield new Message.Content(hashes);
      }
      case Message.AskBlobs(var hashes) -> new Message.Blobs(hashes.stream()
          .map(hash -> code.values().stream().filter(bytes -> ContentHash.of(bytes).equals(hash))
              .findFirst().map(bytes -> lies ? new byte[]{6, 6, 6} : bytes))
          .toList());
      default -> new Message.Refused(Message.Reason.UNKNOWN_OPERATION, "not here: " + request);
    };
  }

  @Override
  void noticed(Connection from, Message.Notice notice) {
    switch (notice) {
      case Message.Results(var all) -> results.addAll(all);
      case Message.WorkersNow now -> workers.add(now);
      default -> throw new AssertionError("a client is told " + notice);
    }
  }

  Key key(long number) {
    return TaskKeys.numbered("task", welcome().namespace(), id, number);
  }

  Message.Submit submission(long number, Callee function, boolean returning, Operand... operands) {
    return new Message.Submit(number, key(number), function, List.of(operands), List.of(),
        TaskSettings.DEFAULT, Optional.empty(), returning);
  }

  /// Submits a task of a function that travels along.
  void submit(long number, Operand... operands) {
    say(submission(number, new Callee.Carried(payload("f" + number)), false, operands));
  }

  void say(Message.Notice... notices) {
    Arrays.stream(notices).forEach(scheduler()::notice);
    scheduler().flush();
  }

  Message.Response ask(Message.Request request) throws Exception {
    return ask(scheduler(), request);
  }

  /// How a task ended; what other tasks' ends come meanwhile are kept.
  Result result(long task) throws InterruptedException {
    while (true) {
      var known = byTask.remove(task);
      if (known != null) {
        return known;
      }
      var next = next(results);
      byTask.put(next.task(), next);
    }
  }

  /// Waits until it has been told of so many workers.
  List<WorkerInfo> awaitWorkers(int count) throws InterruptedException {
    while (true) {
      var now = next(workers).workers();
      if (now.size() == count) {
        return now;
      }
    }
  }

  String value(long task) throws InterruptedException {
    return switch (result(task)) {
      case Result.Ready ready -> text(ready.value().orElseThrow());
      case Result other -> throw new AssertionError(other);
    };
  }

  static Operand ofTask(long number) {
    return new Operand.OfTask(number);
  }

  static Operand inline(String value) {
    return new Operand.Inline(payload(value));
  }

  static Payload ofCodeBase(CodeBaseId codeBase, String text) {
    return new Payload(1, List.of(codeBase), text.getBytes(StandardCharsets.UTF_8),
        List.of());
  }
}
