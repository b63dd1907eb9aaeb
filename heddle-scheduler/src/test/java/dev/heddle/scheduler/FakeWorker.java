package dev.heddle.scheduler;

import dev.heddle.metadata.MetadataStore;
import dev.heddle.wire.Address;
import dev.heddle.wire.Callee;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.Payload;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A worker that answers what it is assigned when the test says so, or at once.
final class FakeWorker extends FakeNode {
  private static final AtomicLong INCARNATIONS = new AtomicLong();

  final WorkerInfo info;
  final BlockingQueue<Message.Assign> assigned = new LinkedBlockingQueue<>();
  final BlockingQueue<Message.Attach> attached = new LinkedBlockingQueue<>();
  final BlockingQueue<Key> released = new LinkedBlockingQueue<>();
  final BlockingQueue<Message.Notice> others = new LinkedBlockingQueue<>();
  final Map<Integer, Payload> defined = new ConcurrentHashMap<>();
  final BlockingQueue<Integer> definitions = new LinkedBlockingQueue<>();
  final List<Entry> stored = new CopyOnWriteArrayList<>();
  final List<Key> unfinished = new CopyOnWriteArrayList<>();
  /// The names by which it was asked to leave.
  final BlockingQueue<String> retired = new LinkedBlockingQueue<>();
  volatile @Nullable Connection link;
  /// How often a scheduler that asks it to serve is told to ask again.
  final AtomicInteger refusals = new AtomicInteger();
  volatile boolean answersAtOnce;
  volatile long pid = ProcessHandle.current().pid();

  FakeWorker(String name, int slots) throws Exception {
    this(name, slots, new Address("127.0.0.1", 0));
  }

  FakeWorker(String name, int slots, Address where) throws Exception {
    super(Hello.Role.WORKER, name);
    info = new WorkerInfo(new WorkerId(name, INCARNATIONS.incrementAndGet()),
        endpoint.listen(where), "localhost", ProcessHandle.current().pid(), slots);
  }

  /// One that answers each task at once with the text of its key.
  static FakeWorker quick(String name, int slots) throws Exception {
    var worker = new FakeWorker(name, slots);
    worker.answersAtOnce = true;
    return worker;
  }

  /// Joins, and waits until a scheduler has taken it into service.
  FakeWorker join(MetadataStore store) throws Exception {
    store.join(info, Duration.ofMinutes(10));
    next(attached);
    return this;
  }

  /// The connection of the scheduler that it serves.
  Connection scheduler() {
    return Objects.requireNonNull(link, "attached before");
  }

  @Override
  Message.Response answer(Connection from, Message.Request request) {
    return switch (request) {
      case Message.Attach attach -> {
        if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          yield new Message.Refused(Message.Reason.UNAVAILABLE, "still starting");
        }
        link = from;
        attached.add(attach);
        // In two notices, as a worker with much to tell does.
        from.notice(new Message.Holding(List.copyOf(stored), List.of()));
        from.notice(new Message.Holding(List.of(), List.copyOf(unfinished)));
        yield new Message.Attached(info.threads(), Map.of(), 1 << 20);
      }
      case Message.AskInfo() -> new Message.NodeInfo("worker", name, info.address(), "localhost",
          pid, 0, Map.of());
      case Message.Ping(var token) -> new Message.Pong(token);
      case Message.Retire(var who) -> {
        retired.add(who);
        yield new Message.Done();
      }
      default -> new Message.Refused(Message.Reason.UNKNOWN_OPERATION, "not here: " + request);
    };
  }

  @Override
  void noticed(Connection from, Message.Notice notice) {
    switch (notice) {
      case Message.Assign assign -> {
        assigned.add(assign);
        if (answersAtOnce) {
          end(assign, ready(assign.key().text()));
        }
      }
      case Message.Define(var number, var payload) -> {
        defined.put(number, payload);
        definitions.add(number);
      }
      case Message.Undefine(var numbers) -> numbers.forEach(defined::remove);
      case Message.Release(var keys) -> released.addAll(keys);
      default -> others.add(notice);
    }
  }

  /// The function of an assignment, as text.
  String function(Message.Assign assign) {
    return switch (assign.function()) {
      case Callee.Known(var number) -> {
        var payload = defined.get(number);
        if (payload == null) {
          throw new AssertionError("function " + number + " was never defined");
        }
        yield text(payload);
      }
      case Callee.Carried(var payload) -> text(payload);
    };
  }

  static TaskEnd ready(String value) {
    return new TaskEnd.Ready("java.lang.String", value.length(), 1_000,
        Optional.of(payload(value)));
  }

  /// Done, with a value too large to ride along.
  static TaskEnd readyHere() {
    return new TaskEnd.Ready("[B", 1 << 20, 1_000, Optional.empty());
  }

  void end(Message.Assign assign, TaskEnd end) {
    scheduler().notice(new Message.Ended(assign.task(), end));
    scheduler().flush();
  }

  /// The next assignments, whatever their order.
  List<Message.Assign> nextAssigned(int count) throws InterruptedException {
    var all = new ArrayList<Message.Assign>();
    for (var i = 0; i < count; i++) {
      all.add(next(assigned));
    }
    return all;
  }
}
