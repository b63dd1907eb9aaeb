package dev.heddle.worker;

import static dev.heddle.worker.TestCore.ANN;
import static dev.heddle.worker.TestCore.BOB;
import static dev.heddle.worker.TestCore.BOOM;
import static dev.heddle.worker.TestCore.MILLI;
import static dev.heddle.worker.TestCore.ONE;
import static dev.heddle.worker.TestCore.SUM;
import static dev.heddle.worker.TestCore.TWO;
import static dev.heddle.worker.TestCore.X;
import static dev.heddle.worker.TestCore.Y;
import static dev.heddle.worker.TestCore.Z;
import static dev.heddle.worker.TestCore.asker;
import static dev.heddle.worker.TestCore.assign;
import static dev.heddle.worker.TestCore.attachStore;
import static dev.heddle.worker.TestCore.complaints;
import static dev.heddle.worker.TestCore.compute;
import static dev.heddle.worker.TestCore.failed;
import static dev.heddle.worker.TestCore.finished;
import static dev.heddle.worker.TestCore.put;
import static dev.heddle.worker.TestCore.raised;
import static dev.heddle.worker.TestCore.register;
import static dev.heddle.worker.TestCore.registered;
import static dev.heddle.worker.TestCore.succeeded;
import static dev.heddle.worker.TestCore.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.worker.Departure.Phase;
import dev.heddle.worker.WorkerCommand.HandOver;
import dev.heddle.worker.WorkerCommand.Interrupt;
import dev.heddle.worker.WorkerCommand.Stop;
import dev.heddle.worker.WorkerCommand.Survey;
import dev.heddle.worker.WorkerEvent.AskersGone;
import dev.heddle.worker.WorkerEvent.DeleteAsked;
import dev.heddle.worker.WorkerEvent.DrainAsked;
import dev.heddle.worker.WorkerEvent.GetAsked;
import dev.heddle.worker.WorkerEvent.HandOverFailed;
import dev.heddle.worker.WorkerEvent.HandedOver;
import dev.heddle.worker.WorkerEvent.SurveyFailed;
import dev.heddle.worker.WorkerEvent.Surveyed;
import dev.heddle.worker.WorkerEvent.Tick;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// How a worker leaves.
class DepartureTest {
  private final TestCore core = new TestCore();

  private DrainAsked drain() {
    return new DrainAsked(core.now() + 1_000 * MILLI);
  }

  /// Nobody else has anything; the others are there.
  private static Surveyed onlyHere(Holder... others) {
    return new Surveyed(Map.of(), Stream.of(others).map(TestCore::worker).toList());
  }

  private static HandOver handOver(Holder to, Key key, Value value) {
    return new HandOver(worker(to), Map.of(key, value));
  }

  private static HandedOver taken(Holder by, Key... keys) {
    return new HandedOver(worker(by), List.of(keys), List.of());
  }

  private static HandedOver refused(Holder by, Key... keys) {
    return new HandedOver(worker(by), List.of(), List.of(keys));
  }

  private static HandOverFailed failedWith(Holder to, Key... keys) {
    return new HandOverFailed(worker(to), List.of(keys), "connection reset");
  }

  private static Survey survey(Key... keys) {
    return new Survey(List.of(keys));
  }

  private static Stop stop(int handedOver, Key... lost) {
    return new Stop(List.of(lost), handedOver, List.of());
  }

  @Test
  void aWorkerWithNothingStopsAtOnce() {
    core.when(drain()).containsExactly(stop(0));
  }

  @Test
  void afterTheStopNothingComesOfAnything() {
    core.given(drain());
    core.when(compute(1, X), new Tick(), new GetAsked(asker(1), List.of(X), 1)).isEmpty();
  }

  @Test
  void whatNobodyElseHasIsGivenToAnotherAndThenItStops() {
    core.given(put(1, X, ONE), put(1, Y, TWO), registered(X, Y));
    core.when(drain()).containsExactly(survey(X, Y));
    assertThat(core.state().figures().phase()).isEqualTo(Phase.SURVEYING);
    core.when(new Surveyed(Map.of(X, List.of(BOB)), List.of(worker(ANN))))
        .containsExactly(handOver(ANN, Y, TWO));
    core.when(taken(ANN, Y)).containsExactly(stop(1));
  }

