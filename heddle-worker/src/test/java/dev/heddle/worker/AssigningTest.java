package dev.heddle.worker;

import static dev.heddle.worker.TestCore.ANN;
import static dev.heddle.worker.TestCore.ATTACHED;
import static dev.heddle.worker.TestCore.MILLI;
import static dev.heddle.worker.TestCore.ONE;
import static dev.heddle.worker.TestCore.SUM;
import static dev.heddle.worker.TestCore.TWO;
import static dev.heddle.worker.TestCore.X;
import static dev.heddle.worker.TestCore.Y;
import static dev.heddle.worker.TestCore.Z;
import static dev.heddle.worker.TestCore.asker;
import static dev.heddle.worker.TestCore.assign;
import static dev.heddle.worker.TestCore.assigned;
import static dev.heddle.worker.TestCore.attach;
import static dev.heddle.worker.TestCore.attachStore;
import static dev.heddle.worker.TestCore.compute;
import static dev.heddle.worker.TestCore.ended;
import static dev.heddle.worker.TestCore.endedReady;
import static dev.heddle.worker.TestCore.execute;
import static dev.heddle.worker.TestCore.executeAssigned;
import static dev.heddle.worker.TestCore.finished;
import static dev.heddle.worker.TestCore.locate;
import static dev.heddle.worker.TestCore.ordered;
import static dev.heddle.worker.TestCore.put;
import static dev.heddle.worker.TestCore.raised;
import static dev.heddle.worker.TestCore.register;
import static dev.heddle.worker.TestCore.registered;
import static dev.heddle.worker.TestCore.reply;
import static dev.heddle.worker.TestCore.succeeded;
import static dev.heddle.worker.TestCore.unregister;
import static dev.heddle.worker.TestCore.work;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.ClientId;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.Payload;
import dev.heddle.wire.TaskKeys;
import dev.heddle.worker.WorkerCommand.Dismiss;
import dev.heddle.worker.WorkerCommand.Execute;
import dev.heddle.worker.WorkerCommand.Interrupt;
import dev.heddle.worker.WorkerCommand.Tell;
import dev.heddle.worker.WorkerEvent.AbortAsked;
import dev.heddle.worker.WorkerEvent.AskersGone;
import dev.heddle.worker.WorkerEvent.AttachAsked;
import dev.heddle.worker.WorkerEvent.BeatDue;
import dev.heddle.worker.WorkerEvent.DrainAsked;
import dev.heddle.worker.WorkerEvent.ExecutionEnded.Succeeded;
import dev.heddle.worker.WorkerEvent.GetAsked;
import dev.heddle.worker.WorkerEvent.PutAsked;
import dev.heddle.worker.WorkerEvent.RecallAsked;
import dev.heddle.worker.WorkerEvent.ReleaseAsked;
import dev.heddle.worker.WorkerEvent.SlotTaken;
import dev.heddle.worker.WorkerEvent.SlotYielded;
import dev.heddle.worker.WorkerEvent.Tick;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Tasks of schedulers: one on connection 9, which is the store where that is said.
class AssigningTest {
  private static final Message.Vitals VITALS = new Message.Vitals(1, 2, 3);
  private final TestCore core = new TestCore();

  private static Message.Beat beat(long seen, List<Long> unfinished, List<Long> running,
      long values) {
    return new Message.Beat(seen, unfinished, running, values, 8 * values, 0, VITALS, "",
        List.of());
  }

  private static RecallAsked recall(Long... tasks) {
    return new RecallAsked(9, List.of(tasks));
  }

  private static AbortAsked abort(Long... tasks) {
    return new AbortAsked(9, List.of(tasks));
  }

  private static ReleaseAsked release(Key... keys) {
    return new ReleaseAsked(9, List.of(keys));
  }

  private static Tell waits(long task, boolean waits) {
    return new Tell(9, new Message.Waits(task, waits));
  }

  /// What has become of assignments among `commands`, by kind.
  private static List<String> ends(List<WorkerCommand> commands) {
    return commands.stream()
        .filter(command -> command instanceof Tell(_, Message.Ended _))
        .map(command -> (Message.Ended) ((Tell) command).notice())
        .map(end -> end.task() + " " + end.end().getClass().getSimpleName()).toList();
  }

  private static List<Key> executed(List<WorkerCommand> commands) {
    return commands.stream().filter(Execute.class::isInstance)
        .map(command -> ((Execute) command).key()).toList();
  }

  // --- coming and going

  @Test
  void whoeverAttachesIsToldWhatIsOfItsNamespaceAndThenAnswered() {
    var client = new ClientId("abcdef");
    var stored = TaskKeys.numbered("s", "abc", client, 1);
    var running = TaskKeys.numbered("r", "abc", client, 2);
    var others = TaskKeys.numbered("o", "xyz", client, 3);
    core.given(put(1, stored, ONE), put(1, others, ONE), put(1, X, ONE), compute(1, running));
    core.when(attach(9)).containsExactly(
        new Tell(9,
            new Message.Holding(List.of(new Message.Entry(stored, 8)), List.of(running))),
        reply(9, ATTACHED));
  }

