package dev.heddle.dashboard;

import dev.heddle.web.WebRequest;
import dev.heddle.web.WebResponse;
import dev.heddle.wire.Address;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.TaskLink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// Answers what one view of the page asks for. Each question to the cluster is asked once a second at most,
/// however many look.
final class Views {
  private static final int STREAM_PAGE_MAX = 25_000;
  private static final int GRAPH_NODES_MAX = 300;
  private static final int LARGEST = 50;
  private static final int STORIES_MAX = 4;

  private final Cluster cluster;
  private final Collector collector;
  private final Spans spans;
  private final Traffic traffic;
  private final History history;
  private final Freshly freshly = new Freshly();

  Views(Cluster cluster, Collector collector, Spans spans, Traffic traffic, History history) {
    this.cluster = cluster;
    this.collector = collector;
    this.spans = spans;
    this.traffic = traffic;
    this.history = history;
  }

  WebResponse history(WebRequest request) {
    return WebResponse.json(history.json());
  }

  WebResponse stream(WebRequest request) {
    collector.streamWatched();
    var after = request.number("after", 0, 0, Long.MAX_VALUE);
    return WebResponse.json(spans.json(after, STREAM_PAGE_MAX));
  }

  WebResponse span(WebRequest request) {
    return WebResponse.json(spans.json(request.number("number", -1, -1, Long.MAX_VALUE)));
  }

  WebResponse network(WebRequest request) {
    return WebResponse.json(traffic.json());
  }

  WebResponse graph(WebRequest request) throws Exception {
    var name = request.parameter("name").orElse("");
    return answer("graph " + name, () -> graph(
        cluster.ask(new Message.AskGraph(name, GRAPH_NODES_MAX), Message.Graph.class)));
  }

  private static String graph(Message.Graph graph) {
    var json = new Json().object().add("tasks", graph.tasks()).add("folded", graph.folded())
        .add("omitted", graph.omitted()).array("nodes");
    for (var node : graph.nodes()) {
      json.object().add("label", node.label()).add("name", node.name())
          .add("bytes", node.sizeBytes()).add("worker", node.worker()).object("tasks");
      node.tasks().forEach(json::add);
      json.endObject().endObject();
    }
    json.endArray().array("edges");
    graph.edges().forEach(edge -> json.array().add(edge.from()).add(edge.to()).add(edge.count())
        .endArray());
    return json.endArray().endObject().toString();
  }

  WebResponse values(WebRequest request) throws Exception {
    return answer("values", () -> values(
        cluster.ask(new Message.AskValues(LARGEST), Message.Values.class)));
  }

  static String values(Message.Values values) {
    var json = new Json().object().add("count", values.count()).add("bytes", values.sizeBytes())
        .add("omitted", values.omitted()).array("groups");
    values.groups().forEach(group -> json.array().add(group.name()).add(group.worker())
        .add(group.values()).add(group.sizeBytes()).endArray());
    json.endArray().array("largest");
    for (var value : values.largest()) {
      json.object().add("key", value.key().text()).add("name", value.name())
          .add("type", value.type()).add("bytes", value.sizeBytes()).add("wanted", value.wanted())
          .add("needed", value.neededBy()).array("workers");
      value.workers().forEach(json::add);
      json.endArray().endObject();
    }
    return json.endArray().endObject().toString();
  }

  WebResponse processes(WebRequest request) throws Exception {
    var name = request.parameter("node").orElse("scheduler");
    var address = addressOf(name);
    return address == null
        ? WebResponse.text(404, "there is no node " + name + "\n")
        : answer("processes " + name, () -> processes(
            cluster.ask(address, new Message.AskProcesses(), Message.NodeProcesses.class)));
  }

  private @org.jspecify.annotations.Nullable Address addressOf(String node) {
    if (node.equals("scheduler")) {
      return cluster.scheduler();
    }
    for (var worker : collector.status().workers()) {
      if (worker.worker().id().name().equals(node)) {
        return worker.worker().address();
      }
    }
    return null;
  }

