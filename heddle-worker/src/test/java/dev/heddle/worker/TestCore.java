package dev.heddle.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Address;
import dev.heddle.wire.Argument;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Payload;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import dev.heddle.worker.WorkerCommand.Execute;
import dev.heddle.worker.WorkerCommand.Fetch;
import dev.heddle.worker.WorkerCommand.Locate;
import dev.heddle.worker.WorkerCommand.Register;
import dev.heddle.worker.WorkerCommand.Reply;
import dev.heddle.worker.WorkerCommand.Tell;
import dev.heddle.worker.WorkerCommand.Unregister;
import dev.heddle.worker.WorkerEvent.AttachAsked;
import dev.heddle.worker.WorkerEvent.ComputeAsked;
import dev.heddle.worker.WorkerEvent.ExecutionEnded.Raised;
import dev.heddle.worker.WorkerEvent.ExecutionEnded.Succeeded;
import dev.heddle.worker.WorkerEvent.FetchEnded.Arrived;
import dev.heddle.worker.WorkerEvent.FetchEnded.PeerBusy;
import dev.heddle.worker.WorkerEvent.FetchEnded.PeerLost;
import dev.heddle.worker.WorkerEvent.Located;
import dev.heddle.worker.WorkerEvent.PutAsked;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ListAssert;

/// A core to be asked what it does, and words for what it is told and what it says.
final class TestCore {
  static final long MILLI = 1_000_000;
  static final WorkerId SELF = new WorkerId("self", 1);
  static final Key X = Key.of("x");
  static final Key Y = Key.of("y");
  static final Key Z = Key.of("z");
  static final Key SUM = Key.of("sum");
  static final Holder ANN = holder("ann", "far");
  static final Holder BOB = holder("bob", "far");
  static final Holder NEAR = holder("near", "here");
  static final Value ONE = new TestValue(1, 8);
  static final Value TWO = new TestValue(2, 8);
  static final Failure BOOM = new Failure("java.lang.ArithmeticException", "/ by zero", List.of(),
      0,
      Optional.empty(), List.of(), Optional.empty());
  private static final Payload FUNCTION = new Payload(0, List.of(), new byte[0], List.of());
  private static final String HOLD = "what keeps its classes";
  private static final Definition DEFINITION = Definition.forOneCall(FUNCTION, HOLD);

  private final WorkerState state;
  private long now = 1_000 * MILLI;

  record TestValue(int number, long sizeBytes) implements Value {
    @Override
    public String type() {
      return "test";
    }
  }

  /// One slot, two fetches at once.
  TestCore() {
    this(config());
  }

  TestCore(WorkerConfig config) {
    state = new WorkerState(config);
  }

  static WorkerConfig config() {
    return new WorkerConfig(SELF, "here", 1, 1, 100_000, 2, 10, 100, 3, 50 * MILLI, 2,
        MemoryBounds.NONE);
  }

  // --- what happens

  /// Tells the core, and checks that all is still as it must be.
  List<WorkerCommand> hears(WorkerEvent... events) {
    var commands = state.handle(List.of(events), now);
    state.checkInvariants();
    return commands;
  }

  /// [#hears], to say exactly what comes of it.
  ListAssert<WorkerCommand> when(WorkerEvent... events) {
    return assertThat(hears(events));
  }

  /// What it said to those before is of no interest here.
  TestCore given(WorkerEvent... events) {
    for (var event : events) {
      var _ = hears(event);
    }
    return this;
  }

  TestCore later(long nanos) {
    now += nanos;
    return this;
  }

  long now() {
    return now;
  }

  WorkerState state() {
    return state;
  }

  // --- words for events

  static Asker asker(int number) {
    return new Asker(number, 1);
  }

  static Work work(String function, Key... inputs) {
    return work(function, false, inputs);
  }

  static Work work(String function, boolean blocking, Key... inputs) {
    return Work.asked(DEFINITION,
        Stream.of(inputs).map(input -> (Argument) new Argument.Stored(input)).toList(),
        ContentHash.of((function + List.of(inputs)).getBytes(StandardCharsets.UTF_8)), blocking,
        HOLD);
  }

  /// `asker(number)` wants a key computed.
  static ComputeAsked compute(int number, Key key, Key... inputs) {
    return compute(number, key, work("add", inputs));
  }

  static ComputeAsked compute(int number, Key key, Work work) {
    return new ComputeAsked(asker(number), key, work, Map.of());
  }

  /// [#compute], with a hint that all its inputs are at `holders`.
  static ComputeAsked computeFrom(List<Holder> holders, int number, Key key, Key... inputs) {
    var hints = new LinkedHashMap<Key, List<Holder>>();
    for (var input : inputs) {
      hints.put(input, holders);
    }
    return new ComputeAsked(asker(number), key, work("add", inputs), hints);
  }

  static final Message.Attached ATTACHED = new Message.Attached(1, Map.of(), 100);

