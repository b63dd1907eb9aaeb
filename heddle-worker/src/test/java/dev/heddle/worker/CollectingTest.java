package dev.heddle.worker;

import static dev.heddle.worker.TestCore.ANN;
import static dev.heddle.worker.TestCore.BOB;
import static dev.heddle.worker.TestCore.BOOM;
import static dev.heddle.worker.TestCore.MILLI;
import static dev.heddle.worker.TestCore.NEAR;
import static dev.heddle.worker.TestCore.ONE;
import static dev.heddle.worker.TestCore.SUM;
import static dev.heddle.worker.TestCore.TWO;
import static dev.heddle.worker.TestCore.X;
import static dev.heddle.worker.TestCore.Y;
import static dev.heddle.worker.TestCore.Z;
import static dev.heddle.worker.TestCore.arrived;
import static dev.heddle.worker.TestCore.asker;
import static dev.heddle.worker.TestCore.busy;
import static dev.heddle.worker.TestCore.complaints;
import static dev.heddle.worker.TestCore.compute;
import static dev.heddle.worker.TestCore.computeFrom;
import static dev.heddle.worker.TestCore.execute;
import static dev.heddle.worker.TestCore.fetch;
import static dev.heddle.worker.TestCore.holder;
import static dev.heddle.worker.TestCore.locate;
import static dev.heddle.worker.TestCore.located;
import static dev.heddle.worker.TestCore.lost;
import static dev.heddle.worker.TestCore.missing;
import static dev.heddle.worker.TestCore.nowhere;
import static dev.heddle.worker.TestCore.put;
import static dev.heddle.worker.TestCore.register;
import static dev.heddle.worker.TestCore.work;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.WorkerId;
import dev.heddle.worker.WorkerEvent.CancelAsked;
import dev.heddle.worker.WorkerEvent.FetchEnded.Arrived;
import dev.heddle.worker.WorkerEvent.LocateFailed;
import dev.heddle.worker.WorkerEvent.Tick;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Keys that are needed here and are elsewhere.
class CollectingTest {
  private final TestCore core = new TestCore();

  private static CancelAsked cancel(Key... keys) {
    return new CancelAsked(asker(9), List.of(keys));
  }

  @Test
  void theStoreIsAskedThenThePeerThenTheTaskRuns() {
    core.when(compute(1, SUM, X)).containsExactly(locate(X));
    core.when(located(X, ANN)).containsExactly(fetch(ANN, X));
    core.when(arrived(ANN, X, ONE)).containsExactly(
        execute(SUM, 1, work("add", X), Map.of(X, ONE)), register(X));
  }

  @Test
  void aHintSavesAskingTheStore() {
    core.when(computeFrom(List.of(ANN), 1, SUM, X)).containsExactly(fetch(ANN, X));
  }

  @Test
  void aHintAtThisWorkerItselfIsNone() {
    var self = new Holder(TestCore.SELF, ANN.address(), "here", 8);
    core.when(computeFrom(List.of(self), 1, SUM, X)).containsExactly(locate(X));
  }

  @Test
  void aKeyThatNobodyHasFailsTheTaskByName() {
    core.given(compute(1, SUM, X));
    assertThat(complaints(core.hears(nowhere(X)))).containsExactly(
        "'sum' was not computed: its input 'x' cannot be had: no worker has it; put or compute it"
            + " first (HDL-0033)");
  }

  @Test
  void aStoreThatIsAwayFailsTheTaskWithTheReason() {
    core.given(compute(1, SUM, X));
    assertThat(complaints(core.hears(new LocateFailed(List.of(X), "no route to host"))))
        .containsExactly("'sum' was not computed: its input 'x' cannot be had: cannot find out who"
            + " has it: no route to host; put or compute it first (HDL-0033)");
  }

  @Test
  void twoTasksThatNeedOneKeyFetchItOnce() {
    core.given(computeFrom(List.of(ANN), 1, Y, X));
    core.when(computeFrom(List.of(ANN, BOB), 2, Z, X)).isEmpty();
    core.when(arrived(ANN, X, ONE)).containsExactly(
        execute(Y, 1, work("add", X), Map.of(X, ONE)), register(X));
  }

