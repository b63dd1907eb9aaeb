package dev.heddle.worker;

import static dev.heddle.worker.TestCore.ANN;
import static dev.heddle.worker.TestCore.BOB;
import static dev.heddle.worker.TestCore.ONE;
import static dev.heddle.worker.TestCore.SUM;
import static dev.heddle.worker.TestCore.TWO;
import static dev.heddle.worker.TestCore.X;
import static dev.heddle.worker.TestCore.Y;
import static dev.heddle.worker.TestCore.Z;
import static dev.heddle.worker.TestCore.arrived;
import static dev.heddle.worker.TestCore.asker;
import static dev.heddle.worker.TestCore.assign;
import static dev.heddle.worker.TestCore.attach;
import static dev.heddle.worker.TestCore.attachStore;
import static dev.heddle.worker.TestCore.busy;
import static dev.heddle.worker.TestCore.compute;
import static dev.heddle.worker.TestCore.computeFrom;
import static dev.heddle.worker.TestCore.located;
import static dev.heddle.worker.TestCore.lost;
import static dev.heddle.worker.TestCore.put;
import static dev.heddle.worker.TestCore.raised;
import static dev.heddle.worker.TestCore.registered;
import static dev.heddle.worker.TestCore.succeeded;
import static dev.heddle.worker.TestCore.work;
import static dev.heddle.worker.TestCore.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Message;
import dev.heddle.worker.KeyState.Stored;
import dev.heddle.worker.WorkerEvent.AbortAsked;
import dev.heddle.worker.WorkerEvent.AskersGone;
import dev.heddle.worker.WorkerEvent.BeatDue;
import dev.heddle.worker.WorkerEvent.CancelAsked;
import dev.heddle.worker.WorkerEvent.DeleteAsked;
import dev.heddle.worker.WorkerEvent.DrainAsked;
import dev.heddle.worker.WorkerEvent.ExecutionEnded.InputsLost;
import dev.heddle.worker.WorkerEvent.GetAsked;
import dev.heddle.worker.WorkerEvent.HandOverFailed;
import dev.heddle.worker.WorkerEvent.HandedOver;
import dev.heddle.worker.WorkerEvent.LocateFailed;
import dev.heddle.worker.WorkerEvent.PeersTold;
import dev.heddle.worker.WorkerEvent.RecallAsked;
import dev.heddle.worker.WorkerEvent.ReleaseAsked;
import dev.heddle.worker.WorkerEvent.Relieved;
import dev.heddle.worker.WorkerEvent.SlotTaken;
import dev.heddle.worker.WorkerEvent.SlotYielded;
import dev.heddle.worker.WorkerEvent.SpillEnded;
import dev.heddle.worker.WorkerEvent.StoreAway;
import dev.heddle.worker.WorkerEvent.StoreBack;
import dev.heddle.worker.WorkerEvent.SurveyFailed;
import dev.heddle.worker.WorkerEvent.Surveyed;
import dev.heddle.worker.WorkerEvent.Tick;
import dev.heddle.worker.WorkerEvent.ValueLost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Every event, while the key `x` is in every state: what becomes of `x`, and what is commanded. The
/// table itself is the file `WorkerStateTable.txt`, to be read and changed by hand.
class WorkerStateTableTest {
  /// How `x` gets into each of its states. `Stored` was put, `registered` was put and is known to the
  /// store, `computed` was computed from `y` and is known to the store; the others say more of
  /// assignment 1 of the scheduler on connection 9, which is the store where it is `known by telling`.
  private static Map<String, List<WorkerEvent>> states() {
    var states = new LinkedHashMap<String, List<WorkerEvent>>();
    states.put("unknown", List.of());
    states.put("Locating", List.of(compute(1, SUM, X)));
    states.put("Queued", List.of(computeFrom(List.of(BOB), 1, Z, Y),
        computeFrom(List.of(BOB), 1, SUM, X)));
    states.put("Fetching", List.of(computeFrom(List.of(BOB), 1, SUM, X)));
    states.put("Parked", List.of(computeFrom(List.of(BOB), 1, SUM, X), busy(BOB)));
    states.put("Waiting", List.of(compute(1, X, Y)));
    states.put("Ready", List.of(put(1, Y, TWO), compute(1, Z), compute(1, X, Y)));
    states.put("Running", List.of(put(1, Y, TWO), compute(1, X, Y)));
    states.put("Stored", List.of(put(1, X, ONE)));
    states.put("registered", List.of(put(1, X, ONE), registered(X)));
    states.put("assigned Waiting", List.of(attach(9), assign(9, 1, X, Y)));
    states.put("assigned Ready", List.of(attach(9), compute(1, Z), assign(9, 1, X)));
    states.put("assigned Running", List.of(attach(9), assign(9, 1, X)));
    states.put("waits", List.of(attach(9), assign(9, 1, X), new SlotYielded(X, 1)));
    states.put("assigned Stored",
        List.of(attach(9), assign(9, 1, X), succeeded(X, 1, ONE)));
    states.put("known by telling",
        List.of(attachStore(9), assign(9, 1, X), succeeded(X, 1, ONE)));
    states.put("computed", List.of(put(1, Y, TWO), compute(1, X, Y), succeeded(X, 1, ONE),
        registered(X, Y)));
    return states;
  }

