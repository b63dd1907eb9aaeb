package dev.heddle.scheduler;

import static dev.heddle.scheduler.TestCore.A;
import static dev.heddle.scheduler.TestCore.B;
import static dev.heddle.scheduler.TestCore.C;
import static dev.heddle.scheduler.TestCore.ME;
import static dev.heddle.scheduler.TestCore.beat;
import static dev.heddle.scheduler.TestCore.came;
import static dev.heddle.scheduler.TestCore.died;
import static dev.heddle.scheduler.TestCore.drop;
import static dev.heddle.scheduler.TestCore.key;
import static dev.heddle.scheduler.TestCore.on;
import static dev.heddle.scheduler.TestCore.registered;
import static dev.heddle.scheduler.TestCore.returning;
import static dev.heddle.scheduler.TestCore.submit;
import static dev.heddle.scheduler.TestCore.tick;
import static dev.heddle.scheduler.TestCore.unregistered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.scheduler.SchedulerCommand.TellWorkers;
import dev.heddle.scheduler.SchedulerEvent.ClientAway;
import dev.heddle.scheduler.SchedulerEvent.ClientCame;
import dev.heddle.scheduler.SchedulerEvent.RetireAsked;
import dev.heddle.scheduler.SchedulerEvent.Scattered;
import dev.heddle.scheduler.SchedulerEvent.WorkerAway;
import dev.heddle.scheduler.SchedulerEvent.WorkerDied;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.WorkerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Workers that come, come back, beat and retire; and a scheduler that was started anew.
class AttendingTest {
  private final TestCore core = new TestCore();

  @Test
  void clientsAreToldOfEveryChange() {
    assertThat(core.hears(came(A))).containsExactly(
        new TellWorkers(List.of(TestCore.info(A))));
    assertThat(core.hears(new WorkerAway(A))).isEmpty();
    assertThat(core.hears(died(A))).containsExactly(new TellWorkers(List.of()));
  }

  // --- away and back

  @Test
  void aWorkerThatIsAwayIsGivenAndToldNothing() {
    core.given(came(A), submit(1), new WorkerAway(A));
    core.when(submit(2), drop(1)).isEmpty();
    assertThat(core.explain(2)).contains("a is away");
  }

  @Test
  void aWorkerThatComesBackGoesOnWithWhatItHas() {
    core.given(came(A), submit(1), submit(2), submit(3)).given(new WorkerAway(A), drop(3));
    core.when(came(A, 1, Map.of(), List.of(1), List.of(2, 3)))
        .containsExactly("a<-x1", "a<-x2");
    assertThat(core.state().tasks()).containsEntry("processing", 2L);
    core.when(core.tickAfter(Duration.ofSeconds(11))).containsExactly("a-x3");
  }

  @Test
  void whatAWorkerThatComesBackHasNotGotIsGivenAgain() {
    core.given(came(A), submit(1), new WorkerAway(A));
    core.when(came(A)).containsExactly("a<-x1");
  }

  @Test
  void aValueThatItHasNotAnyMoreIsComputedAgain() {
    core.given(came(A), submit(1)).given(core.ready(1), new WorkerAway(A));
    core.when(came(A)).containsExactly("a<-x1");
  }

  @Test
  void aValueThatItHasAndIsBeingComputedElsewhereIsReleased() {
    core.given(came(A), submit(1)).given(core.ready(1), new WorkerAway(A),
        new WorkerDied(A, false, "its lease ended"), came(B));
    core.when(came(A, 1, Map.of(), List.of(1), List.of())).containsExactly("a-x1");
  }

  @Test
  void aValueThatItHasAndIsQueuedNeedNotBeComputed() {
    core.given(came(A), submit(1, on("a"))).given(core.ready(1), died(A));
    core.when(came(A, 1, Map.of(), List.of(1), List.of())).containsExactly("1=a");
  }

  // --- beats