  @Test
  void theSameHostIsTriedFirst() {
    core.when(computeFrom(List.of(ANN, NEAR), 1, SUM, X)).containsExactly(fetch(NEAR, X));
  }

  @Test
  void ofTwoAsFarAwayTheLessBusyIsTriedFirst() {
    core.given(computeFrom(List.of(ANN), 1, Y, X));
    core.when(computeFrom(List.of(ANN, BOB), 1, SUM, Z)).containsExactly(fetch(BOB, Z));
  }

  @Test
  void replicasAreTriedInTurn() {
    core.given(computeFrom(List.of(ANN, BOB), 1, SUM, X));
    core.when(lost(ANN)).containsExactly(fetch(BOB, X));
    core.when(missing(BOB, X)).containsExactly(locate(X));
  }

  @Test
  void afterSomeRoundsItGivesUpAndSaysWhatItTried() {
    core.given(computeFrom(List.of(ANN), 1, SUM, X), missing(ANN, X), located(X, BOB), lost(BOB));
    core.when(located(X, BOB)).containsExactly(fetch(BOB, X));
    assertThat(complaints(core.hears(lost(BOB)))).containsExactly(
        "'sum' was not computed: its input 'x' cannot be had: the worker ann no longer has it; the"
            + " worker bob that has it cannot be reached: connection refused; put or compute it"
            + " first (HDL-0033)");
  }

  @Test
  void whatAPeerCannotSendIsNotAskedOfItAgain() {
    core.given(computeFrom(List.of(ANN), 1, SUM, X));
    assertThat(complaints(core.hears(
        new Arrived(ANN.address(), Map.of(), Set.of(), Map.of(X, BOOM), Set.of()))))
        .containsExactly("'sum' was not computed: its input 'x' cannot be had: the worker ann"
            + " cannot send it: java.lang.ArithmeticException: / by zero; put or compute it"
            + " first (HDL-0033)");
  }

  @Test
  void whatOnePeerCannotSendAnotherMay() {
    core.given(computeFrom(List.of(ANN, BOB), 1, SUM, X));
    core.when(new Arrived(ANN.address(), Map.of(), Set.of(), Map.of(X, BOOM), Set.of()))
        .containsExactly(fetch(BOB, X));
  }

  @Test
  void whatDidNotFitIsAskedForAgain() {
    core.given(computeFrom(List.of(ANN), 1, SUM, X, Y));
    core.when(new Arrived(ANN.address(), Map.of(X, ONE), Set.of(), Map.of(), Set.of(Y)))
        .containsExactly(fetch(ANN, Y), register(X));
  }

  @Test
  void whatAPeerDoesNotMentionItDoesNotHave() {
    core.given(computeFrom(List.of(ANN, BOB), 1, SUM, X));
    core.when(new Arrived(ANN.address(), Map.of(), Set.of(), Map.of(), Set.of()))
        .containsExactly(fetch(BOB, X));
  }

  @Test
  void aPeerThatPutsOffEverythingIsBusy() {
    core.given(computeFrom(List.of(ANN), 1, SUM, X));
    core.when(new Arrived(ANN.address(), Map.of(), Set.of(), Map.of(), Set.of(X))).isEmpty();
    assertThat(core.state().state(X)).isInstanceOf(KeyState.Parked.class);
  }

  @Test
  void aBusyPeerIsTriedAgainAfterTheOthersAndAPause() {
    core.given(computeFrom(List.of(ANN, BOB), 1, SUM, X));
    core.when(busy(ANN)).containsExactly(fetch(BOB, X));
    core.when(busy(BOB)).isEmpty();
    core.later(49 * MILLI).when(new Tick()).isEmpty();
    core.later(1 * MILLI).when(new Tick()).containsExactly(fetch(ANN, X));
  }

