package dev.heddle.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.scheduler.SchedulerEvent.MapSubmitted;
import dev.heddle.scheduler.SchedulerEvent.Submitted;
import dev.heddle.wire.Callee;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.Operand;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.TaskSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a client does, as far as a scheduler can tell: in an order drawn at random.
final class ToyClient {
  /// A task that it submitted, and may have to submit again.
  private static final class Future {
    final Key key;
    final List<Long> inputs;
    final TaskSettings settings;
    final boolean scattered;
    boolean held = true;
    boolean valueInHand;
    @Nullable
    Result result;

    Future(Key key, List<Long> inputs, TaskSettings settings, boolean scattered) {
      this.key = key;
      this.inputs = inputs;
      this.settings = settings;
      this.scattered = scattered;
    }
  }

  final ClientId id;
  private final ToyWorld world;
  private final Random random;
  private final TreeMap<Long, Future> futures = new TreeMap<>();
  final ArrayDeque<Result> in = new ArrayDeque<>();
  final ArrayDeque<SchedulerEvent> out = new ArrayDeque<>();
  boolean connected;
  boolean left;
  private long next = 1;
  /// What it has submitted on this connection; what it refers to must be among that.
  private final Set<Long> submitted = new TreeSet<>();
  private final List<Long> toDrop = new ArrayList<>();

  ToyClient(ToyWorld world, ClientId id) {
    this.world = world;
    this.random = world.random;
    this.id = id;
  }

  boolean isDone() {
    return left || (in.isEmpty() && out.isEmpty()
        && futures.values().stream().noneMatch(ToyClient::isUnended));
  }

  /// Whether it has neither the value in its hands nor an end without one.
  private static boolean isUnended(Future future) {
    return future.held && (future.result == null
        || (future.result instanceof Result.Ready && !future.valueInHand && !future.scattered));
  }

  List<Key> unended() {
    return futures.values().stream().filter(ToyClient::isUnended).map(f -> f.key)
        .toList();
  }

  // --- the connection

  void connect(boolean returning) {
    connected = true;
    in.clear();
    out.clear();
    out.add(new SchedulerEvent.ClientCame(id, "toy", returning,
        returning ? Set.copyOf(world.workersKnown()) : Set.of(), false));
    submitted.clear();
    if (returning) {
      submitAgain();
    }
  }

  void disconnect() {
    connected = false;
    in.clear();
    out.clear();
  }

  /// What it wants and has not got; what it refers to along with that.
  private void submitAgain() {
    futures.forEach((number, future) -> {
      if (future.held && !future.valueInHand
          && (future.result == null || future.result instanceof Result.Ready)) {
        submitAgain(number);
        future.result = future.scattered ? future.result : null;
      }
    });
    dropUnheld();
  }

  private void submitAgain(long number) {
    var future = futures.get(number);
    if (future != null && submitted.add(number)) {
      future.inputs.forEach(this::submitAgain);
      submit(number, future, true);
      if (!future.held) {
        toDrop.add(number);
      }
    }
  }

  /// What was submitted again only because something refers to it may go, once that is submitted.
  private void dropUnheld() {
    for (var number : toDrop) {
      out.add(number % 2 == 0
          ? TestCore.drop(id, Math.toIntExact(number), 1)
          : new SchedulerEvent.Withdrawn(id, List.of(number)));
      submitted.remove(number);
    }
    toDrop.clear();
  }

  // --- what it is told

  void hear() {
    var result = in.poll();
    if (result == null) {
      return;
    }
    var future = futures.get(result.task());
    if (future == null) {
      throw new AssertionError("told of a task that was never submitted: " + result);
    }
    switch (result) {
      case Result.Ready ready -> {
        assertThat(future.held && !future.scattered && world.fails(future.key))
            .as("%s fails", future.key).isFalse();
        assertThat(ready.value().isPresent() || !ready.holders().isEmpty()).as("can be had")
            .isTrue();
        future.valueInHand |= ready.value().isPresent();
      }
      case Result.Failed failed -> assertThat(failed.failure().type()).isIn(
          TestCore.BOOM.type(), "dev.heddle.WorkersDiedException",
          "dev.heddle.InputsLostException");
      case Result.Cancelled _ -> {
      }
      case Result.Lost lost -> assertThat(world.anyScattered).as(lost.reason()).isTrue();
    }
    future.result = result;
  }

  // --- what it does