  @Test
  void whatIsHeldIsToldInPieces() {
    var values = new HashMap<Key, Value>();
    for (var i = 0; i < Schedulers.HOLDING_MAX + 1; i++) {
      values.put(TaskKeys.numbered("s", "abc", new ClientId("abcdef"), i), ONE);
    }
    core.given(new PutAsked(asker(1), values, false));
    var told = new ArrayList<Integer>();
    var heard = new HashSet<Key>();
    for (var command : core.hears(attach(9))) {
      if (command instanceof Tell(_, Message.Holding(var stored, _))) {
        told.add(stored.size());
        stored.forEach(entry -> heard.add(entry.key()));
      }
    }
    assertThat(told).containsExactly(Schedulers.HOLDING_MAX, 1);
    assertThat(heard).isEqualTo(values.keySet());
  }

  @Test
  void anAttachmentOnAnotherConnectionDismissesTheFirst() {
    core.given(attach(9), assign(9, 1, X));
    assertThat(core.hears(attach(10))).first().isInstanceOfSatisfying(Dismiss.class,
        dismiss -> assertThat(dismiss.link()).isEqualTo(9));
    core.when(assign(9, 2, Y), new ReleaseAsked(9, List.of(X))).isEmpty();
    core.when(assign(10, 1, X)).isEmpty();
    core.when(succeeded(X, 1, ONE), registered(X)).containsExactly(endedReady(10, 1),
        register(X));
  }

  @Test
  void whatWasAssignedGoesOnWhenTheSchedulerIsLost() {
    core.given(attach(9), assign(9, 1, X), assign(9, 2, SUM, X));
    core.when(new AskersGone(9)).isEmpty();
    core.when(succeeded(X, 1, ONE)).containsExactly(
        new Execute(SUM, 2, ordered(0, X), Map.of(X, ONE), false), register(X));
    core.given(attach(10));
    core.when(assign(10, 7, SUM, X)).isEmpty();
    core.given(registered(X));
    core.when(assign(10, 8, X)).containsExactly(endedReady(10, 8));
  }

  // --- ends

  @Test
  void anotherStoreKnowsBeforeTheSchedulerIsTold() {
    core.given(attach(9));
    core.when(assign(9, 1, X)).containsExactly(executeAssigned(X, 1, ordered(0), Map.of()));
    core.when(succeeded(X, 1, ONE)).containsExactly(register(X));
    core.when(registered(X)).containsExactly(endedReady(9, 1));
    core.when(release(X)).containsExactly(unregister(X));
  }

  @Test
  void aSchedulerThatIsTheStoreIsToldAtOnceAndTheStoreNothing() {
    core.given(attachStore(9), assign(9, 1, X));
    core.when(succeeded(X, 1, ONE)).containsExactly(endedReady(9, 1));
    core.when(compute(1, X)).containsExactly(finished(1, X, 7));
    core.when(release(X)).isEmpty();
    assertThat(core.state().state(X)).isNull();
  }

  @Test
  void onceTheStoreWasToldAllThatIsHereItIsToldOfTheEndToo() {
    core.given(attachStore(9), assign(9, 1, X), succeeded(X, 1, ONE));
    assertThat(core.state().tellInventory()).containsExactly(new Message.Entry(X, 8));
    core.given(assign(9, 2, Y), succeeded(Y, 2, ONE));
    core.when(release(X, Y)).containsExactly(unregister(X));
  }

  /// The word that it is not here may reach the scheduler after the word that it is.
  @Test
  void whatTheStoreWasToldNotToBeHereIsRegisteredAllTheSame() {
    core.given(attachStore(9), new GetAsked(asker(1), List.of(X), 100), assign(9, 1, X));
    core.when(succeeded(X, 1, ONE)).containsExactly(endedReady(9, 1), register(X));
    core.when(release(X)).containsExactly(unregister(X));
  }

  @Test
  void aSmallValueGoesAlongWithTheEndOnce() {
    var payload = new Payload(0, List.of(), new byte[3], List.of());
    core.given(attachStore(9), assign(9, 1, X));
    core.when(new Succeeded(X, 1, ONE, 7, Optional.of(payload))).containsExactly(
        ended(9, 1, new TaskEnd.Ready("test", 8, 7, Optional.of(payload))));
    core.when(assign(9, 2, X)).containsExactly(endedReady(9, 2));
  }