  @Test
  void whoIsToComeLaterAsksTheStoreWhoHasItThen() {
    core.given(computeFrom(List.of(ANN), 1, SUM, X));
    for (var times = 0; times < 100; times++) { // However long the others take.
      core.when(later(ANN, X)).isEmpty();
      core.later(49 * MILLI).when(new Tick()).isEmpty();
      core.later(1 * MILLI).when(new Tick()).containsExactly(locate(X));
      core.when(located(X, ANN)).containsExactly(fetch(ANN, X));
    }
    core.given(later(ANN, X)).later(50 * MILLI).given(new Tick());
    core.when(located(X, BOB)).containsExactly(fetch(BOB, X));
  }

  @Test
  void whoIsToComeLaterAsksTheNextReplicaFirst() {
    core.given(computeFrom(List.of(ANN, BOB), 1, SUM, X));
    core.when(later(ANN, X)).containsExactly(fetch(BOB, X));
  }

  private static Arrived later(Holder from, Key key) {
    return new Arrived(from.address(), Map.of(), Set.of(), Map.of(), Set.of(key));
  }

  @Test
  void thePausesGrowAndEnd() {
    core.given(computeFrom(List.of(ANN), 1, SUM, X), busy(ANN));
    core.later(50 * MILLI).given(new Tick(), busy(ANN));
    core.later(99 * MILLI).when(new Tick()).isEmpty();
    core.later(1 * MILLI).when(new Tick()).containsExactly(fetch(ANN, X));
    core.when(busy(ANN)).containsExactly(locate(X));
    assertThat(complaints(core.hears(nowhere(X)))).containsExactly(
        "'sum' was not computed: its input 'x' cannot be had: the worker ann that has it was too"
            + " busy each of 3 times; no worker has it; put or compute it first (HDL-0033)");
  }

  @Test
  void manyKeysOfOnePeerGoIntoOneRequest() {
    core.when(computeFrom(List.of(ANN), 1, SUM, X, Y, Z)).containsExactly(fetch(ANN, X, Y, Z));
  }

  @Test
  void onePeerHasOneRequestAtATime() {
    core.given(computeFrom(List.of(ANN), 1, Y, X));
    core.when(computeFrom(List.of(ANN), 1, SUM, Z)).isEmpty();
    core.when(arrived(ANN, X, ONE)).containsExactly(
        execute(Y, 1, work("add", X), Map.of(X, ONE)), fetch(ANN, Z), register(X));
  }

  @Test
  void aRequestIsNoLargerThanItMayBe() {
    var big = new Holder(ANN.worker(), ANN.address(), "far", 60);
    core.when(computeFrom(List.of(big), 1, SUM, X, Y)).containsExactly(fetch(ANN, X));
    var small = new TestCore(new WorkerConfig(TestCore.SELF, "here", 1, 1, 9, 1, 2, 100, 1, 1, 1,
        MemoryBounds.NONE));
    small.when(computeFrom(List.of(ANN), 1, SUM, X, Y, Z)).containsExactly(fetch(ANN, X, Y));
  }

  @Test
  void onlySoManyPeersAreAskedAtOnce() {
    core.when(computeFrom(List.of(ANN), 1, Key.of("a"), X),
        computeFrom(List.of(BOB), 1, Key.of("b"), Y),
        computeFrom(List.of(NEAR), 1, Key.of("c"), Z))
        .containsExactly(fetch(ANN, X), fetch(BOB, Y));
    core.when(missing(BOB, Y)).containsExactly(fetch(NEAR, Z), locate(Y));
  }

  @Test
  void aPeerOfWhichMuchIsWantedDoesNotKeepOthersWaiting() {
    var one = new TestCore(new WorkerConfig(TestCore.SELF, "here", 1, 1, 9, 1, 1, 100, 3, 1, 1,
        MemoryBounds.NONE));
    one.when(computeFrom(List.of(ANN), 1, SUM, X, Y), computeFrom(List.of(BOB), 1, Key.of("b"), Z))
        .containsExactly(fetch(ANN, X));
    one.when(arrived(ANN, X, ONE)).containsExactly(fetch(BOB, Z), register(X));
  }