  @Test
  void anAssignmentThatWasLostIsGivenAgainAndNamed() {
    core.given(came(A), submit(1));
    core.when(beat(A, 0, List.of(), List.of(), "")).isEmpty();
    core.when(beat(A, 1, List.of(), List.of(), "")).containsExactly("a<-x1");
    assertThat(core.state().takeDefects()).hasSize(1).first().asString()
        .contains("a", key(1).text());
    assertThat(core.state().story(key(1))).last().asString().contains("queued -> processing");
    assertThat(core.state().takeDefects()).isEmpty();
  }

  @Test
  void whatAWorkerComputesForNobodyIsEnded() {
    core.given(came(A), submit(1));
    core.when(beat(A, 1, List.of(core.assignment(1).task(), 77L), List.of(), ""))
        .containsExactly("a!?");
  }

  @Test
  void whatEndedBeforeABeatIsNotMissed() {
    core.given(came(A), submit(1)).given(core.ready(1));
    core.when(beat(A, 1, List.of(), List.of(), "")).isEmpty();
    assertThat(core.state().takeDefects()).isEmpty();
  }

  @Test
  void statusSaysHowAWorkerIs() {
    core.given(came(A), submit(1)).given(
        beat(A, 1, List.of(core.assignment(1).task()), List.of(core.assignment(1).task()), "full"));
    var status = core.state().workers(core.now() + 5_000_000).getFirst();
    assertThat(status.state()).isEqualTo("paused: full");
    assertThat(status.assigned()).isEqualTo(1);
    assertThat(status.running()).isEqualTo(1);
    assertThat(status.sinceBeatMillis()).isEqualTo(5);
  }

  @Test
  void whyARunningTaskIsNotDoneTellsSinceWhenItRuns() {
    core.given(came(A), submit(1));
    var running = List.of(core.assignment(1).task());
    core.given(beat(A, 1, running, running, ""));
    core.later(Duration.ofSeconds(3)).given(beat(A, 1, running, running, ""));
    core.later(Duration.ofMillis(400));
    assertThat(core.explain(1))
        .contains("runs on a since at least 3400 ms ago; last heard of it 400 ms ago");
  }

  @Test
  void aTaskThatABeatNamesNoMoreIsNotSaidToRun() {
    core.given(came(A), submit(1));
    var number = List.of(core.assignment(1).task());
    core.given(beat(A, 1, number, number, "")).given(beat(A, 1, number, List.of(), ""));
    assertThat(core.explain(1)).contains("was given to a").doesNotContain("since");
  }

  // --- retirement

  @Test
  void aWorkerRetiresAndItsAskersAreAnswered() {
    core.given(came(A), came(B), submit(1, on("a")));
    core.when(new RetireAsked(4, "a")).containsExactly("a leave");
    core.when(submit(2)).containsExactly("b<-x2");
    core.when(submit(3, on("a"))).isEmpty();
    assertThat(core.explain(3)).contains("a is retiring");
    core.when(new WorkerDied(A, true, "it left")).containsExactly("Done");
  }

  @Test
  void aWorkerThatRetiresIsAskedAgainWhenItComesBack() {
    core.given(came(A), new RetireAsked(4, "a"), new WorkerAway(A));
    core.when(came(A)).containsExactly("a leave");
  }

  @Test
  void aWorkerThatDiesWhileItRetiresWasNotRetired() {
    core.given(came(A), new RetireAsked(4, "a"));
    core.when(died(A)).containsExactly("Refused");
    core.when(new RetireAsked(4, "a")).containsExactly("Refused");
  }

  // --- a scheduler that was started anew

  private static ClientCame back(WorkerId... known) {
    return new ClientCame(ME, "me", true, Set.of(known), false);
  }

  @Test
  void whatWorkersHoldIsNotComputedAgain() {
    core.given(came(A, 1, Map.of(), List.of(1), List.of(2)), back(A));
    core.when(returning(1)).containsExactly("1=a");
    core.when(returning(2)).containsExactly("a<-x2");
    core.when(core.ready(2)).containsExactly("2=a");
  }