  @Test
  void whatNeedsAFailedTaskLacksIt() {
    core.given(attach(9), assign(9, 1, X), assign(9, 2, Y, X), assign(9, 3, Z, Y));
    var commands = core.hears(raised(X, 1));
    assertThat(ends(commands)).containsExactly("1 Failed", "2 Lacking", "3 Lacking");
    assertThat(commands).first().isEqualTo(ended(9, 1, new TaskEnd.Failed(TestCore.BOOM, 7)));
    assertThat(core.state().figures().tasks()).isZero();
  }

  @Test
  void capturedKeysAreInputs() {
    core.given(attach(9), put(1, X, ONE));
    var task = assigned(0, 0, List.of(Y), X);
    core.when(assign(9, 1, SUM, task)).containsExactly(locate(Y));
    core.when(TestCore.located(Y, ANN)).hasSize(1);
    core.when(TestCore.arrived(ANN, Y, TWO)).containsExactly(
        executeAssigned(SUM, 1, task, Map.of(X, ONE, Y, TWO)), register(Y));
  }

  @Test
  void aLeavingWorkerGivesBackWhatHasNotBegun() {
    core.given(attach(9), assign(9, 1, X), assign(9, 2, Y));
    assertThat(ends(core.hears(new DrainAsked(core.now() + 1_000 * MILLI))))
        .containsExactly("2 GivenBack");
    assertThat(ends(core.hears(assign(9, 3, Z)))).containsExactly("3 GivenBack");
    core.when(new BeatDue(VITALS)).containsExactly(
        new Tell(9,
            new Message.Beat(3, List.of(1L), List.of(1L), 0, 0, 0, VITALS, "it is leaving",
                List.of())));
  }

  // --- cancelled, and going on

  @Test
  void whatGoesOnAfterItWasCancelledKeepsItsSlotAndSchedulersAreTold() {
    core.given(attach(9), assign(9, 1, X), assign(9, 2, Y));
    core.given(abort(1L));
    core.when(new Tick()).isEmpty();
    core.later(Attempts.KEPT_AFTER_NANOS);
    core.when(new Tick()).containsExactly(
        new Tell(9, new Message.Beat(2, List.of(2L), List.of(), 0, 0, 0, Message.Vitals.UNKNOWN, "",
            List.of(X))),
        new Tell(9, new Message.Ended(2, new TaskEnd.GivenBack("the worker " + TestCore.SELF
            + " has no slot for it: all are kept by functions that were cancelled and go on",
            false))));
    assertThat(ends(core.hears(assign(9, 3, Z)))).containsExactly("3 GivenBack");
    core.when(raised(X, 1)).containsExactly(new Tell(9, new Message.Beat(3, List.of(), List.of(), 0,
        0, 0, Message.Vitals.UNKNOWN, "", List.of())));
  }

  @Test
  void whatNeedsNoSlotRunsThough() {
    core.given(attach(9), assign(9, 1, X), abort(1L));
    core.later(Attempts.KEPT_AFTER_NANOS);
    core.given(new Tick());
    assertThat(executed(core.hears(assign(9, 2, Y, TestCore.work("wait", true)))))
        .containsExactly(Y);
  }

  // --- in which order

  @Test
  void theSmallestOrderIsFirst() {
    core.given(attach(9), assign(9, 1, X));
    core.given(assign(9, 2, Y, ordered(5)), assign(9, 3, Z, ordered(2)),
        assign(9, 4, SUM, ordered(5)));
    assertThat(executed(core.hears(raised(X, 1)))).containsExactly(Z);
    assertThat(executed(core.hears(raised(Z, 2)))).containsExactly(Y);
    assertThat(executed(core.hears(raised(Y, 3)))).containsExactly(SUM);
  }

  @Test
  void schedulersAndCallersTakeTurns() {
    var c = Key.of("c");
    core.given(attach(9),
        new AttachAsked(asker(10), "xyz", false, ATTACHED), assign(9, 1, X),
        assign(9, 2, Y, ordered(1)), assign(9, 3, Z, ordered(2)),
        assign(10, 1, SUM, ordered(100)), compute(1, c));
    assertThat(executed(core.hears(raised(X, 1)))).containsExactly(Y);
    assertThat(executed(core.hears(raised(Y, 2)))).containsExactly(SUM);
    assertThat(executed(core.hears(raised(SUM, 3)))).containsExactly(c);
    assertThat(executed(core.hears(raised(c, 4)))).containsExactly(Z);
  }

  // --- taken back

  @Test
  void whatHasNotBegunIsGivenBackWithWhatNeedsIt() {
    core.given(attach(9), assign(9, 1, Z), assign(9, 2, X), assign(9, 3, Y, X),
        assign(9, 4, SUM, Y, X));
    assertThat(ends(core.hears(recall(1L, 2L, 99L))))
        .containsExactly("2 GivenBack", "3 GivenBack", "4 GivenBack");
    assertThat(core.state().figures().tasks()).isEqualTo(1);
    assertThat(executed(core.hears(raised(Z, 1)))).isEmpty();
  }

