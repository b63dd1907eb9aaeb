package dev.heddle.scheduler;

import static dev.heddle.scheduler.TestCore.A;
import static dev.heddle.scheduler.TestCore.B;
import static dev.heddle.scheduler.TestCore.ME;
import static dev.heddle.scheduler.TestCore.beat;
import static dev.heddle.scheduler.TestCore.came;
import static dev.heddle.scheduler.TestCore.died;
import static dev.heddle.scheduler.TestCore.drop;
import static dev.heddle.scheduler.TestCore.key;
import static dev.heddle.scheduler.TestCore.on;
import static dev.heddle.scheduler.TestCore.registered;
import static dev.heddle.scheduler.TestCore.retries;
import static dev.heddle.scheduler.TestCore.submit;
import static dev.heddle.scheduler.TestCore.tick;
import static dev.heddle.scheduler.TestCore.unregistered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.scheduler.SchedulerEvent.DeathExplained;
import dev.heddle.scheduler.SchedulerEvent.Needed;
import dev.heddle.scheduler.SchedulerEvent.Scattered;
import dev.heddle.scheduler.SchedulerEvent.WorkerAway;
import dev.heddle.scheduler.SchedulerEvent.WorkerDied;
import dev.heddle.wire.Attempt;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What follows when tasks fail, values are lost, and workers die.
class LosingTest {
  private final TestCore core = new TestCore();

  // --- failures

  @Test
  void aFailureNamesTheTaskThatFailedFirst() {
    core.given(came(A), came(B), submit(1), submit(2), submit(3, 1, 2), submit(4, 3));
    var where = where(1, 1, 1);
    core.when(core.failed(1)).containsExactly("1 failed", "3 failed", "4 failed");
    assertThat(core.results()).containsExactly(
        new Result.Failed(1, Optional.empty(), where, TestCore.BOOM),
        new Result.Failed(3, Optional.of(key(1)), where, TestCore.BOOM),
        new Result.Failed(4, Optional.of(key(1)), where, TestCore.BOOM));
    core.when(submit(5, 4)).containsExactly("5 failed");
    assertThat(core.results())
        .containsExactly(new Result.Failed(5, Optional.of(key(1)), where, TestCore.BOOM));
  }

  @Test
  void aTaskThatMayBeRetriedIs() {
    core.given(came(A), submit(1, retries(2)));
    core.when(core.failed(1)).containsExactly("a<-x1");
    core.when(core.failed(1)).containsExactly("a<-x1");
    core.when(core.failed(1)).containsExactly("1 failed");
    assertThat(core.results()).containsExactly(
        new Result.Failed(1, Optional.empty(), where(1, 3, 3), TestCore.BOOM));
  }

  private static Optional<Attempt> where(int number, int attempt, int most) {
    return Optional.of(new Attempt(key(number), "a", "host-a", 7, attempt, most, TestCore.MILLI));
  }

  @Test
  void whatRanAheadOfAFailureIsEndedWithIt() {
    core.given(came(A), submit(1), submit(2, 1));
    var late = core.failed(2);
    core.when(core.failed(1)).containsExactly("1 failed", "2 failed", "a!x2", "a-x2");
    core.when(late).isEmpty();
  }

  @Test
  void failureOfAChainOf100000OverflowsNoStack() {
    core.given(chain(100_000));
    var commands = core.state().handle(List.of(core.failed(1)), core.now());
    assertThat(commands.stream().filter(SchedulerCommand.Tell.class::isInstance)).hasSize(100_000);
  }

  // --- values that are lost

  @Test
  void aLostValueThatIsWantedIsComputedAgainFromItsLineage() {
    core.given(came(A), submit(1), submit(2, 1)).given(core.ready(1), core.ready(2), drop(1));
    core.given(came(B));
    core.when(died(A)).containsExactly("b<-x1", "b<-x2");
    core.when(core.ready(1), core.ready(2)).containsExactly("2=b", "b-x1");
  }

  @Test
  void aLostValueThatNobodyNeedsIsNot() {
    core.given(came(A), submit(1)).given(core.readyInline(1), came(B));
    core.when(died(A)).isEmpty();
    core.when(new Needed(ME, List.of(1L))).containsExactly("b<-x1");
    core.when(core.ready(1)).containsExactly("1=b");
  }

  @Test
  void aValueThatTheClientHasIsComputedAgainForATaskThatNeedsIt() {
    core.given(came(A), submit(1)).given(core.readyInline(1), came(B), died(A));
    core.when(submit(2, 1)).containsExactly("b<-x1", "b<-x2");
  }