  @Test
  void returningTasksWaitForTheWorkersThatMayHaveThem() {
    core.given(back(A, B), came(A));
    core.when(returning(1), returning(2)).isEmpty();
    assertThat(core.explain(1)).contains("held back until", "[b]");
    core.when(submit(3)).containsExactly("a<-x3");
    core.when(came(B, 1, Map.of(), List.of(1), List.of())).containsExactly("1=b", "b<-x2");
  }

  @Test
  void theyDoNotWaitForEver() {
    core.given(back(A, B), came(A), returning(1));
    core.later(Duration.ofSeconds(9)).when(tick()).isEmpty();
    core.later(Duration.ofSeconds(2)).when(tick()).containsExactly("a<-x1");
  }

  @Test
  void theyDoNotWaitForALifeThatIsOver() {
    core.given(back(A), returning(1));
    core.when(came(new WorkerId("a", 2))).containsExactly("a<-x1");
  }

  @Test
  void whatAWorkerHadWhenItCameFirstCountsNoMoreWhenItComesAgain() {
    core.given(came(A, 1, Map.of(), List.of(1), List.of(2)), new WorkerAway(A), came(A), back(A));
    core.when(returning(1)).containsExactly("a<-x1");
  }

  @Test
  void whatOneWorkerHasAndOthersComputeIsNotComputed() {
    core.given(came(A, 1, Map.of(), List.of(1), List.of()));
    core.given(came(B, 1, Map.of(), List.of(), List.of(1, 2)));
    core.when(came(TestCore.C, 1, Map.of(), List.of(), List.of(1, 2)))
        .containsExactly("c-x1", "c-x2");
    core.given(back(A));
    core.when(returning(1), returning(2)).containsExactly("1=a", "b-x1", "b<-x2");
  }

  @Test
  void whatNobodyComesBackForIsReleased() {
    core.given(came(A, 1, Map.of(), List.of(1), List.of(2)));
    core.later(Duration.ofSeconds(9)).when(tick()).isEmpty();
    core.later(Duration.ofSeconds(2)).when(tick()).containsExactly("a-x1", "a-x2");
  }

  @Test
  void whatClientsPutOnWorkersIsFoundAgain() {
    core.given(back(A, B));
    core.given(new Scattered(ME, new Message.Scattered(1, key(1), List.of(A), 8)),
        new Scattered(ME, new Message.Scattered(2, key(2), List.of(B), 8)), returning(3, 1));
    assertThat(core.explain(1)).contains("held back");
    core.when(came(A, 1, Map.of(), List.of(1), List.of())).startsWith("1=a");
    core.given(core.tickAfter(Duration.ofSeconds(29)));
    assertThat(core.explain(2)).contains("held back").contains("[b");
    core.given(core.tickAfter(Duration.ofSeconds(2)));
    assertThat(core.explain(2)).contains("scatter it again");
    core.when(core.ready(3)).containsExactly("3=a");
  }

  @Test
  void aTaskThatTakesResourcesGoesOnOnlyWhereTheyAreFree() {
    core.given(came(A, 1, Map.of("GPU", 1), List.of(), List.of(1)), back(A));
    core.when(submit(2, TestCore.taking("GPU", 1))).isEmpty();
    assertThat(core.explain(2)).contains("before this scheduler was started");
    core.when(submit(ME, 1, TestCore.taking("GPU", 1), true)).containsExactly("a<-x1");
    core.when(core.ready(1)).containsExactly("1=a", "a<-x2");
  }

  @Test
  void whatAWorkerComputesThatIsAwayForAMomentIsNotComputedElsewhere() {
    core.given(came(A, 1, Map.of(), List.of(), List.of(1)), came(B), new WorkerAway(A), back(A));
    core.when(returning(1)).isEmpty();
    core.when(came(A, 1, Map.of(), List.of(), List.of(1))).containsExactly("a<-x1");
  }