  @Test
  void whatOnlyThisWorkerItselfIsSaidToHaveIsGivenAway() {
    core.given(put(1, X, ONE), registered(X), drain());
    var self = new Holder(TestCore.SELF, ANN.address(), "here", 8);
    core.when(new Surveyed(Map.of(X, List.of(self)), List.of(worker(self), worker(BOB))))
        .containsExactly(handOver(BOB, X, ONE));
    assertThat(core.state().figures().phase()).isEqualTo(Phase.HANDING_OVER);
    core.when(taken(BOB, X)).containsExactly(stop(1));
  }

  @Test
  void whatIsGivenAwayIsServedUntilTheEnd() {
    core.given(put(1, X, ONE), registered(X), drain());
    core.when(new GetAsked(asker(2), List.of(X), 1))
        .containsExactly(new WorkerCommand.Serve(asker(2), Map.of(X, ONE), Map.of()));
  }

  @Test
  void newWorkIsTurnedAwayAndWhatHasNotBegunIsGivenBack() {
    core.given(compute(1, Z), compute(2, X), compute(3, SUM, Y));
    assertThat(complaints(core.hears(drain()))).containsExactly(
        "DRAINING: the worker self shuts down before 'x' is done; ask another one to compute it",
        "DRAINING: the worker self shuts down before 'sum' is done; ask another one to compute it");
    assertThat(complaints(core.hears(compute(4, X)))).containsExactly(
        "DRAINING: the worker self is shutting down; ask another one to compute 'x'");
    assertThat(complaints(core.hears(put(4, X, ONE)))).containsExactly(
        "DRAINING: the worker self is shutting down; put the values on another one");
    core.when(raised(Z, 1)).containsExactly(failed(1, Z, BOOM), stop(0));
  }

  @Test
  void aSchedulerThatComesBackIsNotGivenBackWhatRuns() {
    core.given(attachStore(7), assign(7, 1, X), drain(), new AskersGone(7), attachStore(8));
    core.when(assign(8, 2, X)).isEmpty();
    assertThat(core.hears(succeeded(X, 1, ONE))).anyMatch(
        command -> command instanceof WorkerCommand.Tell(var link, Message.Ended(var task, Message.TaskEnd.Ready _))
            && link == 8 && task == 2);
  }

  @Test
  void whatRunsIsFinishedAndItsValueGivenAwayToo() {
    core.given(compute(1, X));
    core.when(drain()).isEmpty();
    assertThat(core.state().figures().phase()).isEqualTo(Phase.FINISHING);
    core.when(succeeded(X, 1, ONE)).containsExactly(register(X), survey(X));
    core.when(onlyHere(ANN)).containsExactly(handOver(ANN, X, ONE));
    core.when(taken(ANN, X)).isEmpty();
    core.when(registered(X)).containsExactly(finished(1, X, 7), stop(1));
  }

  @Test
  void valuesAreGivenAwayWhileAFunctionStillRuns() {
    core.given(put(1, Y, TWO), registered(Y), compute(1, X));
    core.when(drain()).containsExactly(survey(Y));
    core.when(onlyHere(ANN)).containsExactly(handOver(ANN, Y, TWO));
    core.given(taken(ANN, Y));
    core.later(1_000 * MILLI);
    var said = core.hears(new Tick());
    assertThat(said).contains(new Interrupt(X, 1)).last()
        .isEqualTo(new Stop(List.of(), 1, List.of(X)));
    assertThat(complaints(said)).containsExactly(
        "DRAINING: the worker self shuts down before 'x' is done; ask another one to compute it");
  }

  @Test
  void atTheEndOfTheGracePeriodItStopsAndSaysWhatIsLost() {
    core.given(put(1, X, ONE), put(1, Y, TWO), registered(X, Y), drain());
    core.later(999 * MILLI).when(new Tick()).isEmpty();
    core.later(1 * MILLI).when(new Tick()).containsExactly(stop(0, X, Y));
  }

  @Test
  void aSecondDrainCanOnlyMakeTheEndComeSooner() {
    core.given(put(1, X, ONE), registered(X), drain());
    core.when(new DrainAsked(core.now() + 5_000 * MILLI)).isEmpty();
    core.when(new DrainAsked(core.now())).containsExactly(stop(0, X));
  }

  @Test
  void withoutAnybodyElseEverythingIsLost() {
    core.given(put(1, X, ONE), registered(X), drain());
    core.when(onlyHere()).containsExactly(stop(0, X));
  }