  @Test
  void whatACallerNeedsOfItIsSoughtElsewhereThen() {
    core.given(attach(9), assign(9, 1, Z), assign(9, 2, X), compute(1, SUM, X));
    core.when(recall(2L)).contains(locate(X)).hasSize(2);
  }

  @Test
  void whatSomebodyElseAskedForTooStays() {
    core.given(attach(9), compute(1, Z), compute(1, X, work("add")), assign(9, 1, X),
        assign(9, 2, X));
    assertThat(ends(core.hears(recall(1L)))).containsExactly("1 GivenBack");
    assertThat(ends(core.hears(abort(2L)))).containsExactly("2 Cancelled");
    core.when(raised(Z, 1)).contains(execute(X, 2, work("add"), Map.of()));
    core.when(new BeatDue(VITALS)).containsExactly(new Tell(9, beat(2, List.of(), List.of(), 0)));
  }

  @Test
  void whatIsAbortedIsInterrupted() {
    core.given(attach(9), assign(9, 1, X), assign(9, 2, Y, X));
    var commands = core.hears(abort(1L, 2L));
    assertThat(ends(commands)).containsExactly("2 Cancelled", "1 Cancelled");
    assertThat(commands).contains(new Interrupt(X, 1));
    core.when(raised(X, 1)).isEmpty();
  }

  @Test
  void whatIsAbortedTellsWhetherItHadBegun() {
    core.given(attach(9), assign(9, 1, Z), assign(9, 2, X), assign(9, 3, Y, X));
    assertThat(core.hears(abort(1L, 2L, 3L))).contains(
        ended(9, 3, new TaskEnd.Cancelled(false)), ended(9, 2, new TaskEnd.Cancelled(false)),
        ended(9, 1, new TaskEnd.Cancelled(true)));
  }

  @Test
  void whatNobodyWaitsForIsStoppedByARelease() {
    core.given(attach(9), assign(9, 1, X), new AskersGone(9), attach(10));
    core.when(new ReleaseAsked(10, List.of(X))).containsExactly(new Interrupt(X, 1));
    core.given(raised(X, 1), compute(1, Y));
    core.when(new ReleaseAsked(10, List.of(Y))).as("a caller waits for it").isEmpty();
  }

  // --- too long

  @Test
  void aFunctionThatTakesTooLongFailsAndKeepsItsSlotUntilItEnds() {
    core.given(attach(9), assign(9, 1, X, assigned(0, 100, List.of())), assign(9, 2, Y, X),
        assign(9, 3, Z));
    core.later(99 * MILLI).when(new Tick()).isEmpty();
    var commands = core.later(MILLI).hears(new Tick());
    assertThat(commands).first().isEqualTo(new Interrupt(X, 1));
    assertThat(ends(commands)).containsExactly("1 Failed", "2 Lacking");
    assertThat(commands).anySatisfy(command -> assertThat(command.toString()).contains(
        "'x' may run for 100 ms, and was interrupted on self after 100 ms", "runNanos=100000000"));
    core.later(MILLI).when(new Tick()).isEmpty();
    assertThat(executed(core.hears(succeeded(X, 1, ONE)))).containsExactly(Z);
  }

  // --- a function waits

  @Test
  void aFunctionThatWaitsGivesItsSlotAwayAndGoesOnAtOnce() {
    core.given(attach(9), assign(9, 1, X), assign(9, 2, Y), assign(9, 3, Z));
    core.when(new SlotYielded(X, 1)).containsExactly(waits(1, true),
        executeAssigned(Y, 2, ordered(0), Map.of()));
    core.when(new SlotYielded(X, 1)).isEmpty();
    core.when(new SlotTaken(X, 1)).containsExactly(waits(1, false));
    assertThat(executed(core.hears(raised(X, 1)))).as("one too many ran").isEmpty();
    assertThat(executed(core.hears(raised(Y, 2)))).containsExactly(Z);
  }

  @Test
  void ofAFunctionThatWasCancelledNobodyIsToldThatItWaits() {
    core.given(attach(9), assign(9, 1, X), abort(1L));
    core.when(new SlotYielded(X, 1)).isEmpty();
    core.when(assign(9, 2, Y)).hasSize(1);
    core.when(raised(X, 1)).isEmpty();
  }

  // --- signs of life

  @Test
  void aBeatNamesWhatHasNotEndedAlsoWhatTheStoreDoesNotKnowYet() {
    core.given(attach(9), assign(9, 1, X), succeeded(X, 1, ONE), assign(9, 2, Y),
        assign(9, 3, Z));
    core.when(new BeatDue(VITALS)).containsExactly(
        new Tell(9, beat(3, List.of(2L, 3L, 1L), List.of(2L), 1)));
  }
}