  @Test
  void resourcesAreFreeWhenNobodyHasComeBackForWhatTookThem() {
    core.given(came(A, 1, Map.of("GPU", 1), List.of(), List.of(1)));
    core.when(submit(2, TestCore.taking("GPU", 1))).isEmpty();
    core.later(Duration.ofSeconds(11)).when(tick()).containsExactly("a-x1", "a<-x2");
  }

  @Test
  void aValueThatItsClientHasNotToldOfYetIsKeptForAWhile() {
    core.given(came(A), core.tickAfter(Duration.ofSeconds(11)), submit(5, on("z")));
    core.when(registered(A, 1, 2)).isEmpty();
    core.given(new Scattered(ME, new Message.Scattered(1, key(1), List.of(A), 8)));
    core.later(Duration.ofSeconds(11)).when(tick()).containsExactly("a-x2");
    core.when(drop(1)).containsExactly("a-x1");
  }

  /// Its client's word may be waiting to be read.
  @Test
  void aValueIsKeptThoughTheSchedulerStoodStill() {
    core.given(came(A), core.tickAfter(Duration.ofMinutes(1)));
    core.given(registered(A, 1));
    core.standsStill(Duration.ofMinutes(1)).when(tick()).isEmpty();
    core.given(new Scattered(ME, new Message.Scattered(1, key(1), List.of(A), 8)));
    core.when(submit(2, 1)).containsExactly("a<-x2");
  }

  @Test
  void whatWasToldToBeLetGoIsNotBelievedToBeThere() {
    core.given(came(A), core.tickAfter(Duration.ofMinutes(1)));
    core.given(registered(A, 1)).later(Duration.ofSeconds(11)).when(tick()).contains("a-x1");
    core.given(new Scattered(ME, new Message.Scattered(1, key(1), List.of(A), 8)));
    assertThat(core.explain(1)).contains("held back");
    core.given(core.tickAfter(Duration.ofSeconds(11)));
    assertThat(core.explain(1)).contains("scatter it again");
  }

  @Test
  void aValueWhoseClientIsAwayIsKeptUntilTheClientHasHadTimeToAskForIt() {
    core.given(came(A), core.tickAfter(Duration.ofSeconds(11)), submit(5, on("z")));
    core.given(registered(A, 1), new ClientAway(ME));
    core.later(Duration.ofSeconds(20)).when(tick()).isEmpty();
    core.given(back(A));
    core.later(Duration.ofSeconds(9)).when(tick()).isEmpty();
    core.given(new Scattered(ME, new Message.Scattered(1, key(1), List.of(A), 8)));
    core.later(Duration.ofSeconds(2)).when(tick()).isEmpty();
    core.when(drop(1)).containsExactly("a-x1");
  }

  @Test
  void whatAClientPutsOnAWorkerThatIsAwayIsThereWhenItComesBack() {
    core.given(came(A), new WorkerAway(A));
    core.given(new Scattered(ME, new Message.Scattered(1, key(1), List.of(A), 8)), submit(2, 1));
    core.when(came(A)).containsExactly("a<-x2");
  }

  /// It may be alive, and reached by the client only.
  @Test
  void whatAClientPutsOnAWorkerThatIsBelievedDeadIsWaitedForAWhile() {
    core.given(came(A), came(B), core.tickAfter(Duration.ofMinutes(1)), died(A), died(B));
    core.given(new Scattered(ME, new Message.Scattered(1, key(1), List.of(A), 8)),
        new Scattered(ME, new Message.Scattered(2, key(2), List.of(B), 8)));
    assertThat(core.explain(1)).contains("held back").contains("[a");
    core.when(came(A, 1, Map.of(), List.of(1), List.of())).contains("1=a");
    core.given(core.tickAfter(Duration.ofSeconds(11)));
    assertThat(core.explain(2)).contains("scatter it again");
  }

