package dev.heddle.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.scheduler.SchedulerCommand.Abort;
import dev.heddle.scheduler.SchedulerCommand.Assign;
import dev.heddle.scheduler.SchedulerCommand.Recall;
import dev.heddle.scheduler.SchedulerCommand.Release;
import dev.heddle.scheduler.SchedulerCommand.Tell;
import dev.heddle.scheduler.SchedulerCommand.TellWorkers;
import dev.heddle.scheduler.SchedulerEvent.ClientCame;
import dev.heddle.scheduler.SchedulerEvent.Ended;
import dev.heddle.scheduler.SchedulerEvent.MapSubmitted;
import dev.heddle.scheduler.SchedulerEvent.Submitted;
import dev.heddle.scheduler.SchedulerEvent.WorkerCame;
import dev.heddle.scheduler.SchedulerEvent.WorkerDied;
import dev.heddle.wire.Address;
import dev.heddle.wire.Callee;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.Operand;
import dev.heddle.wire.Payload;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.TaskSettings;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ListAssert;

/// A core to be asked what it does, and words for what it is told and what it says.
///
/// What it says is written down short: `a<-x1` assigns the task 1 to the worker a, `a!x1` aborts it there,
/// `a?x1` recalls it, `a-x1` releases its value, `1=` tells the client that task 1 is ready.
final class TestCore {
  private static final long TICK_NANOS = 500_000_000;
  static final long MILLI = 1_000_000;
  static final String NAMESPACE = "nsp";
  static final ClientId ME = new ClientId("meaaaa");
  static final ClientId YOU = new ClientId("youaaa");
  static final WorkerId A = new WorkerId("a", 1);
  static final WorkerId B = new WorkerId("b", 1);
  static final WorkerId C = new WorkerId("c", 1);
  static final Payload VALUE = new Payload(0, List.of(), new byte[]{1}, List.of());
  static final Function FUNCTION = new Function(VALUE, true);
  static final Failure BOOM = new Failure("java.lang.ArithmeticException", "/ by zero", List.of(),
      0, Optional.empty(), List.of(), Optional.empty());

  private final SchedulerState state;
  private long now = 1_000 * MILLI;
  /// What came of ticks.
  private final List<SchedulerCommand> meanwhile = new ArrayList<>();
  /// The latest assignment of each key.
  private final Map<Key, Assign> assigned = new HashMap<>();
  /// The keys of all assignments.
  private final Map<Long, Key> keys = new HashMap<>();
  private List<SchedulerCommand> last = List.of();

  TestCore() {
    this(config());
  }

  TestCore(SchedulerConfig config) {
    state = new SchedulerState(config);
    hears(new ClientCame(ME, "me", false, Set.of(), false));
  }

  static SchedulerConfig config() {
    return new SchedulerConfig(NAMESPACE, 3, Duration.ofSeconds(30), Duration.ofSeconds(10),
        Duration.ofSeconds(1), Duration.ofMillis(5));
  }

  // --- what happens

  /// Tells the core, and checks that all is still as it must be.
  List<SchedulerCommand> hears(SchedulerEvent... events) {
    last = state.handle(List.of(events), now);
    state.check();
    last.forEach(this::remember);
    return last;
  }

  void remember(SchedulerCommand command) {
    if (command instanceof Assign assign) {
      assigned.put(assign.key(), assign);
      assertThat(keys.put(assign.task(), assign.key())).as("a number of an assignment").isNull();
    }
  }

  SchedulerEvent tickAfter(Duration time) {
    later(time);
    return tick();
  }

  /// [#hears], to say exactly what comes of it, in the short form; of workers that come and go clients hear
  /// anyway.
  ListAssert<String> when(SchedulerEvent... events) {
    var commands = new ArrayList<>(meanwhile);
    meanwhile.clear();
    commands.addAll(hears(events));
    return assertThat(shorts(commands));
  }

  /// What it said to those before is of no interest here.
  TestCore given(SchedulerEvent... events) {
    meanwhile.clear();
    for (var event : events) {
      var _ = hears(event);
    }
    return this;
  }

  /// Time goes by, with the ticks that belong to it.
  TestCore later(Duration time) {
    var end = now + time.toNanos();
    while (end - now > TICK_NANOS) {
      now += TICK_NANOS;
      meanwhile.addAll(hears(tick()));
    }
    now = end;
    return this;
  }

  /// Time goes by in which the scheduler does not come to do anything.
  TestCore standsStill(Duration time) {
    now += time.toNanos();
    return this;
  }

  SchedulerState state() {
    return state;
  }

  long now() {
    return now;
  }

