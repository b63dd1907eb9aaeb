package dev.heddle.scheduler;

import static dev.heddle.scheduler.TestCore.A;
import static dev.heddle.scheduler.TestCore.B;
import static dev.heddle.scheduler.TestCore.C;
import static dev.heddle.scheduler.TestCore.ME;
import static dev.heddle.scheduler.TestCore.MILLI;
import static dev.heddle.scheduler.TestCore.YOU;
import static dev.heddle.scheduler.TestCore.beat;
import static dev.heddle.scheduler.TestCore.blocking;
import static dev.heddle.scheduler.TestCore.came;
import static dev.heddle.scheduler.TestCore.given;
import static dev.heddle.scheduler.TestCore.keeps;
import static dev.heddle.scheduler.TestCore.key;
import static dev.heddle.scheduler.TestCore.map;
import static dev.heddle.scheduler.TestCore.on;
import static dev.heddle.scheduler.TestCore.priority;
import static dev.heddle.scheduler.TestCore.settings;
import static dev.heddle.scheduler.TestCore.submit;
import static dev.heddle.scheduler.TestCore.taking;
import static dev.heddle.scheduler.TestCore.tick;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.scheduler.SchedulerCommand.Assign;
import dev.heddle.scheduler.SchedulerEvent.ClientCame;
import dev.heddle.wire.Message.TaskEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Which task goes to which worker, and when.
class PlacingTest {
  private final TestCore core = new TestCore();

  /// Tells the core that tasks of this name take so long.
  private void theyTake(long nanos) {
    core.given(submit(1_000));
    core.given(core.ended(1_000, new TaskEnd.Ready("test", 8, nanos, Optional.empty())));
  }

  private static long assigns(List<SchedulerCommand> commands) {
    return commands.stream().filter(Assign.class::isInstance).count();
  }

  // --- how much a worker is given

  @Test
  void oneLongTaskIsGivenBeyondWhatRuns() {
    core.given(came(A));
    theyTake(1_000 * MILLI);
    assertThat(assigns(core.hears(map(ME, 1, 500, settings())))).isEqualTo(2);
  }

  @Test
  void manyShortTasksAreGivenInOneGo() {
    core.given(came(A));
    theyTake(1_000);
    assertThat(assigns(core.hears(map(ME, 1, 5_000, settings())))).isBetween(1_000L, 2_100L);
  }

  @Test
  void fewAreGivenOfWhichNothingIsKnownAndManyAfterTheFirstWasShort() {
    core.given(came(A));
    assertThat(assigns(core.hears(map(ME, 1, 5_000, settings())))).isBetween(2L, 8L);
    var short1 = (Assign) core.last().get(0);
    var short2 = (Assign) core.last().get(1);
    assertThat(assigns(core.hears(ended(short1), ended(short2)))).isGreaterThan(300);
  }

  private static SchedulerEvent ended(Assign assign) {
    return new SchedulerEvent.Ended(assign.worker(), assign.task(),
        new TaskEnd.Ready("test", 8, 1_000, Optional.empty()));
  }

  @Test
  void aPausedWorkerIsGivenNothingUntilItSaysOtherwise() {
    core.given(came(A), beat(A, 0, List.of(), List.of(), "its memory is full"));
    core.when(submit(1)).isEmpty();
    assertThat(core.explain(1)).contains("a is paused: its memory is full");
    core.when(beat(A, 0, List.of(), List.of(), "")).containsExactly("a<-x1");
  }

  @Test
  void whatWasCancelledAndGoesOnKeepsItsSlot() {
    core.given(came(A, 1, Map.of()), keeps(A, 1));
    core.when(submit(2)).isEmpty();
    core.when(submit(3, blocking())).containsExactly("a<-x3");
    assertThat(core.explain(2)).isEqualTo("'" + key(2)
        + "' is queued: no worker that fits has a slot"
        + " for it: of a, 1 of 1 slot is kept by what was cancelled and goes on: '" + key(1)
        + "'; a function that was cancelled ends when it heeds its interruption, or with its worker");
    core.when(keeps(A)).containsExactly("a<-x2");
  }

  @Test
  void aWorkerWithASlotLessIsGivenLess() {
    core.given(came(A, 2, Map.of()));
    theyTake(1_000 * MILLI);
    core.given(keeps(A, 1));
    assertThat(assigns(core.hears(map(ME, 1, 500, settings())))).isEqualTo(2);
    assertThat(assigns(core.hears(keeps(A)))).isEqualTo(1);
  }

