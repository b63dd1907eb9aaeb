package dev.heddle.worker;

import static dev.heddle.worker.TestCore.ANN;
import static dev.heddle.worker.TestCore.BOOM;
import static dev.heddle.worker.TestCore.ONE;
import static dev.heddle.worker.TestCore.SUM;
import static dev.heddle.worker.TestCore.TWO;
import static dev.heddle.worker.TestCore.X;
import static dev.heddle.worker.TestCore.Y;
import static dev.heddle.worker.TestCore.Z;
import static dev.heddle.worker.TestCore.asker;
import static dev.heddle.worker.TestCore.cancelled;
import static dev.heddle.worker.TestCore.complaints;
import static dev.heddle.worker.TestCore.compute;
import static dev.heddle.worker.TestCore.computeFrom;
import static dev.heddle.worker.TestCore.done;
import static dev.heddle.worker.TestCore.execute;
import static dev.heddle.worker.TestCore.failed;
import static dev.heddle.worker.TestCore.fetch;
import static dev.heddle.worker.TestCore.finished;
import static dev.heddle.worker.TestCore.locate;
import static dev.heddle.worker.TestCore.nowhere;
import static dev.heddle.worker.TestCore.put;
import static dev.heddle.worker.TestCore.raised;
import static dev.heddle.worker.TestCore.register;
import static dev.heddle.worker.TestCore.registered;
import static dev.heddle.worker.TestCore.succeeded;
import static dev.heddle.worker.TestCore.work;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Key;
import dev.heddle.worker.WorkerCommand.Execute;
import dev.heddle.worker.WorkerCommand.Interrupt;
import dev.heddle.worker.WorkerEvent.AskersGone;
import dev.heddle.worker.WorkerEvent.CancelAsked;
import dev.heddle.worker.WorkerEvent.DeleteAsked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Tasks, from request to slot to value.
class ComputingTest {
  private final TestCore core = new TestCore();

  private static CancelAsked cancel(int number, Key... keys) {
    return new CancelAsked(asker(number), List.of(keys));
  }

  private static DeleteAsked delete(int number, Key... keys) {
    return new DeleteAsked(asker(number), List.of(keys));
  }

  @Test
  void withItsInputsHereATaskRunsAtOnce() {
    core.given(put(1, X, ONE));
    core.when(compute(2, SUM, X))
        .containsExactly(execute(SUM, 1, work("add", X), Map.of(X, ONE)));
  }

  @Test
  void aResultIsReportedOnceTheStoreKnowsOfIt() {
    core.given(compute(1, X));
    core.when(succeeded(X, 1, ONE)).containsExactly(register(X));
    core.when(registered(X)).containsExactly(finished(1, X, 7));
  }

  @Test
  void anInputThatIsBeingComputedHereIsWaitedForAndNotSought() {
    core.when(compute(1, X), compute(2, SUM, X))
        .containsExactly(execute(X, 1, work("add"), Map.of()));
    core.when(succeeded(X, 1, ONE))
        .containsExactly(execute(SUM, 2, work("add", X), Map.of(X, ONE)), register(X));
  }

  @Test
  void whoeverAsksForTheSameMeanwhileGetsTheSameAnswer() {
    core.given(compute(1, X));
    core.when(compute(2, X)).isEmpty();
    core.given(succeeded(X, 1, ONE));
    core.when(compute(3, X)).isEmpty();
    core.when(registered(X)).containsExactly(finished(1, X, 7), finished(2, X, 7),
        finished(3, X, 7));
    core.when(compute(4, X)).containsExactly(finished(4, X, 7));
  }

  @Test
  void oneKeyNeverStandsForTwoFunctions() {
    core.given(compute(1, X));
    assertThat(complaints(core.hears(compute(2, X, work("other"))))).containsExactly(
        "BAD_REQUEST: 'x' is the key of another function or other inputs on this worker; use another"
            + " key, or delete it first");
    core.given(succeeded(X, 1, ONE), registered(X));
    assertThat(complaints(core.hears(compute(2, X, work("other"))))).hasSize(1);
  }

  @Test
  void aFailureIsReportedAndTheKeyIsFreeAgain() {
    core.given(compute(1, X));
    core.when(raised(X, 1)).containsExactly(failed(1, X, BOOM));
    core.when(compute(2, X)).containsExactly(execute(X, 2, work("add"), Map.of()));
  }

