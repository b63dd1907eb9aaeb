package dev.heddle.worker;

import static dev.heddle.simulation.SimulatedTime.MILLI;

import dev.heddle.simulation.SimulatedTime;
import dev.heddle.wire.Address;
import dev.heddle.wire.Argument;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.worker.SimulatedNetwork.Answer;
import dev.heddle.worker.TaskGraph.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Gives workers this and that to compute and thinks better of it, in no sensible order; and checks that
/// each assignment ends once, and that what workers say of themselves agrees with that.
final class SimulatedScheduler {
  /// One connection to a worker.
  private static final class Service {
    final SimulatedNetwork.Link link;
    /// Assignments that have not ended, and what is done with their end.
    final Map<Long, Consumer<TaskEnd>> open = new LinkedHashMap<>();
    final List<Long> assigned = new ArrayList<>();

    Service(SimulatedNetwork.Link link) {
      this.link = link;
    }
  }

  private final Simulation world;
  private final SimulatedTime time;
  private final TaskGraph graph;
  private final boolean keepsWhoHas;
  private final Map<Address, Service> services = new LinkedHashMap<>();
  private long assignments;
  private int evaluated;

  SimulatedScheduler(Simulation world) {
    this.world = world;
    this.time = world.time;
    this.graph = world.graph;
    this.keepsWhoHas = time.chance(0.5);
    this.evaluated = graph.nodes().size();
  }

  /// How many assignments are to end yet.
  int unanswered() {
    return graph.nodes().size() - evaluated + services.values().stream()
        .filter(service -> service.link.isUsable()).mapToInt(service -> service.open.size()).sum();
  }

  /// Plans `count` deeds, at any time while the trouble lasts.
  void makeTrouble(int count) {
    for (var i = 0; i < count; i++) {
      time.after(time.duration(0, 3_500 * MILLI), this::doAnything);
    }
  }

  private void doAnything() {
    var addresses = world.addresses();
    var service = serve(addresses.get(time.below(addresses.size())));
    var events = new ArrayList<WorkerEvent>();
    for (var i = time.chance(0.3) ? 1 + time.below(4) : 1; i > 0; i--) {
      anything(service, events);
    }
    service.link.say(events);
  }

  private void anything(Service service, List<WorkerEvent> events) {
    var link = service.link.number;
    switch (time.below(12)) {
      case 0, 1, 2, 3, 4 -> assign(service, anyNode(), events);
      case 5, 6 -> {
        var nodes = graph.nodes();
        var from = time.below(nodes.size());
        nodes.subList(from, Math.min(nodes.size(), from + 1 + time.below(8)))
            .forEach(node -> assign(service, node, events));
      }
      case 7, 8 -> events.add(new WorkerEvent.RecallAsked(link, some(service)));
      case 9 -> events.add(new WorkerEvent.AbortAsked(link, some(service)));
      case 10 -> events.add(new WorkerEvent.ReleaseAsked(link, List.of(anyNode().key())));
      default -> {
        if (time.chance(0.3)) {
          service.link.cut("the scheduler thinks better of it");
        }
      }
    }
  }

  private Node anyNode() {
    return graph.nodes().get(time.below(graph.nodes().size()));
  }

  private List<Long> some(Service service) {
    var tasks = new ArrayList<>(service.open.keySet());
    tasks.removeIf(_ -> time.chance(0.5));
    return tasks;
  }

  private void assign(Service service, Node node, List<WorkerEvent> events) {
    assign(service, node, _ -> {}, events);
  }

  private void assign(Service service, Node node, Consumer<TaskEnd> then,
      List<WorkerEvent> events) {
    if (node.work().isEmpty()) {
      return;
    }
    var task = ++assignments;
    service.assigned.add(task);
    service.open.put(task, end -> {
      check(node, end);
      then.accept(end);
    });
    events.add(new WorkerEvent.ComputeAsked(Asker.scheduler(service.link.number, task), node.key(),
        work(node, node.work().get()), Map.of()));
  }

  private Work work(Node node, Work asked) {
    var cut = time.below(node.inputs().size() + 1);
    return new Work(asked.function(),
        node.inputs().subList(0, cut).stream().map(key -> (Argument) new Argument.Stored(key))
            .toList(),
        node.inputs().subList(cut, node.inputs().size()), Optional.empty(), time.below(5),
        time.chance(0.1) && world.chaos.isOn() ? 1 + time.below(40) : 0, asked.blocking(),
        Optional.empty(), Message.Trace.NONE, 0);
  }