  List<SchedulerCommand> last() {
    return last;
  }

  /// The results among what it said last.
  List<Result> results() {
    return last.stream().filter(Tell.class::isInstance).map(c -> ((Tell) c).result()).toList();
  }

  Assign assignment(int number) {
    var assign = assigned.get(key(number));
    if (assign == null) {
      throw new AssertionError(
          key(number) + " was not assigned; " + state.explain(key(number), now));
    }
    return assign;
  }

  /// The number of the latest assignment of a task; one that is unheard of if there is none.
  long lastAssignment(int number) {
    var assign = assigned.get(key(number));
    return assign == null ? 12_345 : assign.task();
  }

  String explain(int number) {
    return state.explain(key(number), now);
  }

  // --- words for events

  static WorkerCame came(WorkerId worker) {
    return came(worker, 1, Map.of());
  }

  static WorkerCame came(WorkerId worker, int slots, Map<String, Integer> resources) {
    return came(worker, slots, resources, List.of(), List.of());
  }

  static WorkerCame came(WorkerId worker, int slots, Map<String, Integer> resources,
      List<Integer> stored, List<Integer> unfinished) {
    return new WorkerCame(info(worker), new Message.Attached(slots, resources, 1 << 30),
        stored.stream().map(n -> new Message.Entry(key(n), 8)).toList(),
        unfinished.stream().map(TestCore::key).toList());
  }

  static WorkerInfo info(WorkerId worker) {
    return new WorkerInfo(worker, new Address(worker.name(), 1), "host-" + worker.name(), 7, 1);
  }

  static WorkerDied died(WorkerId worker) {
    return new WorkerDied(worker, false, "exit code 137 (SIGKILL)");
  }

  static Key key(long number) {
    return key(ME, number);
  }

  static Key key(ClientId client, long number) {
    return TaskKeys.numbered("x", NAMESPACE, client, number);
  }

  static Submitted submit(int number, int... inputs) {
    return submit(number, TaskSettings.DEFAULT, inputs);
  }

  static Submitted submit(int number, TaskSettings settings, int... inputs) {
    return submit(ME, number, settings, false, inputs);
  }

  static Submitted returning(int number, int... inputs) {
    return submit(ME, number, TaskSettings.DEFAULT, true, inputs);
  }

  static Submitted submit(ClientId client, int number, TaskSettings settings, boolean returning,
      int... inputs) {
    return new Submitted(client,
        new Message.Submit(number, key(client, number), new Callee.Carried(VALUE),
            Arrays.stream(inputs).mapToObj(n -> (Operand) new Operand.OfTask(n)).toList(),
            List.of(), settings, Optional.empty(), returning),
        FUNCTION, "");
  }

  /// A task whose key the client gave, of a function that is told by its name.
  static Submitted given(ClientId client, int number, String key, String function) {
    var fingerprint = ContentHash.of(function.getBytes(StandardCharsets.UTF_8));
    return new Submitted(client,
        new Message.Submit(number, TaskKeys.given(key, NAMESPACE, fingerprint),
            new Callee.Carried(VALUE), List.of(), List.of(), TaskSettings.DEFAULT,
            Optional.of(fingerprint), false),
        FUNCTION, "");
  }

  /// The tasks `first` to `first + count - 1`, with values of their own.
  static MapSubmitted map(ClientId client, int first, int count, TaskSettings settings) {
    var operands = new ArrayList<Operand>();
    for (var i = 0; i < count; i++) {
      operands.add(new Operand.Inline(VALUE));
    }
    return new MapSubmitted(client, new Message.SubmitMap(first, key(client, first), 0,
        new Callee.Known(1), operands, List.of(), settings, false), FUNCTION, "");
  }

  /// The latest assignment of a task ends.
  Ended ended(int number, TaskEnd end) {
    var assign = assignment(number);
    return new Ended(assign.worker(), assign.task(), end);
  }

  /// With a value that is too large to travel along.
  Ended ready(int number) {
    return ready(number, 1_000_000);
  }

  Ended ready(int number, long sizeBytes) {
    return ended(number, new TaskEnd.Ready("test", sizeBytes, MILLI, Optional.empty()));
  }

  /// With a value that travels along.
  Ended readyInline(int number) {
    return ended(number, new TaskEnd.Ready("test", 8, MILLI, Optional.of(VALUE)));
  }

  Ended failed(int number) {
    return ended(number, new TaskEnd.Failed(BOOM, MILLI));
  }

  Ended lacking(int number, int... inputs) {
    return ended(number, new TaskEnd.Lacking(
        Arrays.stream(inputs).mapToObj(TestCore::key).toList(), "no holder answered"));
  }