  @Test
  void aClientMayTakeOneLifeOfAWorkerForTheOneBefore() {
    core.given(came(A), core.tickAfter(Duration.ofMinutes(1)));
    core.given(came(new WorkerId("a", 2)));
    core.given(new Scattered(ME, new Message.Scattered(1, key(1), List.of(A), 8)));
    core.when(registered(new WorkerId("a", 2), 1)).containsExactly("1=a");
  }

  @Test
  void aClientIsToldWhereItsValueIsIfItWasMoved() {
    core.given(came(A), came(B, 1, Map.of(), List.of(1), List.of()));
    core.when(new Scattered(ME, new Message.Scattered(1, key(1), List.of(A, B), 8))).isEmpty();
    core.given(came(C, 1, Map.of(), List.of(2), List.of()));
    core.when(new Scattered(ME, new Message.Scattered(2, key(2), List.of(A), 8)))
        .containsExactly("2=c+a");
  }

  @Test
  void aClientThatComesBackIsToldOfItsValueInAnyCase() {
    core.given(came(A), back(A));
    core.when(new Scattered(ME, new Message.Scattered(1, key(1), List.of(A), 8)))
        .containsExactly("1=a");
  }

  @Test
  void whatTheStoreSaysOfAWorkerCountsThoughItIsNotHereYet() {
    core.given(came(A), submit(1)).given(core.ready(1), registered(B, 1), came(B));
    core.when(drop(1)).containsExactly("a-x1", "b-x1");
  }

  @Test
  void whatTheStoreSaysOfAWorkerThatIsAwayIsNewerThanWhatItSaysWhenItComesBack() {
    core.given(came(A), came(B), submit(1, on("a"))).given(core.ready(1), new WorkerAway(B),
        registered(B, 1), came(B));
    core.when(drop(1)).containsExactly("a-x1", "b-x1");
  }

  @Test
  void theStoresLastWordCounts() {
    core.given(came(A), submit(1)).given(core.ready(1), registered(B, 1), unregistered(B, 1),
        came(B));
    core.when(drop(1)).containsExactly("a-x1");
  }

  // --- explanations

  @Test
  void everyStateIsExplained() {
    core.given(came(A), came(B), submit(1, on("a")), submit(2, on("b")), submit(3, 1, 2),
        submit(4, 3));
    assertThat(core.explain(1)).contains("was given to a");
    core.given(beat(A, 1, List.of(core.assignment(1).task()),
        List.of(core.assignment(1).task()), ""));
    assertThat(core.explain(1))
        .contains("runs on a since at least 0 ms ago; last heard of it 0 ms ago");
    assertThat(core.explain(4).lines()).hasSize(3);
    assertThat(core.explain(4)).contains("waits for 1 of its 1 inputs: '" + key(3) + "'",
        "'" + key(3) + "' waits for 2 of its 2 inputs", "'" + key(1) + "' runs on a");
    core.given(core.ready(1));
    assertThat(core.explain(1)).contains("is done; its value (1000000 bytes) is on a");
    core.given(core.failed(2));
    assertThat(core.explain(4)).contains("'" + key(2) + "' failed", "/ by zero");
    assertThat(core.explain(9)).contains("is not known here");
  }

  @Test
  void aStoryIsToldOfWhatIsForgotten() {
    core.given(came(A), submit(1)).given(core.ready(1), drop(1));
    assertThat(core.state().story(key(1))).hasSize(6);
    assertThat(core.state().story(key(1)).get(2)).contains(
        "queued -> processing  because it was given to a");
    assertThat(core.state().story(Key.of("unheard-of"))).isEmpty();
  }

  @Test
  void aReplicaThatComesAndGoesIsCounted() {
    core.given(came(A), came(B), submit(1, on("a"))).given(core.ready(1), registered(B, 1));
    assertThat(core.state().workers(core.now()).getLast().values()).isEqualTo(1);
    core.when(drop(1)).containsExactly("a-x1", "b-x1");
    assertThat(core.state().workers(core.now()).getLast().values()).isZero();
  }
}
