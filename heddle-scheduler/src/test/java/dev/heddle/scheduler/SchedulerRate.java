package dev.heddle.scheduler;

import dev.heddle.wire.Address;
import dev.heddle.wire.Callee;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionHandler;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.Operand;
import dev.heddle.wire.Payload;
import dev.heddle.wire.Secret;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.TaskSettings;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// How many tasks that do nothing go through a scheduler in a second: one client, two workers, each
/// in a JVM of its own, which do nothing but speak the protocol. A main program, for people:
/// `SchedulerRate [TASKS]`.
final class SchedulerRate {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CHUNK = 1_000;
  private static final int WINDOW = 20_000;
  private static final int ROUNDS = 5;

  private SchedulerRate() {}

  public static void main(String[] args) throws Exception {
    switch (args.length == 0 ? "all" : args[0]) {
      case "worker" -> work(args[1], Address.parse(args[2]), secret(args[3]));
      case "client" -> measure(Address.parse(args[1]), secret(args[2]), Integer.parseInt(args[3]));
      default -> all(args.length == 0 ? "200000" : args[0]);
    }
  }

  private static Secret secret(String text) {
    return Secret.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void all(String tasks) throws Exception {
    var secret = "0123456789abcdef0123456789abcdef";
    var workers = new ArrayList<Process>();
    try (var scheduler = Scheduler.start(
        SchedulerOptions.of(secret(secret)).withListen(new Address("127.0.0.1", 0)))) {
      var address = scheduler.address().toString();
      for (var name : List.of("worker-1", "worker-2")) {
        workers.add(start("worker", name, address, secret));
      }
      start("client", address, secret, tasks).waitFor();
      var runtime = Runtime.getRuntime();
      System.out.printf("scheduler: %d MB of heap in use at the end, before any collection%n",
          (runtime.totalMemory() - runtime.freeMemory()) >> 20);
    } finally {
      workers.forEach(Process::destroy);
    }
  }

  private static Process start(String... args) throws IOException {
    var command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g",
        "-XX:+UseParallelGC", "-cp", System.getProperty("java.class.path"),
        SchedulerRate.class.getName()));
    Collections.addAll(command, args);
    return new ProcessBuilder(command).inheritIO().start();
  }

  // --- a worker

  private static void work(String name, Address scheduler, Secret secret) throws Exception {
    try (var endpoint = new Endpoint(EndpointConfig.of(Hello.Role.WORKER, name, secret),
        (ConnectionHandler) (from, batch) -> answer(name, from, batch))) {
      var info = new WorkerInfo(new WorkerId(name, new Random().nextLong()),
          endpoint.listen(new Address("127.0.0.1", 0)), "localhost",
          ProcessHandle.current().pid(), 1);
      var connection = endpoint.connect(scheduler);
      var _ = connection.call(new Message.Join(info, Duration.ofHours(1).toMillis()), PATIENCE);
      new CountDownLatch(1).await();
    }
  }

  private static final TaskEnd.Ready NOTHING = new TaskEnd.Ready("null", 1, 1_000,
      Optional.of(new Payload(1, List.of(), new byte[8], List.of())));

  private static void answer(String name, Connection from, List<Incoming> batch) {
    for (var incoming : batch) {
      switch (incoming) {
        case Incoming.Noticed(Message.Assign assign) ->
          from.notice(new Message.Ended(assign.task(), NOTHING));
        case Incoming.Asked(var correlation, Message.Attach _) ->
          from.reply(correlation, new Message.Attached(1, Map.of(), 1L << 30));
        case Incoming.Asked(var correlation, Message.AskInfo _) -> from.reply(correlation,
            new Message.NodeInfo("worker", name, from.remoteAddress(), "localhost",
                ProcessHandle.current().pid(), 0, Map.of()));
        case Incoming.Noticed _,Incoming.Asked _ -> {
          // Nothing to be done about the rest.
        }
      }
    }
  }

  // --- the client

  private static void measure(Address scheduler, Secret secret, int tasks) throws Exception {
    var id = ClientId.random(new Random());
    var results = new Semaphore(0);
    var workers = new Semaphore(0);
    var finished = new AtomicBoolean();
    var handler = new ConnectionHandler() {
      @Override
      public void received(Connection from, List<Incoming> batch) {
        for (var incoming : batch) {
          if (incoming instanceof Incoming.Noticed(Message.Results(var all))) {
            results.release(all.size());
          } else if (incoming instanceof Incoming.Noticed(Message.WorkersNow(var now))
              && now.size() == 2) {
            workers.release();
          }
        }
      }

      @Override
      public void closed(Connection connection, String reason) {
        if (!finished.get()) {
          System.out.println("the connection to the scheduler ended: " + reason);
          Runtime.getRuntime().halt(1);
        }
      }
    };
    try (var endpoint = new Endpoint(EndpointConfig.of(Hello.Role.CLIENT, "client", secret),
        handler)) {
      var connection = endpoint.connect(scheduler);
      var welcome = (Message.Welcome) connection
          .call(new Message.Greet(id, "client", false, List.of(), false), PATIENCE);
      workers.acquire();
      connection.notice(new Message.Define(1, payload("the function")));
      var next = 1L;
      for (var round = 1; round <= ROUNDS; round++) {
        var began = System.nanoTime();
        for (var from = 0; from < tasks; from += CHUNK) {
          var operands = new ArrayList<Operand>(CHUNK);
          for (var i = 0; i < CHUNK; i++) {
            operands.add(new Operand.Inline(payload("element " + (from + i))));
          }
          connection.notice(new Message.SubmitMap(next + from,
              TaskKeys.numbered("map", welcome.namespace(), id, next), from,
              new Callee.Known(1), operands, List.of(), TaskSettings.DEFAULT, false));
          connection.flush();
        }
        results.acquire(tasks);
        report("map", tasks, began);
        drop(connection, next, tasks);
        next += tasks;
      }
      for (var round = 1; round <= ROUNDS; round++) {
        var began = System.nanoTime();
        var under = new Semaphore(WINDOW);
        for (var i = 0; i < tasks; i++) {
          if (!under.tryAcquire()) {
            connection.flush();
            results.acquire();
            under.release(1 + results.drainPermits());
            under.acquire();
          }
          submit(connection, welcome.namespace(), id, next + i);
        }
        connection.flush();
        results.acquire(WINDOW - under.availablePermits());
        report("one by one, " + WINDOW + " under way", tasks, began);
        drop(connection, next, tasks);
        next += tasks;
      }
      next = latency(connection, welcome.namespace(), id, next, results);
      var chain = 5_000;
      for (var round = 1; round <= ROUNDS; round++) {
        var began = System.nanoTime();
        for (var i = 0; i < chain; i++) {
          var number = next + i;
          connection.notice(new Message.Submit(number,
              TaskKeys.numbered("step", welcome.namespace(), id, number), new Callee.Known(1),
              i == 0 ? List.of() : List.of(new Operand.OfTask(number - 1)), List.of(),
              TaskSettings.DEFAULT, Optional.empty(), false));
        }
        connection.flush();
        results.acquire(chain);
        report("chain", chain, began);
        drop(connection, next, chain);
        next += chain;
      }
      finished.set(true);
      connection.notice(new Message.Farewell());
      connection.flush();
    }
  }

  private static long latency(Connection connection, String namespace, ClientId id, long first,
      Semaphore results) throws InterruptedException {
    var count = 10_000;
    var nanos = new long[count];
    for (var i = 0; i < count; i++) {
      var began = System.nanoTime();
      submit(connection, namespace, id, first + i);
      connection.flush();
      results.acquire();
      nanos[i] = System.nanoTime() - began;
    }
    java.util.Arrays.sort(nanos);
    System.out.printf("submit to result, idle: p50 %d us, p99 %d us%n", nanos[count / 2] / 1_000,
        nanos[count * 99 / 100] / 1_000);
    drop(connection, first, count);
    return first + count;
  }

  private static void submit(Connection connection, String namespace, ClientId id, long number) {
    connection.notice(new Message.Submit(number,
        TaskKeys.numbered("task", namespace, id, number), new Callee.Known(1),
        List.of(new Operand.Inline(payload("argument"))), List.of(), TaskSettings.DEFAULT,
        Optional.empty(), false));
  }

  private static void drop(Connection connection, long first, long count) {
    connection.notice(new Message.Drop(List.of(new Message.Range(first, count))));
    connection.flush();
  }

  private static Payload payload(String text) {
    return new Payload(1, List.of(), text.getBytes(StandardCharsets.UTF_8), List.of());
  }

  private static void report(String what, int tasks, long began) {
    var seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf("%s: %,d tasks in %.3f s, %,.0f a second, %.2f us each%n", what, tasks,
        seconds, tasks / seconds, seconds / tasks * 1e6);
  }
}