  private static void check(Node node, TaskEnd end) {
    var fits = switch (end) {
      case TaskEnd.Ready _ -> node.value().isPresent();
      case TaskEnd.Failed(var failure, _) -> node.fails()
          || failure.type().equals(TimeoutException.class.getName());
      case TaskEnd.Lacking(var inputs, _) -> node.inputs().containsAll(inputs);
      case TaskEnd.GivenBack _,TaskEnd.Cancelled _ -> true;
    };
    if (!fits) {
      throw new IllegalStateException("'" + node.key() + "' was assigned, and ended with " + end);
    }
  }

  // --- connections

  private Service serve(Address address) {
    var known = services.get(address);
    if (known != null && known.link.isUsable() && !time.chance(0.02)) {
      return known;
    }
    var service = new Service(world.network.connect(address));
    services.put(address, service);
    service.link.listen(notice -> heard(service, notice));
    service.link.call(
        List.of(asker -> new WorkerEvent.AttachAsked(asker, TaskGraph.NAMESPACE, keepsWhoHas,
            new Message.Attached(1, Map.of(), 1))),
        answer -> {
          if (answer instanceof Answer.Came(var other) && !(other instanceof Message.Attached)) {
            throw new IllegalStateException("a worker answers an attachment with " + other);
          }
        });
    return service;
  }

  private static void heard(Service service, Message.Notice notice) {
    switch (notice) {
      case Message.Ended(var task, var end) -> {
        var then = service.open.remove(task);
        if (then == null) {
          throw new IllegalStateException(
              "assignment " + task + " ended twice, or never was: " + end);
        }
        then.accept(end);
      }
      case Message.Beat beat -> checkBeat(service, beat);
      case Message.Waits _,Message.Holding _,Message.ValuesLost _,Message.ValuesMoved _ -> {
        // For schedulers with a mind of their own.
      }
      case Message.Notice other ->
        throw new IllegalStateException("a worker tells a scheduler " + other);
    }
  }

  /// All that a worker has seen and does not name has ended, and the ends have come, since they were
  /// said before.
  private static void checkBeat(Service service, Message.Beat beat) {
    var unfinished = new HashSet<>(beat.unfinished());
    for (var task : service.assigned.subList(0, (int) beat.assignsSeen())) {
      if (unfinished.contains(task) != service.open.containsKey(task)) {
        throw new IllegalStateException("assignment " + task + " is "
            + (unfinished.contains(task) ? "" : "not ") + "named by " + beat + ", and has "
            + (service.open.containsKey(task) ? "not " : "") + "ended");
      }
    }
    if (!unfinished.containsAll(beat.running())) {
      throw new IllegalStateException("something runs that is not unfinished: " + beat);
    }
  }

  // --- when all is well again

  /// Wants nothing any more of what it asked for.
  void settle() {
    for (var address : world.addresses()) {
      if (world.at(address).filter(SimulatedWorker::listens).isPresent()) {
        var service = serve(address);
        service.link.say(List.of(
            new WorkerEvent.AbortAsked(service.link.number, List.copyOf(service.open.keySet())),
            new WorkerEvent.ReleaseAsked(service.link.number,
                graph.nodes().stream().map(Node::key).toList())));
      }
    }
  }

  /// Has everything computed or found, one after the other.
  void evaluateAll() {
    evaluated = 0;
    evaluateNext();
  }

  private void evaluateNext() {
    while (evaluated < graph.nodes().size()
        && graph.nodes().get(evaluated).work().isEmpty()) {
      evaluated++;
    }
    if (evaluated < graph.nodes().size()) {
      var node = graph.nodes().get(evaluated);
      var service = serve(world.anyLiveWorker());
      var events = new ArrayList<WorkerEvent>();
      assign(service, node, end -> {
        checkEvaluated(node, end);
        evaluated++;
        evaluateNext();
      }, events);
      service.link.say(events);
    }
  }

  private static void checkEvaluated(Node node, TaskEnd end) {
    var fits = switch (end) {
      case TaskEnd.Ready _ -> node.value().isPresent();
      case TaskEnd.Failed _ -> node.fails();
      case TaskEnd.Lacking _ -> node.value().isEmpty() && !node.inputs().isEmpty();
      case TaskEnd.GivenBack _,TaskEnd.Cancelled _ -> false;
    };
    if (!fits) {
      throw new IllegalStateException(
          "all is well, and '" + node.key() + "' was assigned and ended with " + end);
    }
  }
}