  private static List<WorkerEvent> events(TestCore core) {
    return List.of(compute(2, X, Y), compute(2, X, work("other")),
        new GetAsked(asker(2), List.of(X), 100), put(2, X, TWO),
        new DeleteAsked(asker(2), List.of(X)), new CancelAsked(asker(2), List.of(X)),
        attach(9), assign(9, 3, X, Y), new RecallAsked(9, List.of(1L)),
        new AbortAsked(9, List.of(1L)), new ReleaseAsked(9, List.of(X)),
        new BeatDue(Message.Vitals.UNKNOWN),
        new SlotYielded(X, 1), new SlotTaken(X, 1), new AskersGone(1), located(X, ANN),
        new LocateFailed(List.of(X), "the store is away"),
        arrived(BOB, X, ONE), busy(BOB), lost(BOB), succeeded(X, 1, ONE), raised(X, 1),
        registered(X), new StoreAway("no route"), new StoreBack(),
        new DrainAsked(core.now() + 1_000), new Surveyed(Map.of(), List.of()),
        new SurveyFailed("no route"), new HandedOver(worker(BOB), List.of(X), List.of()),
        new HandOverFailed(worker(BOB), List.of(X), "reset"),
        new InputsLost(X, 1, List.of(Y), "bad"),
        new SpillEnded(List.of(), Optional.empty()), new ValueLost(X, ONE, "bad"),
        new PeersTold(List.of(worker(BOB))), new Relieved(worker(BOB), List.of(X)), new Tick());
  }

  @Test
  void everyPairOfStateAndEventIsDecided() throws IOException {
    assertThat(table()).isEqualTo(expected());
  }

  @Test
  void noEventIsLeftOut() {
    var listed = events(new TestCore()).stream().map(Object::getClass).collect(Collectors.toSet());
    assertThat(listed).containsAll(recordsOf(WorkerEvent.class));
  }

  @Test
  void noStateIsLeftOut() {
    var reached = states().values().stream()
        .map(events -> new TestCore().given(events.toArray(WorkerEvent[]::new)).state().state(X))
        .filter(KeyState.class::isInstance).map(Object::getClass).collect(Collectors.toSet());
    assertThat(reached).containsAll(recordsOf(KeyState.class));
  }

  private static List<Class<?>> recordsOf(Class<?> sealed) {
    var records = new ArrayList<Class<?>>();
    for (var each : sealed.getPermittedSubclasses()) {
      if (each.isRecord()) {
        records.add(each);
      } else {
        records.addAll(recordsOf(each));
      }
    }
    return records;
  }

  private static String expected() throws IOException {
    try (var file = WorkerStateTableTest.class.getResourceAsStream("WorkerStateTable.txt")) {
      if (file == null) {
        throw new IOException("the table is not on the class path");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String table() {
    var table = new StringBuilder();
    for (var index = 0; index < events(new TestCore()).size(); index++) {
      var statesByOutcome = new LinkedHashMap<String, List<String>>();
      var name = "";
      for (var state : states().entrySet()) {
        var core = new TestCore().given(state.getValue().toArray(WorkerEvent[]::new));
        var event = events(core).get(index);
        name = named(event);
        statesByOutcome.computeIfAbsent(outcome(core, event), _ -> new ArrayList<>())
            .add(state.getKey());
      }
      table.append(table.isEmpty() ? "" : "\n").append(name).append('\n');
      statesByOutcome.forEach((outcome, states) -> table.append("  ")
          .append(String.join(", ", states)).append(": ").append(outcome).append('\n'));
    }
    return table.toString();
  }

  private static String named(WorkerEvent event) {
    return switch (event) {
      case WorkerEvent.ComputeAsked asked when asked.asker().isScheduler() ->
        "ComputeAsked by a scheduler";
      case WorkerEvent.ComputeAsked asked when asked.work().inputs().isEmpty() ->
        "ComputeAsked with other work";
      case WorkerEvent each -> each.getClass().getSimpleName();
    };
  }

  private static String outcome(TestCore core, WorkerEvent event) {
    var before = nameOfState(core);
    try {
      var said = core.hears(event).stream().map(WorkerStateTableTest::named)
          .collect(Collectors.joining(", "));
      var after = nameOfState(core);
      return (after.equals(before) ? "stays" : "becomes " + after)
          + (said.isEmpty() ? "" : "; " + said);
    } catch (IllegalStateException impossible) {
      return "impossible";
    }
  }

  private static String named(WorkerCommand command) {
    return switch (command) {
      case WorkerCommand.Reply(var asker, var response) ->
        response.getClass().getSimpleName() + "(" + asker.link() + ")";
      case WorkerCommand.Tell(_, Message.Ended(var task, var end)) ->
        "Ended(" + task + ") " + end.getClass().getSimpleName();
      case WorkerCommand.Tell(var link, var notice) ->
        notice.getClass().getSimpleName() + "(" + link + ")";
      case WorkerCommand each -> each.getClass().getSimpleName();
    };
  }

  private static String nameOfState(TestCore core) {
    return switch (core.state().state(X)) {
      case null -> "unknown";
      case Stored stored when stored.madeBy().isPresent() -> "computed";
      case Stored stored when stored.registered() -> "registered";
      case KeyState each -> each.getClass().getSimpleName();
    };
  }

  /// Prints the table as it is, to be looked at.
  public static void main(String[] arguments) {
    System.out.print(table());
  }
}
