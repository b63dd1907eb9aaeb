package dev.heddle.worker;

import static dev.heddle.simulation.SimulatedTime.MILLI;

import dev.heddle.simulation.SimulatedTime;
import dev.heddle.wire.Address;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.worker.SimulatedNetwork.Answer;
import dev.heddle.worker.SimulatedNetwork.Request;
import dev.heddle.worker.TaskGraph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Asks workers for this and that, in no sensible order, with hints that may be wrong; and checks what
/// it is told.
final class SimulatedCaller {
  private final Simulation world;
  private final SimulatedTime time;
  private final TaskGraph graph;
  private final SimulatedNetwork.Pool workers;
  private final Map<Key, List<Holder>> rumours = new LinkedHashMap<>();
  private int unanswered;

  SimulatedCaller(Simulation world) {
    this.world = world;
    this.time = world.time;
    this.graph = world.graph;
    this.workers = world.network.new Pool();
  }

  int unanswered() {
    return unanswered;
  }

  /// Plans `count` requests, at any time while the trouble lasts.
  void makeTrouble(int count) {
    for (var i = 0; i < count; i++) {
      time.after(time.duration(0, 3_500 * MILLI), this::askAnything);
    }
  }

  /// One request, or some in one piece.
  private void askAnything() {
    var worker = anyWorker();
    var requests = new ArrayList<Request>();
    for (var i = time.chance(0.3) ? 1 + time.below(4) : 1; i > 0; i--) {
      requests.addAll(anything());
    }
    ask(worker, requests, answer -> learn(worker, answer));
    if (time.chance(0.1)) { // The same again, by a caller that lost patience.
      ask(worker, requests, _ -> {});
    }
  }

  private List<Request> anything() {
    return switch (time.below(world.chaos.removals ? 12 : 9)) {
      case 0, 1 -> put(anyNode());
      case 2, 3, 4, 5 -> compute(List.of(anyNode()));
      case 6 -> compute(subgraph());
      case 7, 8 -> List.of(
          asker -> new WorkerEvent.GetAsked(asker, anyKeys(), 1 + time.below(100)));
      case 9 -> List.of(asker -> new WorkerEvent.DeleteAsked(asker, anyKeys()));
      default -> List.of(asker -> new WorkerEvent.CancelAsked(asker, anyKeys()));
    };
  }

  private Node anyNode() {
    return graph.nodes().get(time.below(graph.nodes().size()));
  }

  private List<Key> anyKeys() {
    var keys = new ArrayList<Key>();
    for (var i = time.below(4); i >= 0; i--) {
      keys.add(anyNode().key());
    }
    return keys;
  }

  private Address anyWorker() {
    return world.addresses().get(time.below(world.addresses().size()));
  }

  /// Tasks in order, from somewhere on.
  private List<Node> subgraph() {
    var from = time.below(graph.nodes().size());
    return graph.nodes().subList(from,
        Math.min(graph.nodes().size(), from + 1 + time.below(8)));
  }

  private static List<Request> put(Node node) {
    return node.value().stream().<Request>map(value -> asker -> new WorkerEvent.PutAsked(asker,
        Map.of(node.key(), value), false)).toList();
  }

  private List<Request> compute(List<Node> nodes) {
    var requests = new ArrayList<Request>();
    for (var node : nodes) {
      node.work().ifPresent(work -> requests.add(asker -> new WorkerEvent.ComputeAsked(asker,
          node.key(), work, hints(node))));
    }
    return requests;
  }

  private Map<Key, List<Holder>> hints(Node node) {
    var hints = new LinkedHashMap<Key, List<Holder>>();
    for (var input : node.inputs()) {
      if (time.chance(0.5)) {
        hints.put(input, rumours.getOrDefault(input, List.of()));
      } else if (time.chance(0.3)) {
        world.at(anyWorker()).ifPresent(worker -> hints.put(input, List.of(holder(worker))));
      }
    }
    return hints;
  }

  private static Holder holder(SimulatedWorker worker) {
    var info = worker.info();
    return new Holder(info.id(), info.address(), info.host(), -1);
  }

  private void learn(Address worker, Answer answer) {
    if (answer instanceof Answer.Came(Message.Finished finished)) {
      world.at(worker).ifPresent(at -> rumours.computeIfAbsent(finished.key(),
          _ -> new ArrayList<>()).add(holder(at)));
    }
  }

  private void ask(Address worker, List<Request> requests, Consumer<Answer> then) {
    unanswered += requests.size();
    workers.to(worker).call(requests, answer -> {
      unanswered--;
      check(answer);
      then.accept(answer);
    });
  }

  private void check(Answer answer) {
    if (answer instanceof Answer.Data(var serve)) {
      serve.found().forEach((key, value) -> world.checkValue(key, value, "was served"));
    }
    if (answer instanceof Answer.Came(Message.Failed(var key, var failure))
        && failure.type().equals("Interrupted")) {
      throw new IllegalStateException(
          "'" + key + "' was cancelled, and asked for again: that must not fail as interrupted");
    }
  }

  // --- when all is well again

  /// Puts and computes everything, one after the other, and looks at each value.
  void evaluateAll() {
    evaluate(0);
  }

  private void evaluate(int number) {
    if (number == graph.nodes().size()) {
      return;
    }
    var node = graph.nodes().get(number);
    var worker = world.anyLiveWorker();
    Request request = node.work().isPresent()
        ? asker -> new WorkerEvent.ComputeAsked(asker, node.key(), node.work().get(), hints(node))
        : asker -> new WorkerEvent.PutAsked(asker, Map.of(node.key(), node.value().orElseThrow()),
            false);
    ask(worker, List.of(request), answer -> {
      checkEvaluated(node, answer);
      if (node.value().isPresent()) {
        ask(worker, List.of(asker -> new WorkerEvent.GetAsked(asker, List.of(node.key()), 1)),
            data -> {
              checkHasValue(node, data);
              evaluate(number + 1);
            });
      } else {
        evaluate(number + 1);
      }
    });
  }

  private static void checkEvaluated(Node node, Answer answer) {
    var fits = switch (answer) {
      case Answer.Came(Message.Finished _) -> node.value().isPresent();
      case Answer.Came(Message.Stored _) -> node.work().isEmpty();
      case Answer.Came(Message.Failed _) -> node.value().isEmpty();
      case Answer.Came _,Answer.Data _,Answer.Lost _ -> false;
    };
    if (!fits) {
      throw new IllegalStateException(
          "all is well, and '" + node.key() + "' ended with " + answer + ", not " + node.value());
    }
  }

  private static void checkHasValue(Node node, Answer answer) {
    if (!(answer instanceof Answer.Data(var serve)) || !serve.found().containsKey(node.key())) {
      throw new IllegalStateException(
          "all is well, and '" + node.key() + "' was stored, and cannot be had: " + answer);
    }
  }
}