  @Test
  void aTaskThatWaitsForAnotherOccupiesNoSlot() {
    core.given(came(A));
    theyTake(1_000 * MILLI);
    core.given(submit(1), submit(2));
    core.when(submit(3)).isEmpty();
    core.when(new SchedulerEvent.Waits(A, core.assignment(1).task(), true))
        .containsExactly("a<-x3");
  }

  // --- which worker

  @Test
  void aTaskGoesWhereItsInputsAre() {
    core.given(came(A), came(B), submit(1), submit(2));
    core.given(core.ready(2));
    core.when(core.ready(1), submit(3, 1)).contains("a<-x3");
    core.when(submit(4, 2)).containsExactly("b<-x4");
  }

  @Test
  void aLargeInputKeepsATaskAtABusyWorkerAndASmallOneDoesNot() {
    core.given(came(A), came(B));
    theyTake(20 * MILLI);
    core.given(submit(1, on("a")), submit(2, on("a")));
    core.given(core.ready(1, 2_000_000_000), core.ready(2, 10));
    core.given(submit(3, on("a")), submit(4, on("a")));
    core.when(submit(5, 2)).containsExactly("b<-x5");
    core.when(submit(6, 1)).isEmpty();
    assertThat(core.explain(6)).contains("waits for room on a");
    core.when(core.ready(3)).containsExactly("3=a", "a<-x6");
  }

  @Test
  void equalsAreChosenByWhatTheyStore() {
    core.given(came(A), came(B), submit(1));
    core.given(core.ready(1));
    core.when(submit(2)).containsExactly("b<-x2");
  }

  @Test
  void onlyTheWorkersThatATaskNamesRunIt() {
    core.given(came(A), came(B));
    core.when(submit(1, on("b"))).containsExactly("b<-x1");
    core.when(submit(2, on("host-a"))).containsExactly("a<-x2");
    core.when(submit(3, on("c"))).isEmpty();
    assertThat(core.explain(3)).contains("on one of the workers [c]", "there are: a, b");
    core.when(came(C)).containsExactly("c<-x3");
  }

  @Test
  void resourcesAreNeverOverbookedAndNothingThatTakesThemIsPrefetched() {
    core.given(came(A, 4, Map.of("GPU", 2)), came(B, 4, Map.of()));
    core.when(submit(1, taking("GPU", 1)), submit(2, taking("GPU", 1)),
        submit(3, taking("GPU", 1))).containsExactly("a<-x1", "a<-x2");
    core.when(core.ready(1)).containsExactly("1=a", "a<-x3");
    core.when(submit(4, taking("GPU", 3))).isEmpty();
    assertThat(core.explain(4)).contains("needs a worker with GPU=3", "a with GPU=2",
        "--resource GPU=3");
  }

  @Test
  void tasksThatTakeResourcesDoNotStarveBehindOthers() {
    core.given(came(A, 1, Map.of("GPU", 1)));
    core.given(map(ME, 1, 100, settings()));
    core.when(submit(200, taking("GPU", 1))).containsExactly("a<-x200");
  }

  @Test
  void tasksThatBlockNeedNoSlotAndAreBoundedAllTheSame() {
    core.given(came(A));
    assertThat(assigns(core.hears(map(ME, 1, 400, blocking())))).isEqualTo(Member.BLOCKING_MAX);
  }

  // --- which task

  @Test
  void priorityGoesFirst() {
    core.given(submit(1, priority(0)), submit(2, priority(-1)), submit(3, priority(5)));
    core.when(came(A)).containsExactly("a<-x3", "a<-x1", "a<-x2");
  }

  @Test
  void whatIsDeeperInItsGraphGoesFirst() {
    core.given(came(A));
    theyTake(1_000 * MILLI);
    core.given(submit(1), submit(2), submit(3), submit(4), submit(5, 1));
    core.given(core.ready(1));
    core.when(core.ready(2)).startsWith("2=a");
    assertThat(core.assignment(5)).isNotNull();
  }

  @Test
  void clientsOfEqualPriorityTakeTurns() {
    core.given(new ClientCame(YOU, "you", false, Set.of(), false));
    core.given(map(ME, 1, 100, settings()), map(YOU, 1, 100, settings()));
    core.when(came(A, 2, Map.of())).startsWith("a<-x1/0", "a<-xy1/0", "a<-x1/1", "a<-xy1/1");
  }

  // --- along with its inputs

  @Test
  void aChainIsGivenToOneWorkerWithoutWaitingForItsSteps() {
    core.given(came(A), came(B));
    core.when(submit(1), submit(2, 1), submit(3, 2))
        .containsExactly("a<-x1", "a<-x2", "a<-x3");
    core.when(core.ready(1)).containsExactly("1=a");
    core.when(core.ready(2), core.ready(3)).containsExactly("2=a", "3=a");
  }