  @Test
  void whatNeedsAFailedTaskFailsAndSaysThroughWhat() {
    core.given(compute(1, X), compute(2, Y, X), compute(3, Z, Y));
    assertThat(complaints(core.hears(raised(X, 1)))).containsExactly(
        "/ by zero",
        "'y' was not computed: its input 'x' failed: java.lang.ArithmeticException: / by zero",
        "'z' was not computed: its input 'y' (which needs 'x') failed:"
            + " java.lang.ArithmeticException: / by zero");
    assertThat(core.state().figures().tasks()).isZero();
  }

  @Test
  void aTaskThatNeedsTwoFailingInputsFailsOnce() {
    core.given(compute(1, Y, X), compute(2, Z, X, Y));
    assertThat(complaints(core.hears(nowhere(X)))).containsExactly(
        "'y' was not computed: its input 'x' cannot be had: no worker has it; put or compute it"
            + " first (HDL-0033)",
        "'z' was not computed: its input 'y' failed: dev.heddle.worker.MissingInputException: 'y'"
            + " was not computed: its input 'x' cannot be had: no worker has it; put or compute it"
            + " first (HDL-0033)");
  }

  @Test
  void aChainOfTenThousandFailsInOneGo() {
    core.given(compute(1, Key.of("k0")));
    for (var i = 1; i <= 10_000; i++) {
      var _ = core.state().handle(compute(1, Key.of("k" + i), Key.of("k" + (i - 1))), core.now());
    }
    assertThat(core.hears(raised(Key.of("k0"), 1))).hasSize(10_001);
    assertThat(core.state().figures().tasks()).isZero();
  }

  @Test
  void aTaskThatWouldWaitForItselfIsRefused() {
    core.given(compute(1, Y, X), compute(2, Z, Y));
    assertThat(complaints(core.hears(compute(3, X, Z)))).containsExactly(
        "BAD_REQUEST: 'x' would wait for itself: its inputs need it");
    assertThat(complaints(core.hears(compute(3, SUM, SUM)))).containsExactly(
        "BAD_REQUEST: 'sum' would wait for itself: its inputs need it");
  }

  @Test
  void aNeededKeyCanBeAskedForInstead() {
    core.given(computeFrom(List.of(ANN), 1, SUM, X));
    core.when(compute(2, X)).containsExactly(execute(X, 1, work("add"), Map.of()));
    core.when(succeeded(X, 1, ONE))
        .containsExactly(execute(SUM, 2, work("add", X), Map.of(X, ONE)), register(X));
    core.when(TestCore.arrived(ANN, X, ONE)).isEmpty();
  }

  @Test
  void tasksTakeTheFreeSlotsInTheOrderInWhichTheyBecameReady() {
    core.given(compute(1, X), compute(1, Z, Y), compute(1, SUM));
    core.given(put(2, Y, TWO));
    core.when(succeeded(X, 1, ONE)).containsExactly(execute(SUM, 2, work("add"), Map.of()),
        register(X));
    core.when(raised(SUM, 2)).containsExactly(failed(1, SUM, BOOM),
        execute(Z, 3, work("add", Y), Map.of(Y, TWO)));
  }

  @Test
  void aTaskThatMostlyWaitsTakesNoSlotAndThereAreOnlySoMany() {
    core.given(compute(1, X));
    core.when(compute(1, Y, work("wait", true)))
        .containsExactly(execute(Y, 2, work("wait", true), Map.of()));
    core.when(compute(1, Z, work("wait", true))).isEmpty();
    core.when(raised(Y, 2)).containsExactly(failed(1, Y, BOOM),
        execute(Z, 3, work("wait", true), Map.of()));
  }

  @Test
  void moreTasksThanItTakesAreRefused() {
    var full = new TestCore(new WorkerConfig(TestCore.SELF, "here", 1, 1, 2, 1, 1, 1, 1, 1, 1,
        MemoryBounds.NONE));
    full.given(compute(1, X), compute(1, Y));
    assertThat(complaints(full.hears(compute(2, Z)))).containsExactly(
        "BUSY: the worker self has 2 tasks, as many as it takes; ask again later, or another"
            + " worker");
    full.when(compute(3, X)).isEmpty();
  }

  @Test
  void cancellingInterruptsWhatRunsAndItsSlotIsFreeWhenItHasEnded() {
    core.given(compute(1, X), compute(2, Y));
    core.when(cancel(3, X)).containsExactly(new Interrupt(X, 1), cancelled(1, X), done(3));
    core.when(raised(X, 1)).containsExactly(execute(Y, 2, work("add"), Map.of()));
  }