  /// A scheduler with a store of its own takes the worker into its service.
  static AttachAsked attach(int link) {
    return new AttachAsked(asker(link), "abc", false, ATTACHED);
  }

  /// A scheduler that is the store takes the worker into its service.
  static AttachAsked attachStore(int link) {
    return new AttachAsked(asker(link), "abc", true, ATTACHED);
  }

  /// The scheduler on connection `link` assigns a key.
  static ComputeAsked assign(int link, long task, Key key, Key... inputs) {
    return assign(link, task, key, ordered(0, inputs));
  }

  static ComputeAsked assign(int link, long task, Key key, Work work) {
    return new ComputeAsked(Asker.scheduler(link, task), key, work, Map.of());
  }

  /// What a scheduler assigns.
  static Work ordered(long order, Key... inputs) {
    return assigned(order, 0, List.of(), inputs);
  }

  static Work assigned(long order, long timeoutMillis, List<Key> captured, Key... inputs) {
    return new Work(DEFINITION,
        Stream.of(inputs).map(input -> (Argument) new Argument.Stored(input)).toList(), captured,
        Optional.empty(), order, timeoutMillis, false, Optional.empty(), Message.Trace.NONE, HOLD);
  }

  static PutAsked put(int number, Key key, Value value) {
    return new PutAsked(asker(number), Map.of(key, value), false);
  }

  static Located located(Key key, Holder... holders) {
    return new Located(List.of(key), Map.of(key, List.of(holders)));
  }

  static Located nowhere(Key... keys) {
    return new Located(List.of(keys), Map.of());
  }

  static Arrived arrived(Holder from, Key key, Value value) {
    return new Arrived(from.address(), Map.of(key, value), Set.of(), Map.of(), Set.of());
  }

  static Arrived missing(Holder from, Key... keys) {
    return new Arrived(from.address(), Map.of(), Set.of(keys), Map.of(), Set.of());
  }

  static PeerBusy busy(Holder peer) {
    return new PeerBusy(peer.address());
  }

  static PeerLost lost(Holder peer) {
    return new PeerLost(peer.address(), "connection refused");
  }

  static Succeeded succeeded(Key key, long attempt, Value value) {
    return new Succeeded(key, attempt, value, 7, Optional.empty());
  }

  static Raised raised(Key key, long attempt) {
    return new Raised(key, attempt, BOOM, 7);
  }

  static WorkerEvent.Registered registered(Key... keys) {
    return new WorkerEvent.Registered(List.of(keys));
  }

  static Holder holder(String name, String host) {
    return new Holder(new WorkerId(name, 1), new Address(name, 1), host, 8);
  }

  static WorkerInfo worker(Holder holder) {
    return new WorkerInfo(holder.worker(), holder.address(), holder.host(), 1, 1);
  }

  // --- words for commands

  static Reply reply(int number, Message.Response response) {
    return new Reply(asker(number), response);
  }

  static Reply finished(int number, Key key, long runNanos) {
    return reply(number, new Message.Finished(key, "test", 8, runNanos));
  }

  static Reply failed(int number, Key key, Failure failure) {
    return reply(number, new Message.Failed(key, failure));
  }

  static Reply done(int number) {
    return reply(number, new Message.Done());
  }

  static Reply cancelled(int number, Key key) {
    return reply(number, new Message.Cancelled(key));
  }

  static Tell ended(int link, long task, Message.TaskEnd end) {
    return new Tell(link, new Message.Ended(task, end));
  }

  static Tell endedReady(int link, long task) {
    return ended(link, task, new Message.TaskEnd.Ready("test", 8, 7, Optional.empty()));
  }

  /// An execution of what was assigned.
  static Execute executeAssigned(Key key, long attempt, Work work, Map<Key, Value> inputs) {
    return new Execute(key, attempt, work, inputs, true);
  }

  static Execute execute(Key key, long attempt, Work work, Map<Key, Value> inputs) {
    return new Execute(key, attempt, work, inputs, false);
  }

  static Fetch fetch(Holder from, Key... keys) {
    return new Fetch(from.worker(), from.address(), List.of(keys));
  }

  static Locate locate(Key... keys) {
    return new Locate(List.of(keys));
  }

  static Register register(Key... keys) {
    return new Register(Stream.of(keys).map(key -> new Message.Entry(key, 8)).toList());
  }

  static Unregister unregister(Key... keys) {
    return new Unregister(List.of(keys));
  }

  /// The messages of all refusals and failures among `commands`, in order.
  static List<String> complaints(List<WorkerCommand> commands) {
    return commands.stream().flatMap(command -> switch (command) {
      case Reply(_, Message.Refused(var reason, var message)) -> Stream.of(reason + ": " + message);
      case Reply(_, Message.Failed(_, var failure)) -> Stream.of(failure.message());
      case WorkerCommand _ -> Stream.empty();
    }).toList();
  }
}
