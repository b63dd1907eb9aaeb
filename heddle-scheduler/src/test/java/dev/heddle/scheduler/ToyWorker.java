package dev.heddle.scheduler;

import dev.heddle.scheduler.SchedulerCommand.Assign;
import dev.heddle.wire.Argument;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// What a worker does, as far as a scheduler can tell: in an order drawn at random.
final class ToyWorker {
  /// A key that it has to compute.
  private static final class Work {
    final Set<Key> inputs = new LinkedHashSet<>();
    /// The numbers of the assignments of this connection that ask for it.
    final Set<Long> asked = new LinkedHashSet<>();
    boolean blocking;
    boolean running;
    boolean waits;
  }

  final WorkerId id;
  final int slots;
  final Map<String, Integer> resources;
  private final ToyWorld world;
  private final Random random;
  final Set<Key> stored = new LinkedHashSet<>();
  private final Map<Key, Work> works = new LinkedHashMap<>();
  /// What the scheduler said and has not arrived.
  final ArrayDeque<SchedulerCommand> in = new ArrayDeque<>();
  /// What it said and has not arrived.
  final ArrayDeque<SchedulerEvent> out = new ArrayDeque<>();
  boolean connected;
  boolean alive = true;
  private long assignsSeen;

  ToyWorker(ToyWorld world, WorkerId id, int slots, Map<String, Integer> resources) {
    this.world = world;
    this.random = world.random;
    this.id = id;
    this.slots = slots;
    this.resources = resources;
  }

  WorkerInfo info() {
    return TestCore.info(id);
  }

  boolean isIdle() {
    return works.isEmpty() && in.isEmpty() && out.isEmpty();
  }

  Set<Key> unfinished() {
    return works.keySet();
  }

  // --- the connection

  void connect() {
    connected = true;
    assignsSeen = 0;
    in.clear();
    out.clear();
    out.add(new SchedulerEvent.WorkerCame(info(),
        new Message.Attached(slots, resources, 1 << 30),
        stored.stream().map(key -> new Message.Entry(key, ToyWorld.size(key))).toList(),
        List.copyOf(works.keySet())));
  }

  void disconnect() {
    connected = false;
    in.clear();
    out.clear();
    works.values().forEach(work -> work.asked.clear());
  }

  private void say(SchedulerEvent event) {
    if (connected) {
      out.add(event);
    }
  }

  // --- what it is told

  void hear() {
    var command = in.poll();
    switch (command) {
      case null -> {
      }
      case Assign assign -> assigned(assign);
      case SchedulerCommand.Recall(_, var numbers) -> numbers.forEach(this::recalled);
      case SchedulerCommand.Abort(_, var numbers) -> numbers.forEach(this::aborted);
      case SchedulerCommand.Release(_, var keys) -> keys.forEach(this::released);
      case SchedulerCommand.AskToLeave _ -> {
      }
      case SchedulerCommand.Tell _,SchedulerCommand.TellWorkers _,SchedulerCommand.Reply _ ->
        throw new AssertionError("not for a worker: " + command);
    }
  }

  private void assigned(Assign assign) {
    assignsSeen++;
    if (stored.contains(assign.key())) {
      say(new SchedulerEvent.Ended(id, assign.task(), ready(assign.key())));
      return;
    }
    var work = works.get(assign.key());
    if (work == null) {
      work = new Work();
      work.blocking = assign.blocking();
      for (var argument : assign.arguments()) {
        if (argument instanceof Argument.Stored(var key)) {
          work.inputs.add(key);
        }
      }
      work.inputs.addAll(assign.captured());
      works.put(assign.key(), work);
    }
    work.asked.add(assign.task());
  }

  private void recalled(long number) {
    for (var entry : List.copyOf(works.entrySet())) {
      var work = entry.getValue();
      if (work.asked.contains(number) && !work.running) {
        endAll(entry.getKey(), new TaskEnd.GivenBack("recalled", false));
        failWaiting(entry.getKey());
      }
    }
  }

  private void aborted(long number) {
    for (var entry : List.copyOf(works.entrySet())) {
      var work = entry.getValue();
      if (work.asked.remove(number)) {
        say(new SchedulerEvent.Ended(id, number, new TaskEnd.Cancelled(work.running)));
        if (work.asked.isEmpty()) {
          works.remove(entry.getKey());
          failWaiting(entry.getKey());
        }
      }
    }
  }