  @Test
  void theEndOfACancelledExecutionSaysNothingOfTheNext() {
    var two = new TestCore(new WorkerConfig(TestCore.SELF, "here", 2, 1, 9, 1, 1, 1, 1, 1, 1,
        MemoryBounds.NONE));
    two.given(compute(1, X), cancel(2, X));
    two.when(compute(3, X)).containsExactly(execute(X, 2, work("add"), Map.of()));
    two.when(succeeded(X, 1, TWO)).isEmpty();
    two.given(succeeded(X, 2, ONE));
    two.when(registered(X)).containsExactly(finished(3, X, 7));
  }

  @Test
  void whatStoodInLineAndWasCancelledDoesNotRun() {
    core.given(compute(1, X), compute(2, Y));
    core.when(cancel(3, Y, Y)).containsExactly(cancelled(2, Y), done(3));
    core.when(raised(X, 1)).containsExactly(failed(1, X, BOOM));
  }

  @Test
  void cancellingFailsWhatNeedsTheKey() {
    core.given(compute(1, X), compute(2, Y, X));
    var said = core.hears(cancel(3, X));
    assertThat(complaints(said)).containsExactly("'y' was not computed: its input 'x' failed:"
        + " java.util.concurrent.CancellationException: 'x' was cancelled");
    assertThat(said).hasSize(4);
  }

  @Test
  void cancellingATaskEndsTheSearchForInputsThatOnlyItNeeds() {
    core.given(compute(1, Y, X), compute(1, Z, X), cancel(2, Y));
    assertThat(core.state().state(X)).isInstanceOf(KeyState.Locating.class);
    core.given(cancel(2, Z));
    assertThat(core.state().state(X)).isNull();
  }

  @Test
  void deletingAnInputDoesNotTakeItFromATaskThatHasIt() {
    core.given(put(1, X, ONE), compute(1, Z), compute(2, SUM, X));
    core.given(delete(3, X));
    core.when(raised(Z, 1)).containsExactly(failed(1, Z, BOOM),
        execute(SUM, 2, work("add", X), Map.of(X, ONE)));
  }

  @Test
  void whoIsGoneGetsNoAnswerAndTheTaskGoesOn() {
    core.given(compute(1, X), compute(2, X), new AskersGone(1), succeeded(X, 1, ONE));
    core.when(registered(X)).containsExactly(finished(2, X, 7));
  }

  @Test
  void whoIsGoneWhileTheStoreIsTellingGetsNoAnswer() {
    core.given(compute(1, X), succeeded(X, 1, ONE), new AskersGone(1));
    core.when(registered(X)).isEmpty();
  }

  @Test
  void theSameRequestTwiceIsComputedOnceAndAnsweredTwice() {
    core.when(compute(1, X), compute(1, X))
        .containsExactly(execute(X, 1, work("add"), Map.of()));
    core.given(succeeded(X, 1, ONE));
    core.when(registered(X)).containsExactly(finished(1, X, 7), finished(1, X, 7));
  }

  @Test
  void anInputThatIsUsedTwiceIsFetchedOnce() {
    core.when(computeFrom(List.of(ANN), 1, SUM, X, X)).containsExactly(fetch(ANN, X));
  }

  @Test
  void aWholeGraphAskedForAtOnceAsksTheStoreOnce() {
    core.when(compute(1, Y, X), compute(1, Z, X, Y), compute(1, SUM, Key.of("w")))
        .containsExactly(locate(X, Key.of("w")));
  }

  @Test
  void executionsThatNobodyBeganAreADefect() {
    core.given(compute(1, X));
    assertThatThrownBy(() -> core.hears(succeeded(X, 2, ONE)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("execution 2 of 'x' ended, but it was not running")
        .hasMessageContaining("ready -> running");
  }

  @Test
  void tasksOfAnyNumberAreTakenOnInTimeThatGrowsWithTheirNumberOnly() {
    var executed = new ArrayList<WorkerCommand>();
    var previous = X;
    executed.addAll(core.hears(compute(1, X)));
    for (var i = 0; i < 20_000; i++) { // Would take a minute if each looked along the whole chain.
      var next = Key.of("chain-" + i);
      executed.addAll(core.state().handle(compute(1, next, previous), core.now()));
      previous = next;
    }
    assertThat(executed).hasSize(1).allMatch(Execute.class::isInstance);
  }
}