  @Test
  void aLostPeerIsLostForAllThatIsWantedOfIt() {
    core.given(computeFrom(List.of(ANN, BOB), 1, Y, X), computeFrom(List.of(ANN), 1, SUM, Z));
    core.when(lost(ANN)).containsExactly(fetch(BOB, X), locate(Z));
  }

  @Test
  void anotherWorkerAtTheSameAddressIsNotLostWithTheFirst() {
    var reborn = new Holder(new WorkerId("reborn", 2), ANN.address(), "far", 8);
    core.given(computeFrom(List.of(ANN), 1, Y, X), computeFrom(List.of(reborn), 1, SUM, Z));
    core.when(lost(ANN)).containsExactly(fetch(reborn, Z), locate(X));
  }

  @Test
  void whatNobodyNeedsAnyMoreIsNotKeptWhenItArrives() {
    core.given(computeFrom(List.of(ANN), 1, SUM, X), cancel(SUM));
    core.when(arrived(ANN, X, ONE)).isEmpty();
    assertThat(core.state().state(X)).isNull();
  }

  @Test
  void whatIsNeededAgainMeanwhileIsAskedForAgain() {
    core.given(computeFrom(List.of(ANN), 1, SUM, X), cancel(SUM));
    core.when(computeFrom(List.of(ANN), 2, SUM, X)).isEmpty();
    core.when(arrived(ANN, X, ONE)).containsExactly(fetch(ANN, X));
  }

  @Test
  void anAnswerFromBeforeTheTaskSaysNothingToIt() {
    core.given(compute(1, Y, X));
    core.given(compute(2, Z, X));
    var said = core.hears(nowhere(X));
    assertThat(complaints(said)).singleElement().asString().startsWith("'y' was not computed");
    assertThat(said).last().isEqualTo(locate(X));
    core.when(located(X, ANN)).containsExactly(fetch(ANN, X));
  }

  @Test
  void anAnswerToAnEarlierSearchIsUsedIfItNamesSomebody() {
    core.given(compute(1, SUM, X), cancel(SUM));
    core.when(compute(2, SUM, X)).isEmpty();
    core.when(located(X, ANN)).containsExactly(fetch(ANN, X));
  }

  @Test
  void anAnswerToAnEarlierSearchThatNamesNobodyIsAskedForAgain() {
    core.given(compute(1, SUM, X), cancel(SUM), compute(2, SUM, X));
    core.when(nowhere(X)).containsExactly(locate(X));
    assertThat(complaints(core.hears(nowhere(X)))).hasSize(1);
  }

  @Test
  void aQuestionOfWhichNothingIsLeftBeforeItIsAskedIsNotAsked() {
    core.when(compute(1, SUM, X), cancel(SUM)).containsExactly(
        TestCore.cancelled(1, SUM), TestCore.done(9));
    core.when(compute(1, SUM, X)).containsExactly(locate(X));
  }

  @Test
  void whatIsPutHereNeedNotBeFetched() {
    core.given(computeFrom(List.of(ANN), 1, SUM, X));
    core.when(put(2, X, TWO)).containsExactly(
        execute(SUM, 1, work("add", X), Map.of(X, TWO)), register(X));
    core.when(arrived(ANN, X, ONE)).isEmpty();
  }

  @Test
  void theEndOfTheSearchForOneInputEndsItForTheOthersOfItsTask() {
    var hasty = new TestCore(new WorkerConfig(TestCore.SELF, "here", 1, 1, 9, 2, 9, 100, 1, 1, 9,
        MemoryBounds.NONE));
    hasty.given(computeFrom(List.of(ANN), 1, SUM, X, Y));
    var said = hasty.hears(
        new Arrived(ANN.address(), Map.of(), Set.of(), Map.of(X, BOOM), Set.of(Y)));
    assertThat(complaints(said)).hasSize(1);
    assertThat(said).hasSize(1);
    assertThat(hasty.state().state(Y)).isNull();
  }

  @Test
  void theEndOfAFetchThatNobodyBeganIsADefect() {
    assertThatThrownBy(() -> core.hears(lost(holder("carl", "far"))))
        .hasMessage("a fetch from heddle://carl:1 ended, but none was under way");
  }
}
