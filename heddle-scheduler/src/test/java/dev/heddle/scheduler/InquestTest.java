package dev.heddle.scheduler;

import static dev.heddle.scheduler.TestCore.A;
import static dev.heddle.scheduler.TestCore.ME;
import static dev.heddle.scheduler.TestCore.came;
import static dev.heddle.scheduler.TestCore.died;
import static dev.heddle.scheduler.TestCore.drop;
import static dev.heddle.scheduler.TestCore.retries;
import static dev.heddle.scheduler.TestCore.returning;
import static dev.heddle.scheduler.TestCore.submit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.scheduler.SchedulerEvent.AbortAsked;
import dev.heddle.scheduler.SchedulerEvent.WorkerAway;
import dev.heddle.wire.Message.Begun;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.Message.TaskEnd;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What clients are told of whether a cancelled task had begun.
class InquestTest {
  private final TestCore core = new TestCore();

  private static AbortAsked abort(long number) {
    return new AbortAsked(ME, List.of(number));
  }

  private List<Begun> toldAfter(SchedulerEvent event) {
    core.hears(event);
    return core.results().stream().map(result -> ((Result.Cancelled) result).begun()).toList();
  }

  @Test
  void whatWasNeverGivenToAWorkerHasNotBegun() {
    core.given(submit(1), submit(2, 1));
    assertThat(toldAfter(abort(1))).containsExactly(Begun.NO, Begun.NO);
  }

  @Test
  void ofWhatAWorkerHasThatWorkerSaysIt() {
    core.given(came(A), submit(1), submit(2));
    assertThat(toldAfter(abort(1))).containsExactly(Begun.UNTOLD);
    assertThat(toldAfter(abort(2))).containsExactly(Begun.UNTOLD);
    assertThat(toldAfter(core.ended(2, new TaskEnd.Cancelled(false)))).containsExactly(Begun.NO);
    assertThat(toldAfter(core.ended(1, new TaskEnd.Cancelled(true))))
        .containsExactly(Begun.PERHAPS);
    assertThat(toldAfter(core.ended(1, new TaskEnd.Cancelled(false)))).isEmpty();
  }

  @Test
  void whatEndedMeanwhileHadBegun() {
    core.given(came(A), submit(1), abort(1));
    assertThat(toldAfter(core.ready(1))).containsExactly(Begun.PERHAPS);
  }

  @Test
  void whatAWorkerGivesBackUnbegunHasNotBegun() {
    core.given(came(A), submit(1)).given(core.givenBack(1), new WorkerAway(A));
    assertThat(toldAfter(abort(1))).containsExactly(Begun.NO);
  }

  @Test
  void whatAWorkerGivesBackBegunHas() {
    core.given(came(A), submit(1))
        .given(core.ended(1, new TaskEnd.GivenBack("leaving", true)), new WorkerAway(A));
    assertThat(toldAfter(abort(1))).containsExactly(Begun.PERHAPS);
  }

  @Test
  void whatIsTriedAgainHasBegun() {
    core.given(came(A), submit(1, retries(1)))
        .given(core.failed(1));
    assertThat(toldAfter(abort(1))).containsExactly(Begun.PERHAPS);
    assertThat(toldAfter(core.ended(1, new TaskEnd.Cancelled(false)))).isEmpty();
  }

  @Test
  void whatComesFromAnEarlierSchedulerMayHaveBegunThere() {
    core.given(returning(1));
    assertThat(toldAfter(abort(1))).containsExactly(Begun.PERHAPS);
  }

  @Test
  void whatWasOnAWorkerThatIsLostMayHaveBegun() {
    core.given(came(A), submit(1), submit(2), abort(1));
    assertThat(toldAfter(new WorkerAway(A))).containsExactly(Begun.PERHAPS);
    core.when(died(A)).isEmpty();
    assertThat(toldAfter(abort(2))).containsExactly(Begun.PERHAPS);
  }

  @Test
  void nobodyIsToldOfWhatIsNotWantedAnyMore() {
    core.given(came(A), submit(1), abort(1), drop(1));
    core.when(core.ended(1, new TaskEnd.Cancelled(false))).isEmpty();
    core.given(submit(2), abort(2), drop(2));
    core.when(died(A)).isEmpty();
  }
}