  @Test
  void aStoreThatDoesNotAnswerIsNotWaitedFor() {
    core.given(put(1, X, ONE), registered(X), drain());
    core.when(new SurveyFailed("no route")).containsExactly(stop(0, X));
  }

  @Test
  void whatOneDoesNotTakeIsOfferedToAnother() {
    core.given(put(1, X, ONE), registered(X), drain());
    core.when(onlyHere(ANN, BOB)).containsExactly(handOver(ANN, X, ONE));
    core.when(refused(ANN, X)).containsExactly(survey(X));
    core.when(onlyHere(ANN, BOB)).containsExactly(handOver(BOB, X, ONE));
    core.when(refused(BOB, X)).containsExactly(survey(X));
    core.when(onlyHere(ANN, BOB)).containsExactly(stop(0, X));
  }

  @Test
  void whoDoesNotTakeAValueBecauseItHasItIsBelievedOnceTheStoreSaysSo() {
    core.given(put(1, X, ONE), registered(X), drain(), onlyHere(ANN), refused(ANN, X));
    core.when(new Surveyed(Map.of(X, List.of(ANN)), List.of(worker(ANN))))
        .containsExactly(stop(0));
  }

  /// Seed 234 of the simulation: the rest was lost.
  @Test
  void whoDoesNotTakeOneValueIsStillOfferedTheOthers() {
    var one = new TestCore(new WorkerConfig(TestCore.SELF, "here", 1, 1, 9, 1, 1, 100, 3, 1, 1,
        MemoryBounds.NONE));
    one.given(put(1, X, ONE), put(1, Y, TWO), registered(X, Y), drain());
    one.when(onlyHere(ANN)).containsExactly(handOver(ANN, X, ONE));
    one.when(refused(ANN, X)).containsExactly(survey(X), handOver(ANN, Y, TWO));
    one.given(onlyHere(ANN));
    one.when(taken(ANN, Y)).containsExactly(stop(1, X));
  }

  @Test
  void aBrokenConnectionIsTriedAgainThreeTimesInAll() {
    core.given(put(1, X, ONE), registered(X), drain());
    core.when(onlyHere(ANN)).containsExactly(handOver(ANN, X, ONE));
    core.when(failedWith(ANN, X)).containsExactly(handOver(ANN, X, ONE));
    core.when(failedWith(ANN, X)).containsExactly(handOver(ANN, X, ONE));
    core.when(failedWith(ANN, X)).containsExactly(stop(0, X));
  }

  @Test
  void severalOthersAreGivenSomethingAtTheSameTime() {
    var one = new TestCore(new WorkerConfig(TestCore.SELF, "here", 1, 1, 9, 1, 1, 100, 3, 1, 1,
        MemoryBounds.NONE));
    one.given(put(1, X, ONE), put(1, Y, TWO), put(1, Z, ONE), registered(X, Y, Z), drain());
    one.when(onlyHere(ANN, BOB)).containsExactly(handOver(ANN, X, ONE), handOver(BOB, Y, TWO));
    one.when(taken(BOB, Y)).containsExactly(handOver(BOB, Z, ONE));
    one.given(taken(ANN, X));
    one.when(taken(BOB, Z)).containsExactly(stop(3));
  }

  @Test
  void oneOfferIsNoLargerThanARequestMayBe() {
    var big = new TestCore.TestValue(1, 60);
    core.given(put(1, X, big), put(1, Y, big), put(1, Z, ONE), registered(X, Y, Z), drain());
    core.when(onlyHere(ANN)).containsExactly(handOver(ANN, X, big));
    var rest = new LinkedHashMap<Key, Value>();
    rest.put(Y, big);
    rest.put(Z, ONE);
    core.when(taken(ANN, X)).containsExactly(new HandOver(worker(ANN), rest));
  }

  @Test
  void whatIsDeletedMeanwhileIsNeitherGivenNorLost() {
    core.given(put(1, X, ONE), registered(X), drain(),
        new DeleteAsked(asker(1), List.of(X)));
    core.when(onlyHere(ANN)).containsExactly(stop(0));
  }

  @Test
  void answersThatNobodyAskedForAreADefect() {
    core.given(put(1, X, ONE), registered(X), drain(), onlyHere(ANN));
    assertThatThrownBy(() -> core.hears(onlyHere(ANN)))
        .hasMessage("the store answers, and was not asked who has what");
    assertThatThrownBy(() -> core.hears(taken(BOB, X)))
        .hasMessage("nothing was being offered to bob");
  }
}
