package dev.heddle.cli;

import dev.heddle.wire.Address;
import dev.heddle.wire.Message;
import dev.heddle.worker.WorkerNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Mixin;

/// For commands that ask several nodes at once, and go without those that do not answer in time.
final class Nodes {
  private static final Duration WORKERS_WITHIN = Duration.ofSeconds(1);

  @Mixin
  final SchedulerOption scheduler = new SchedulerOption();

  /// @param name for people
  record Node(String name, Address address) {}

  /// What is asked of one node, on a thread of its own.
  interface Question<T> {
    T ask(Node node) throws Exception;
  }

  /// @param answers of those who answered, in the order of the nodes
  /// @param silent why the others did not
  record Answers<T>(Map<Node, T> answers, Map<Node, String> silent) {}

  /// The scheduler and its workers. Where it does not tell of workers in time, itself only.
  List<Node> all(WorkerNetwork network) throws InterruptedException {
    var nodes = new ArrayList<Node>();
    nodes.add(new Node("scheduler", Address.parse(scheduler.address)));
    try {
      var connection = network.connections().to(nodes.getFirst().address());
      if (connection.call(new Message.AskWorkers(),
          WORKERS_WITHIN) instanceof Message.Workers(var workers)) {
        workers.forEach(worker -> nodes.add(new Node(worker.id().name(), worker.address())));
      }
    } catch (IOException e) {
      // Whoever is asked next says it for itself.
      return nodes;
    }
    return nodes;
  }

  /// One of them, by its name or its address.
  ///
  /// @throws NotThereException if there is no such worker
  List<Node> named(WorkerNetwork network, String name)
      throws NotThereException, InterruptedException {
    var nodes = all(network);
    for (var node : nodes) {
      if (node.name().equals(name)) {
        return List.of(node);
      }
    }
    if (name.contains(":")) {
      return List.of(new Node(name, Address.parse(name)));
    }
    throw new NotThereException("there is no node '" + name + "'; there is "
        + String.join(", ", nodes.stream().map(Node::name).toList())
        + ", and any other can be given as host:port");
  }

  /// Asks all of them at once.
  static <T> Answers<T> ask(List<Node> nodes, Duration within, Question<T> question)
      throws InterruptedException {
    var answers = new LinkedHashMap<Node, T>();
    var silent = new LinkedHashMap<Node, String>();
    var deadline = System.nanoTime() + within.toNanos();
    var executor = Executors.newVirtualThreadPerTaskExecutor();
    try {
      var asked = new LinkedHashMap<Node, CompletableFuture<T>>();
      for (var node : nodes) {
        var answer = new CompletableFuture<T>();
        asked.put(node, answer);
        executor.execute(() -> answer(answer, node, question));
      }
      for (var each : asked.entrySet()) {
        try {
          answers.put(each.getKey(), each.getValue()
              .get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
          silent.put(each.getKey(), "no answer within " + within.toMillis() / 1_000.0 + " s");
        } catch (ExecutionException e) {
          silent.put(each.getKey(),
              Failures.messageOf(e.getCause() == null ? e : e.getCause()));
        }
      }
    } finally {
      executor.shutdownNow();
    }
    return new Answers<>(answers, silent);
  }

  private static <T> void answer(CompletableFuture<T> to, Node node, Question<T> question) {
    try {
      to.complete(question.ask(node));
    } catch (Exception e) {
      to.completeExceptionally(e);
    }
  }
}