  Ended givenBack(int number) {
    return ended(number, new TaskEnd.GivenBack("recalled", false));
  }

  static SchedulerEvent.Dropped drop(int number) {
    return drop(ME, number, 1);
  }

  static SchedulerEvent.Dropped drop(ClientId client, int first, int count) {
    return new SchedulerEvent.Dropped(client, List.of(new Message.Range(first, count)));
  }

  static SchedulerEvent.Beat beat(WorkerId worker, long seen, List<Long> unfinished,
      List<Long> running, String paused) {
    return new SchedulerEvent.Beat(worker,
        new Message.Beat(seen, unfinished, running, 0, 0, 0, Message.Vitals.UNKNOWN, paused,
            List.of()));
  }

  /// It runs nothing of its assignments, but these though they were cancelled.
  static SchedulerEvent.Beat keeps(WorkerId worker, int... numbers) {
    return new SchedulerEvent.Beat(worker, new Message.Beat(0, List.of(), List.of(), 0, 0, 0,
        Message.Vitals.UNKNOWN, "", Arrays.stream(numbers).mapToObj(TestCore::key).toList()));
  }

  static SchedulerEvent.Registered registered(WorkerId worker, int... numbers) {
    return new SchedulerEvent.Registered(worker, Arrays.stream(numbers)
        .mapToObj(n -> new Message.Entry(key(n), 8)).toList());
  }

  static SchedulerEvent.ValuesMoved moved(WorkerId from, WorkerId to, int number, boolean last) {
    return new SchedulerEvent.ValuesMoved(from, List.of(key(number)), to, last);
  }

  static SchedulerEvent.Unregistered unregistered(WorkerId worker, int... numbers) {
    return new SchedulerEvent.Unregistered(worker,
        Arrays.stream(numbers).mapToObj(TestCore::key).toList());
  }

  static SchedulerEvent.Tick tick() {
    return new SchedulerEvent.Tick();
  }

  // --- words for settings

  static TaskSettings settings() {
    return TaskSettings.DEFAULT;
  }

  static TaskSettings priority(int priority) {
    return new TaskSettings(priority, 0, 0, List.of(), Map.of(), false, false);
  }

  static TaskSettings retries(int retries) {
    return new TaskSettings(0, retries, 0, List.of(), Map.of(), false, false);
  }

  static TaskSettings on(String... workers) {
    return new TaskSettings(0, 0, 0, List.of(workers), Map.of(), false, false);
  }

  static TaskSettings taking(String resource, int amount) {
    return new TaskSettings(0, 0, 0, List.of(), Map.of(resource, amount), false, false);
  }

  static TaskSettings blocking() {
    return new TaskSettings(0, 0, 0, List.of(), Map.of(), true, false);
  }

  static TaskSettings detached() {
    return new TaskSettings(0, 0, 0, List.of(), Map.of(), false, true);
  }

  // --- words for commands

  List<String> shorts(List<SchedulerCommand> commands) {
    return commands.stream().flatMap(this::shorts).toList();
  }

  private Stream<String> shorts(SchedulerCommand command) {
    return switch (command) {
      case Assign assign -> Stream.of(assign.worker() + "<-" + name(assign.key()));
      case Abort(var worker, var numbers) -> numbers.stream()
          .map(number -> worker + "!" + name(keys.get(number)));
      case Recall(var worker, var numbers) -> numbers.stream()
          .map(number -> worker + "?" + name(keys.get(number)));
      case Release(var worker, var released) -> released.stream()
          .map(key -> worker + "-" + name(key));
      case Tell(var client, var result) -> Stream.of(
          (client.equals(ME) ? "" : "you ") + result.task() + switch (result) {
            case Result.Ready ready -> "=" + (ready.value().isPresent()
                ? "value"
                : String.join("+", ready.holders().stream().map(h -> h.worker().name()).toList()));
            case Result.Failed _ -> " failed";
            case Result.Cancelled _ -> " cancelled";
            case Result.Lost _ -> " lost";
          });
      case TellWorkers _ -> Stream.empty();
      case SchedulerCommand.Reply(_, var response) -> Stream.of(
          response.getClass().getSimpleName());
      case SchedulerCommand.AskToLeave(var worker) -> Stream.of(worker + " leave");
    };
  }

  private static String name(@org.jspecify.annotations.Nullable Key key) {
    if (key == null) {
      return "?";
    }
    var text = key.text().replace("-" + NAMESPACE + ME.tag() + "-", "");
    return text.replace("-" + NAMESPACE + YOU.tag() + "-", "y");
  }
}