  @Test
  void aLongChainIsGivenInBoundedPortions() {
    core.given(came(A));
    var events = new ArrayList<SchedulerEvent>();
    events.add(submit(1));
    for (var i = 2; i <= 2_000; i++) {
      events.add(submit(i, i - 1));
    }
    assertThat(assigns(core.hears(events.toArray(SchedulerEvent[]::new))))
        .isEqualTo(1 + Member.AHEAD_MAX);
    core.when(core.ready(1)).containsExactly("1=a", "a<-x" + (Member.AHEAD_MAX + 2));
  }

  @Test
  void ofManyThatWaitForTheSameFewRunAhead() {
    core.given(came(A), came(B), submit(1));
    core.when(submit(2, 1), submit(3, 1), submit(4, 1)).containsExactly("a<-x2");
    core.when(core.ready(1)).contains("1=a").contains("b<-x3");
  }

  @Test
  void whatRanAheadComesBackWithItsInput() {
    core.given(came(A), submit(1), submit(2, 1), submit(3, 2));
    core.when(core.givenBack(1)).containsExactly("a!x2", "a!x3", "a-x2", "a-x3");
    core.when(beat(A, 3, List.of(), List.of(), ""))
        .containsExactly("a<-x1", "a<-x2", "a<-x3");
  }

  // --- stealing

  @Test
  void halfOfWhatHasNotBegunIsTakenBackForAnIdleWorker() {
    core.given(came(A), map(ME, 1, 4, settings()));
    core.when(came(B)).containsExactly("a?x1/2", "a?x1/3");
    core.later(Duration.ofMillis(10)).when(tick()).containsExactly("a?x1/1");
  }

  @Test
  void whatRunAheadDependentsHangOnIsNotTakenBack() {
    core.given(came(A), submit(1), submit(2), submit(3, 2));
    core.when(came(B)).isEmpty();
    core.later(Duration.ofMillis(10)).when(tick()).isEmpty();
  }

  @Test
  void whatWouldStartNoEarlierElsewhereIsNotTakenBack() {
    core.given(came(A));
    theyTake(20 * MILLI);
    core.given(submit(1)).given(core.ready(1, 2_000_000_000));
    core.given(submit(2), submit(3, 1));
    core.when(came(B)).isEmpty();
    core.later(Duration.ofMillis(10)).when(tick()).isEmpty();
  }

  @Test
  void whatIsBehindALongTaskIsTakenBackHoweverShortItIs() {
    core.given(came(A));
    theyTake(1_000);
    core.given(map(ME, 1, 3, settings()));
    core.when(came(B)).isEmpty();
    core.later(Duration.ofMillis(10)).when(tick()).isEmpty();
    core.later(Duration.ofMillis(15)).when(tick()).containsExactly("a?x1/2", "a?x1/1");
  }

  @Test
  void behindALongTaskThatCountsMoreThanWhatWaitsForItThere() {
    core.given(came(A), submit(1), submit(2), submit(3, 2), came(B));
    core.later(Duration.ofMillis(25)).when(tick()).containsExactly("a?x2");
  }

  @Test
  void aWorkerFromWhichNothingCanBeTakenHidesNoOther() {
    core.given(came(A), came(B));
    theyTake(1_000 * MILLI);
    core.given(submit(1), given(ME, 2, "unknown-2", "f"), given(ME, 3, "unknown-3", "f"));
    core.when(came(C)).hasSize(1).allMatch(recall -> recall.startsWith("a?unknown-3"));
  }

  @Test
  void whatMayRunOnSomeIsTakenBackForOneOfTheseWhoeverElseIsIdle() {
    core.given(came(A), came(B));
    theyTake(1_000);
    core.given(submit(1, on("a")), submit(2, on("b")), submit(3, on("a", "b")), came(C));
    var other = core.assignment(3).worker().equals(A) ? 2 : 1;
    core.given(core.ready(other));
    var from = other == 2 ? "a" : "b";
    core.later(Duration.ofMillis(25)).when(tick()).containsExactly(from + "?x3");
  }

  @Test
  void whatIsTakenBackGoesToTheIdleWorker() {
    core.given(came(A), submit(1), submit(2));
    core.when(came(B)).containsExactly("a?x2");
    core.when(core.givenBack(2)).containsExactly("b<-x2");
  }

  @Test
  void aWorkerThatGivesBackUnaskedIsLeftAloneUntilItsNextBeat() {
    core.given(came(A), submit(1));
    core.when(core.givenBack(1)).isEmpty();
    assertThat(core.state().explain(key(1), core.now())).contains("gives tasks back");
    core.when(beat(A, 1, List.of(), List.of(), "")).containsExactly("a<-x1");
  }
}
