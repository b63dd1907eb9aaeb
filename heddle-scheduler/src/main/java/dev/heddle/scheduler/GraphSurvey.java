package dev.heddle.scheduler;

import dev.heddle.wire.LongMap;
import dev.heddle.wire.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which tasks are inputs of which: of each task, where there are few or those of one name are asked for;
/// otherwise of all of one name together.
final class GraphSurvey implements Survey {
  private static final int NAMES_MAX = 60;
  private static final int EDGES_MAX = 5_000;
  /// So many inputs of one task are looked at when tasks are folded.
  private static final int INPUTS_MAX = 64;
  private static final int TASKS_MAX = 2_000;

  private final String name;
  private final boolean folded;
  private final int limit;
  private long tasks;

  // Folded.
  private final Map<Pace, long[]> counts = new HashMap<>();
  private final Map<Pace, long[]> bytes = new HashMap<>();
  private final LongMap<long[]> pairs = new LongMap<>();
  private final List<long[]> pairsInOrder = new ArrayList<>();

  // Each by itself: the first of each state, so that those that matter are not crowded out.
  private final List<List<Task>> byState = new ArrayList<>();

  /// @param size how many tasks there are
  GraphSurvey(String name, int limit, int size) {
    this.name = name;
    this.limit = Math.clamp(limit, 1, TASKS_MAX);
    folded = name.isEmpty() && size > this.limit;
    for (var _ : TaskState.values()) {
      byState.add(new ArrayList<>());
    }
  }

  @Override
  public void look(Task task) {
    var pace = task.template.pace;
    if (!name.isEmpty() && !pace.name.equals(name)) {
      return;
    }
    tasks++;
    if (!folded) {
      var same = byState.get(task.state.code());
      if (same.size() < limit) {
        same.add(task);
      }
      return;
    }
    counts.computeIfAbsent(pace, _ -> new long[TaskState.values().length])[task.state.code()]++;
    bytes.computeIfAbsent(pace, _ -> new long[1])[0] += Math.max(0, task.sizeBytes);
    for (var i = 0; i < task.inputs.length && i < INPUTS_MAX; i++) {
      count(task.inputs[i].template.pace, pace);
    }
  }

  private void count(Pace from, Pace to) {
    var pair = ((long) from.place << 32) | to.place;
    var known = pairs.get(pair);
    if (known == null) {
      if (pairs.size() >= EDGES_MAX) {
        return;
      }
      known = new long[]{from.place, to.place, 0};
      pairs.put(pair, known);
      pairsInOrder.add(known);
    }
    known[2]++;
  }

  @Override
  public Message.Response result() {
    return folded ? foldedGraph() : graph();
  }

  private Message.Graph foldedGraph() {
    var shown = counts.keySet().stream()
        .sorted(Comparator.comparingLong((Pace pace) -> -Arrays.stream(counts(pace)).sum()))
        .limit(NAMES_MAX).toList();
    var places = new HashMap<Integer, Integer>();
    var nodes = new ArrayList<Message.GraphNode>();
    for (var pace : shown) {
      places.put(pace.place, nodes.size());
      nodes.add(new Message.GraphNode(pace.name, pace.name, named(counts(pace)),
          bytes.getOrDefault(pace, new long[1])[0], ""));
    }
    var edges = new ArrayList<Message.GraphEdge>();
    for (var pair : pairsInOrder) {
      Integer from = places.get((int) pair[0]);
      Integer to = places.get((int) pair[1]);
      if (from != null && to != null) {
        edges.add(new Message.GraphEdge(from, to, pair[2]));
      }
    }
    return new Message.Graph(tasks, true, counts.size() - nodes.size(), nodes, edges);
  }

  private long[] counts(Pace pace) {
    return counts.getOrDefault(pace, new long[TaskState.values().length]);
  }

  private static Map<String, Long> named(long[] counts) {
    var named = new LinkedHashMap<String, Long>();
    for (var state : TaskState.values()) {
      if (counts[state.code()] > 0) {
        named.put(state.text(), counts[state.code()]);
      }
    }
    return named;
  }

  private Message.Graph graph() {
    var shown = new ArrayList<Task>();
    for (var state : List.of(TaskState.ERRED, TaskState.PROCESSING, TaskState.QUEUED,
        TaskState.WAITING, TaskState.MEMORY, TaskState.RELEASED)) {
      for (var task : byState.get(state.code())) {
        if (shown.size() < limit && task.state != TaskState.FORGOTTEN) {
          shown.add(task);
        }
      }
    }
    shown.sort(Comparator.comparingInt(task -> task.id));
    var places = new HashMap<Task, Integer>();
    var nodes = new ArrayList<Message.GraphNode>();
    for (var task : shown) {
      places.put(task, nodes.size());
      nodes.add(new Message.GraphNode(task.key().text(), task.template.pace.name,
          Map.of(task.state.text(), 1L), task.sizeBytes, workerOf(task)));
    }
    var edges = new ArrayList<Message.GraphEdge>();
    for (var task : shown) {
      for (var input : task.inputs) {
        Integer from = places.get(input);
        if (from != null && edges.size() < EDGES_MAX) {
          edges.add(new Message.GraphEdge(from, places.getOrDefault(task, 0), 1));
        }
      }
    }
    return new Message.Graph(tasks, false, (int) Math.min(Integer.MAX_VALUE, tasks - nodes.size()),
        nodes, edges);
  }

  private static String workerOf(Task task) {
    var worker = task.worker != null ? task.worker : task.holder;
    return worker == null ? "" : worker.name();
  }
}