  void act() {
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> submitOne();
      case 4 -> submitMap();
      case 5, 6, 7 -> dropOne();
      case 8, 9 -> get();
      case 10 -> {
        if (random.nextInt(4) == 0) {
          out.add(
              new SchedulerEvent.AbortAsked(id, List.of(1 + (long) random.nextInt((int) next))));
        } else if (random.nextInt(4) == 0) {
          scatter();
        }
      }
      default -> names();
    }
  }

  private void submitOne() {
    var inputs = new ArrayList<Long>();
    var live = live();
    for (var i = random.nextInt(4); i > 0 && !live.isEmpty(); i--) {
      // The latest are the likeliest, so that graphs become deep.
      var back = Math.min(live.size(), 1 + (int) Math.abs(random.nextGaussian() * 3));
      inputs.add(live.get(live.size() - back));
    }
    var number = next++;
    var future = new Future(TaskKeys.numbered("t", TestCore.NAMESPACE, id, number), inputs,
        settings(), false);
    futures.put(number, future);
    inputs.forEach(this::submitAgain);
    submitted.add(number);
    submit(number, future, false);
    dropUnheld();
  }

  private void submit(long number, Future future, boolean returning) {
    if (future.scattered) {
      out.add(new SchedulerEvent.Scattered(id, new Message.Scattered(number, future.key,
          world.holdersOf(future.key), 8)));
      return;
    }
    // Half of the inputs are captured.
    var operands = new ArrayList<Operand>();
    var captured = new ArrayList<Long>();
    for (var input : future.inputs) {
      if (input % 2 == 0) {
        operands.add(new Operand.OfTask(input));
      } else {
        captured.add(input);
      }
    }
    operands.add(new Operand.Inline(TestCore.VALUE));
    out.add(new Submitted(id, new Message.Submit(number, future.key,
        new Callee.Carried(TestCore.VALUE), operands, captured, future.settings, Optional.empty(),
        returning), TestCore.FUNCTION, ""));
  }

  private void submitMap() {
    var count = 1 + random.nextInt(6);
    var first = next;
    next += count;
    var group = TaskKeys.numbered("m", TestCore.NAMESPACE, id, first);
    var live = live();
    var operands = new ArrayList<Operand>();
    live.forEach(this::submitAgain);
    for (var i = 0; i < count; i++) {
      submitted.add(first + i);
      var inputs = new ArrayList<Long>();
      if (!live.isEmpty() && random.nextBoolean()) {
        inputs.add(live.get(random.nextInt(live.size())));
        operands.add(new Operand.OfTask(inputs.getFirst()));
      } else {
        operands.add(new Operand.Inline(TestCore.VALUE));
      }
      futures.put(first + i, new Future(TaskKeys.element(group, i), inputs, TaskSettings.DEFAULT,
          false));
    }
    out.add(new MapSubmitted(id, new Message.SubmitMap(first, group, 0, new Callee.Known(1),
        operands, List.of(), TaskSettings.DEFAULT, false), TestCore.FUNCTION, ""));
    dropUnheld();
  }

  private void scatter() {
    var number = next++;
    var key = TaskKeys.numbered("s", TestCore.NAMESPACE, id, number);
    if (world.put(key)) {
      var future = new Future(key, List.of(), TaskSettings.DEFAULT, true);
      future.result = new Result.Ready(number, "", 8, List.of(), Optional.empty());
      futures.put(number, future);
      submitted.add(number);
      submit(number, future, false);
    }
  }

  private void dropOne() {
    var live = live();
    if (!live.isEmpty()) {
      var number = live.get(random.nextInt(live.size()));
      held(number, false);
      submitted.remove(number);
      out.add(TestCore.drop(id, Math.toIntExact(number), 1));
    }
  }

  /// Fetches a value, or cannot.
  void get() {
    for (var entry : futures.entrySet()) {
      var future = entry.getValue();
      if (future.held && !future.valueInHand && future.result instanceof Result.Ready ready
          && !future.scattered) {
        if (ready.holders().stream().anyMatch(h -> world.has(h.worker(), future.key))) {
          future.valueInHand = true;
        } else {
          future.result = null;
          out.add(new SchedulerEvent.Needed(id, List.of(entry.getKey())));
        }
        return;
      }
    }
  }

  private void names() {
    var name = "name" + random.nextInt(3);
    switch (random.nextInt(3)) {
      case 0 -> {
        var live = live();
        if (!live.isEmpty()) {
          out.add(new SchedulerEvent.PublishAsked(0, id, name,
              live.get(random.nextInt(live.size()))));
        }
      }
      case 1 -> out.add(new SchedulerEvent.UnpublishAsked(0, name));
      default -> {
        // Of what becomes of it nothing is expected, for a scheduler that starts anew forgets names.
        var number = next++;
        var future = new Future(TaskKeys.numbered("a", TestCore.NAMESPACE, id, number), List.of(),
            TaskSettings.DEFAULT, false);
        future.held = false;
        futures.put(number, future);
        out.add(new SchedulerEvent.AdoptAsked(0, id, name, number));
        out.add(TestCore.drop(id, Math.toIntExact(number), 1));
      }
    }
  }

  /// Wants nothing any more.
  void end() {
    if (random.nextBoolean()) {
      out.add(TestCore.drop(id, 1, Math.toIntExact(next)));
      futures.values().forEach(future -> future.held = false);
    } else {
      out.add(new SchedulerEvent.ClientLeft(id));
      left = true;
    }
  }

  private void held(long number, boolean held) {
    var future = futures.get(number);
    if (future != null) {
      future.held = held;
    }
  }

  private List<Long> live() {
    return futures.entrySet().stream().filter(e -> e.getValue().held).map(Map.Entry::getKey)
        .toList();
  }

  private TaskSettings settings() {
    return switch (random.nextInt(12)) {
      case 0 -> TestCore.priority(random.nextInt(3) - 1);
      case 1 -> TestCore.retries(2);
      case 2 -> TestCore.on("a", "host-b");
      case 3 -> TestCore.taking("GPU", 1);
      case 4 -> TestCore.blocking();
      case 5 -> TestCore.detached();
      default -> TaskSettings.DEFAULT;
    };
  }
}