  @Test
  void aReplicaSparesTheComputation() {
    core.given(came(A), came(B), submit(1, on("a"))).given(core.ready(1), registered(B, 1));
    core.when(died(A)).isEmpty();
    assertThat(core.state().whoHas(List.of(key(1)))).hasEntrySatisfying(key(1),
        holders -> assertThat(holders).extracting(Holder::worker).containsExactly(B));
  }

  @Test
  void aLossOfAChainOf100000OverflowsNoStack() {
    core.given(chain(100_000));
    var state = core.state();
    for (var i = 1; i <= 100_000; i++) {
      var commands = state.handle(List.of(core.ready(i), drop(i - 1)), core.now());
      commands.forEach(core::remember);
    }
    var _ = state.handle(List.of(died(A)), core.now());
    state.check();
    assertThat(state.tasks()).containsEntry("waiting", 99_999L).containsEntry("queued", 1L);
    var _ = state.handle(List.of(drop(ME, 1, 100_000)), core.now());
    assertThat(state.tasks().values()).containsOnly(0L);
  }

  private SchedulerEvent[] chain(int length) {
    var events = new ArrayList<SchedulerEvent>();
    events.add(came(A));
    events.add(submit(1));
    for (var i = 2; i <= length; i++) {
      events.add(submit(i, i - 1));
    }
    core.state().handle(events, core.now()).forEach(core::remember);
    return new SchedulerEvent[0];
  }

  @Test
  void aValueFromTheClientThatIsLostCannotBeHadAgain() {
    core.given(came(A), came(B));
    core.given(new Scattered(ME, new Message.Scattered(1, key(1), List.of(A), 100)));
    core.given(submit(2, on("b"), 1));
    core.when(unregistered(A, 1)).containsExactly("1 lost", "2 lost", "b!x2", "b-x2");
    assertThat(((Result.Lost) core.results().getFirst()).reason()).contains("scatter it again");
    core.when(submit(3, 1)).containsExactly("3 lost");
  }

  @Test
  void inputsThatCouldNotBeHadAreComputedAgain() {
    core.given(came(A), came(B), submit(1, on("a")))
        .given(core.ready(1), submit(2, on("b"), 1));
    core.when(core.lacking(2, 1)).containsExactly("a-x1", "a<-x1");
    core.when(core.ready(1)).contains("1=a", "b<-x2");
  }

  @Test
  void inputsThatCanNeverBeHadAreGivenUp() {
    core.given(came(A), came(B), submit(1, on("a")))
        .given(core.ready(1), submit(2, on("b"), 1));
    var rounds = 0;
    while (!core.state().explain(key(2), 0).contains("failed") && rounds++ < 20) {
      core.given(core.lacking(2, 1));
      if (core.state().explain(key(1), 0).contains("was given")) {
        core.given(core.ready(1));
      }
    }
    assertThat(rounds).isLessThan(12);
    assertThat(core.results()).hasSize(1);
    assertThat(((Result.Failed) core.results().getFirst()).failure().message())
        .contains("could not be had 9 times", "b", "no holder answered");
  }

  @Test
  void ofWhatAValueWasComputedFromIsKeptHowUntilAValueThatWasPutTakesItsPlace() {
    core.given(came(A), came(B), submit(1)).given(core.ready(1));
    for (var step = 2; step <= 9; step++) {
      core.given(submit(step, step - 1)).given(core.ready(step), drop(step - 1));
    }
    assertThat(core.state().tasks()).containsEntry("released", 8L).containsEntry("memory", 1L);
    core.given(new Scattered(ME, new Message.Scattered(10, key(10), List.of(A), 100)), drop(9));
    core.given(submit(11, 10)).given(core.ready(11));
    assertThat(core.state().tasks()).containsEntry("released", 0L).containsEntry("memory", 2L);
  }

  @Test
  void aScatteredValueThatCouldNotBeFetchedIsTriedAgainLater() {
    core.given(came(A), came(B));
    core.given(new Scattered(ME, new Message.Scattered(1, key(1), List.of(A), 100)));
    core.given(submit(2, on("b"), 1));
    core.when(core.lacking(2, 1)).isEmpty();
    assertThat(core.explain(2)).contains("is tried again soon");
    core.later(Duration.ofSeconds(2)).when(tick()).containsExactly("b<-x2");
  }

