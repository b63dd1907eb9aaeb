package dev.heddle.worker;

import dev.heddle.simulation.SimulatedTime;
import dev.heddle.wire.Argument;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Key;
import dev.heddle.wire.Payload;
import dev.heddle.wire.TaskKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Values that depend on each other, and what each must be.
final class TaskGraph {
  private static final Payload FUNCTION = new Payload(0, List.of(), new byte[0], List.of());

  /// @param work none for a value that is put
  /// @param value what it must be, none where its function fails
  record Node(Key key, List<Key> inputs, Optional<Work> work, boolean fails, boolean unsendable,
      long runNanosMax, Optional<SimulatedValue> value) {}

  static final String NAMESPACE = "abc";
  private static final ClientId CLIENT = new ClientId("abcdef");

  private final List<Node> nodes = new ArrayList<>();
  private final Map<Key, Node> byKey = new LinkedHashMap<>();

  TaskGraph(SimulatedTime time, boolean failures, boolean unsendable) {
    var count = 3 + time.below(20);
    for (var i = 0; i < count; i++) {
      add(node(time, i, failures && time.chance(0.1), unsendable && time.chance(0.1)));
    }
  }

  private Node node(SimulatedTime time, int number, boolean fails, boolean unsendable) {
    var key = TaskKeys.numbered("k", NAMESPACE, CLIENT, number);
    var size = time.chance(0.2) ? 40 + time.below(100) : 1 + time.below(20);
    if (number == 0 || time.chance(0.25)) {
      var value = new SimulatedValue(number * 7919L + 1, size);
      return new Node(key, List.of(), Optional.empty(), false, unsendable, 0, Optional.of(value));
    }
    var inputs = new ArrayList<Key>();
    for (var i = time.below(4); i > 0; i--) {
      var near = time.chance(0.5) ? Math.min(number, 3) : number;
      inputs.add(nodes.get(number - 1 - time.below(near)).key);
    }
    var work = Work.asked(Definition.forOneCall(FUNCTION, 0),
        inputs.stream().map(input -> (Argument) new Argument.Stored(input)).toList(),
        ContentHash.of(key.text().getBytes(StandardCharsets.UTF_8)), time.chance(0.2), 0);
    var runNanosMax = (time.chance(0.1) ? 2_000 : 50) * SimulatedTime.MILLI;
    return new Node(key, inputs, Optional.of(work), fails, unsendable, runNanosMax,
        fails ? Optional.empty() : value(key, inputs, size));
  }

  private Optional<SimulatedValue> value(Key key, List<Key> inputs, long size) {
    var numbers = new LinkedHashMap<Key, Long>();
    for (var input : inputs) {
      var value = get(input).value;
      if (value.isEmpty()) {
        return Optional.empty();
      }
      numbers.put(input, value.get().number());
    }
    return Optional.of(new SimulatedValue(evaluate(key, numbers), size));
  }

  /// What every function does.
  static long evaluate(Key key, Map<Key, Long> inputs) {
    var sum = new long[]{key.text().hashCode()};
    inputs.forEach((input, number) -> sum[0] += number * 31 + input.text().hashCode());
    return sum[0] * 0x9E3779B97F4A7C15L;
  }

  private void add(Node node) {
    nodes.add(node);
    byKey.put(node.key, node);
  }

  /// In an order in which they can be computed.
  List<Node> nodes() {
    return nodes;
  }

  Node get(Key key) {
    var node = byKey.get(key);
    if (node == null) {
      throw new IllegalArgumentException("no node " + key);
    }
    return node;
  }
}