  private static String processes(Message.NodeProcesses node) {
    var json = new Json().object().add("node", node.node()).add("role", node.role())
        .add("pid", node.pid()).add("readMicros", node.readMicros())
        .add("omitted", node.omitted()).array("processes");
    for (var process : node.processes()) {
      json.object().add("name", process.name()).add("kind", process.kind())
          .add("activity", process.activity()).add("since", process.sinceMicros())
          .add("in", process.received()).add("out", process.sent()).endObject();
    }
    json.endArray().array("channels");
    for (var channel : node.channels()) {
      json.object().add("name", channel.name()).add("size", channel.size())
          .add("capacity", channel.capacity()).add("sent", channel.sent())
          .add("received", channel.received()).add("state", channel.state()).endObject();
    }
    json.endArray().array("turns");
    for (var turn : node.turns()) {
      json.object().add("name", turn.name()).add("holder", turn.holder())
          .add("since", turn.sinceMicros()).add("waiting", turn.waiting())
          .add("taken", turn.taken()).endObject();
    }
    json.endArray().array("cycles");
    node.cycles().forEach(json::add);
    return json.endArray().endObject().toString();
  }

  WebResponse task(WebRequest request) throws Exception {
    Key key;
    try {
      key = Key.of(request.parameter("key").orElse(""));
    } catch (IllegalArgumentException e) {
      return WebResponse.text(400, "that is no key: " + e.getMessage() + "\n");
    }
    return answer("task " + key, () -> task(key));
  }

  private String task(Key key) throws IOException, InterruptedException {
    var detail = cluster.ask(new Message.AskTask(key), Message.TaskDetail.class);
    var why = cluster.ask(new Message.Explain(key), Message.Text.class);
    var json = new Json().object().add("key", key.text()).add("name", detail.name())
        .add("state", detail.state()).add("worker", detail.worker()).add("type", detail.type())
        .add("bytes", detail.sizeBytes()).add("wanted", detail.wanted()).add("why", why.text())
        .add("inputsCount", detail.inputsCount()).add("dependentsCount", detail.dependentsCount())
        .add("failure",
            detail.failure()
                .map(failure -> FailureText.of(failure, detail.attempt(), detail.submitted()))
                .orElse(""))
        .array("workers");
    detail.workers().forEach(json::add);
    json.endArray();
    links(json, "inputs", detail.inputs());
    links(json, "dependents", detail.dependents());
    json.array("story");
    for (var line : story(key, detail)) {
      json.array().add(line.at).add(line.node).add(line.text).endArray();
    }
    return json.endArray().endObject().toString();
  }

  private static void links(Json json, String name, List<TaskLink> links) {
    json.array(name);
    for (var link : links) {
      json.object().add("key", link.key().text()).add("state", link.state())
          .add("bytes", link.sizeBytes()).array("workers");
      link.workers().forEach(json::add);
      json.endArray().endObject();
    }
    json.endArray();
  }

  private record Line(String at, String node, String text) {}

  /// What the scheduler and the workers that had to do with it remember, in the order of their clocks.
  private List<Line> story(Key key, Message.TaskDetail detail)
      throws IOException, InterruptedException {
    var question = new Message.AskStory(key);
    var lines = new ArrayList<Line>();
    add(lines, "scheduler", cluster.ask(question, Message.Text.class));
    var workers = new LinkedHashSet<String>(detail.workers());
    workers.add(detail.worker());
    detail.attempt().ifPresent(attempt -> workers.add(attempt.worker()));
    var asked = 0;
    for (var worker : workers) {
      var address = worker.isEmpty() ? null : addressOf(worker);
      if (address != null && asked++ < STORIES_MAX) {
        try {
          add(lines, worker, cluster.ask(address, question, Message.Text.class));
        } catch (IOException e) {
          lines.add(new Line("", worker, "does not answer: " + e.getMessage()));
        }
      }
    }
    lines.sort(java.util.Comparator.comparing(Line::at));
    return lines;
  }

  private static void add(List<Line> lines, String node, Message.Text story) {
    story.text().lines().forEach(line -> {
      var end = line.indexOf(' ');
      lines.add(end < 0
          ? new Line("", node, line)
          : new Line(line.substring(0, end), node, line.substring(end).strip()));
    });
  }

  private WebResponse answer(String question, Freshly.Asking asking) throws Exception {
    try {
      return WebResponse.json(freshly.get(question, asking));
    } catch (IOException e) {
      return new WebResponse.Whole(503, "text/plain; charset=utf-8",
          (e.getMessage() + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8),
          Map.of("Retry-After", "1"));
    }
  }
}