  // --- workers that die

  @Test
  void aTaskThatRanOnThreeDyingWorkersFailsAndSaysWhy() {
    core.given(submit(1), submit(2));
    for (var life = 1; life <= 3; life++) {
      var worker = new WorkerId("a", life);
      core.given(came(worker, 2, Map.of()),
          new DeathExplained("a", 7, "exit code 137 (SIGKILL), life " + life), died(worker));
    }
    assertThat(core.results()).hasSize(2);
    assertThat(((Result.Failed) core.results().getFirst()).failure().type())
        .isEqualTo("dev.heddle.WorkersDiedException");
    assertThat(((Result.Failed) core.results().getFirst()).failure().message())
        .contains(key(1).text(), "- a (pid 7): exit code 137 (SIGKILL), life 1",
            "life 2", "life 3", "there ran also '" + key(2) + "'");
  }

  @Test
  void itSaysHowTheWorkerWasByItsLastWord() {
    core.given(submit(1));
    for (var life = 1; life <= 3; life++) {
      var worker = new WorkerId("a", life);
      core.given(came(worker), new SchedulerEvent.Beat(worker, new Message.Beat(1, List.of(),
          List.of(), 3, 90L << 20, 0, new Message.Vitals(120L << 20, 128L << 20, 97), "",
          List.of())));
      core.later(Duration.ofMillis(1_500)).given(died(worker));
    }
    core.given(core.tickAfter(Duration.ofSeconds(2)));
    assertThat(core.explain(1)).contains("by its last word, 1.5 s before, its heap was 120 of 128"
        + " MiB full, its values took 90 of 1,024 MiB, and it used 97 % of a core");
  }

  @Test
  void itWaitsForTheWordOnTheLastDeathButNotForEver() {
    core.given(submit(1));
    for (var life = 1; life <= 3; life++) {
      core.given(came(new WorkerId("a", life)), died(new WorkerId("a", life)));
    }
    assertThat(core.results()).isEmpty();
    assertThat(core.explain(1)).contains("ran on too many workers that died");
    core.later(Duration.ofMillis(500)).when(tick()).isEmpty();
    core.later(Duration.ofMillis(600)).when(tick()).containsExactly("1 failed");
  }

  @Test
  void whatWasMerelyInHandIsNotToBlame() {
    core.given(submit(1), submit(2));
    for (var life = 1; life <= 3; life++) {
      core.given(came(new WorkerId("a", life)), died(new WorkerId("a", life)));
    }
    core.given(core.tickAfter(Duration.ofSeconds(2)));
    assertThat(core.explain(1)).contains("WorkersDiedException");
    assertThat(core.explain(2)).contains("there are no workers");
  }

  @Test
  void whatRanByItsLastWordIsToBlameToo() {
    core.given(submit(1), submit(2));
    for (var life = 1; life <= 3; life++) {
      var worker = new WorkerId("a", life);
      core.given(came(worker));
      var both = List.of(core.assignment(1).task(), core.assignment(2).task());
      core.given(beat(worker, 2, both, both, ""), died(worker));
    }
    core.given(core.tickAfter(Duration.ofSeconds(2)));
    assertThat(core.explain(2)).contains("WorkersDiedException");
  }

  @Test
  void aWorkerThatLeavesIsNotToBlame() {
    core.given(submit(1));
    for (var life = 1; life <= 4; life++) {
      core.given(came(new WorkerId("a", life)),
          new WorkerDied(new WorkerId("a", life), true, "it left"));
    }
    assertThat(core.explain(1)).contains("there are no workers");
  }

  @Test
  void aNewLifeOfAWorkerEndsTheOldOne() {
    core.given(came(A), submit(1));
    core.when(came(new WorkerId("a", 2))).containsExactly("a<-x1");
    core.when(new SchedulerEvent.Ended(A, 1, new TaskEnd.Cancelled(true)), died(A)).isEmpty();
  }

  @Test
  void whatADeadOrUnknownWorkerSaysIsIgnored() {
    core.given(came(A), came(B), submit(1));
    var late = core.ready(1);
    core.given(died(A));
    core.when(late, registered(A, 1), beat(A, 1, List.of(), List.of(), "full"), died(A),
        new WorkerAway(A)).isEmpty();
    core.when(new SchedulerEvent.Ended(B, late.task(), late.end())).isEmpty();
    core.when(core.ready(1)).containsExactly("1=b");
    core.when(core.ready(1)).isEmpty();
  }
}
