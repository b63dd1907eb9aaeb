package dev.heddle.cli;

import dev.heddle.cluster.ChildNode;
import dev.heddle.cluster.LocalCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/// What the processes of a cluster have used, by role; workers are added up.
final class ClusterFigures implements AutoCloseable {
  /// How much was used up to some moment.
  record Used(Map<String, Long> cpuNanos, Map<String, Long> allocatedBytes) {
    Used minus(Used before) {
      return new Used(minus(cpuNanos, before.cpuNanos),
          minus(allocatedBytes, before.allocatedBytes));
    }

    private static Map<String, Long> minus(Map<String, Long> after, Map<String, Long> before) {
      var difference = new LinkedHashMap<>(after);
      difference.replaceAll((role, amount) -> amount - before.getOrDefault(role, 0L));
      return difference;
    }
  }

  private final Map<String, List<NodeFigures>> roles = new LinkedHashMap<>();

  /// @throws IOException if one of its processes cannot be asked
  static ClusterFigures of(LocalCluster cluster) throws IOException {
    var figures = new ClusterFigures();
    try {
      figures.add("client", NodeFigures.ofThisProcess());
      var scheduler = cluster.scheduler().map(ChildNode::pid);
      if (scheduler.isPresent()) {
        figures.add("scheduler", NodeFigures.of(scheduler.get()));
      }
      for (var worker : cluster.workers()) {
        figures.add("workers", NodeFigures.of(worker.pid()));
      }
      return figures;
    } catch (IOException e) {
      figures.close();
      throw e;
    }
  }

  private void add(String role, NodeFigures node) {
    roles.computeIfAbsent(role, _ -> new ArrayList<>()).add(node);
  }

  /// What they have used by now.
  Used used() {
    return new Used(sums(NodeFigures::cpuNanos), sums(NodeFigures::allocatedBytes));
  }

  /// What one process has used by now.
  static Used used(String role, NodeFigures node) {
    return new Used(Map.of(role, node.cpuNanos()), Map.of(role, node.allocatedBytes()));
  }

  /// The heap of the scheduler after a collection.
  long schedulerLiveBytes() {
    return roles.getOrDefault("scheduler", List.of()).stream()
        .mapToLong(NodeFigures::liveBytes).sum();
  }

  private Map<String, Long> sums(ToLongFunction<NodeFigures> figure) {
    var sums = new LinkedHashMap<String, Long>();
    roles.forEach((role, nodes) -> sums.put(role, nodes.stream().mapToLong(figure).sum()));
    return sums;
  }

  @Override
  public void close() throws IOException {
    for (var nodes : roles.values()) {
      for (var node : nodes) {
        node.close();
      }
    }
  }
}