  private void released(Key key) {
    if (stored.remove(key) && world.registersResults) {
      say(new SchedulerEvent.Unregistered(id, List.of(key)));
    }
    if (works.containsKey(key)) {
      endAll(key, new TaskEnd.Cancelled(works.get(key).running));
      failWaiting(key);
    }
  }

  /// A client puts a value here.
  void put(Key key) {
    stored.add(key);
    say(new SchedulerEvent.Registered(id, List.of(new Message.Entry(key, ToyWorld.size(key)))));
  }

  // --- what it does

  void act() {
    if (!works.isEmpty()) {
      var keys = List.copyOf(works.keySet());
      var key = keys.get(random.nextInt(keys.size()));
      var work = works.get(key);
      if (work != null) {
        goOn(key, work);
      }
    }
  }

  private void goOn(Key key, Work work) {
    if (work.running) {
      if (random.nextInt(10) == 0) {
        work.waits = !work.waits;
        work.asked.forEach(
            number -> say(new SchedulerEvent.Waits(id, number, work.waits)));
      } else {
        finish(key);
      }
    } else if (gather(key, work) && (work.blocking || occupied() < slots)) {
      work.running = true;
    }
  }

  private long occupied() {
    return works.values().stream().filter(w -> w.running && !w.waits && !w.blocking).count();
  }

  /// @return whether all inputs are here
  private boolean gather(Key key, Work work) {
    var nowhere = new ArrayList<Key>();
    var all = true;
    for (var input : work.inputs) {
      if (stored.contains(input)) {
        continue;
      }
      all = false;
      if (works.containsKey(input)) {
        continue;
      }
      if (world.isStoredOnSome(input) && random.nextInt(40) > 0) {
        stored.add(input);
        say(new SchedulerEvent.Registered(id,
            List.of(new Message.Entry(input, ToyWorld.size(input)))));
      } else {
        nowhere.add(input);
      }
    }
    if (!nowhere.isEmpty()) {
      endAll(key, new TaskEnd.Lacking(nowhere, "nobody has it"));
      failWaiting(key);
    }
    return all;
  }

  private void finish(Key key) {
    if (world.fails(key)) {
      endAll(key, new TaskEnd.Failed(TestCore.BOOM, 1_000));
      failWaiting(key);
      return;
    }
    stored.add(key);
    if (world.registersResults) {
      say(new SchedulerEvent.Registered(id, List.of(new Message.Entry(key, ToyWorld.size(key)))));
    }
    endAll(key, ready(key));
  }

  private TaskEnd ready(Key key) {
    return new TaskEnd.Ready("test", ToyWorld.size(key), 1_000L << random.nextInt(20),
        random.nextBoolean() ? Optional.of(TestCore.VALUE) : Optional.empty());
  }

  private void endAll(Key key, TaskEnd end) {
    var work = works.remove(key);
    if (work != null) {
      work.asked.forEach(number -> say(new SchedulerEvent.Ended(id, number, end)));
    }
  }

  /// What waits here for a key that will not be computed here is told so.
  private void failWaiting(Key input) {
    for (var key : List.copyOf(works.keySet())) {
      var work = works.get(key);
      if (work != null && work.inputs.contains(input) && !work.running) {
        endAll(key, new TaskEnd.Lacking(List.of(input), "it was not computed here"));
        failWaiting(key);
      }
    }
  }

  void beat() {
    var unfinished = new ArrayList<Long>();
    var running = new ArrayList<Long>();
    for (var work : works.values()) {
      unfinished.addAll(work.asked);
      if (work.running) {
        running.addAll(work.asked);
      }
    }
    say(new SchedulerEvent.Beat(id, new Message.Beat(assignsSeen, unfinished, running,
        stored.size(), 8L * stored.size(), 0, Message.Vitals.UNKNOWN,
        random.nextInt(20) == 0 && !world.calm ? "full" : "", List.of())));
  }

  /// Loses a value, as a full disk would.
  void loseSome() {
    if (!stored.isEmpty()) {
      var keys = List.copyOf(stored);
      var key = keys.get(random.nextInt(keys.size()));
      stored.remove(key);
      say(new SchedulerEvent.Unregistered(id, List.of(key)));
    }
  }

  void giveBackSome() {
    var idle = works.entrySet().stream().filter(e -> !e.getValue().running).findFirst();
    idle.ifPresent(entry -> {
      endAll(entry.getKey(), new TaskEnd.GivenBack("full", false));
      failWaiting(entry.getKey());
    });
  }
}
