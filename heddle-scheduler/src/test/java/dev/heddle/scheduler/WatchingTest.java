package dev.heddle.scheduler;

import static dev.heddle.scheduler.TestCore.A;
import static dev.heddle.scheduler.TestCore.B;
import static dev.heddle.scheduler.TestCore.beat;
import static dev.heddle.scheduler.TestCore.came;
import static dev.heddle.scheduler.TestCore.submit;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What moves nothing though something could is told, once.
class WatchingTest {
  private final TestCore core = new TestCore();

  @Test
  void aWorkerThatHasAllThatATaskNeedsAndRunsNothingIsToldOfOnceAfterHalfAMinute() {
    core.given(came(A, 1, Map.of()), submit(1));
    beats(29, false);
    assertThat(core.state().takeStall()).isEmpty();
    beats(5, false);
    assertThat(core.state().takeStall())
        .startsWith("the worker a was given '" + TestCore.key(1) + "', has all its inputs");
    beats(60, false);
    assertThat(core.state().takeStall()).isEmpty();
  }

  @Test
  void afterSomethingMovedTheNextStandstillIsToldOfAgain() {
    core.given(came(A, 1, Map.of()), submit(1));
    beats(35, false);
    assertThat(core.state().takeStall()).isNotEmpty();
    core.given(core.ready(1), submit(2));
    beats(25, false);
    assertThat(core.state().takeStall()).isEmpty();
    beats(10, false);
    assertThat(core.state().takeStall()).isNotEmpty();
  }

  @Test
  void aLongTaskAndAClusterWithNothingToDoAreNoStandstill() {
    core.given(came(A, 1, Map.of()));
    core.later(Duration.ofSeconds(5)).given(beat(A, 0, List.of(), List.of(), ""));
    core.later(Duration.ofSeconds(40));
    assertThat(core.state().takeStall()).isEmpty();
    core.given(submit(1));
    beats(60, true);
    assertThat(core.state().takeStall()).isEmpty();
  }

  @Test
  void aWorkerThatFetchesALargeInputForLongIsNoStandstill() {
    core.given(came(A, 1, Map.of()), came(B, 1, Map.of()), submit(1, TestCore.on("a")));
    core.given(core.ready(1), submit(2, TestCore.on("b"), 1));
    for (var i = 0; i < 60; i++) {
      core.later(Duration.ofSeconds(1));
      core.given(beat(B, 1, List.of(core.lastAssignment(2)), List.of(), ""));
    }
    assertThat(core.state().takeStall()).isEmpty();
  }

  @Test
  void aWorkerWhoseSlotIsKeptByWhatWasCancelledIsNoStandstill() {
    core.given(came(A, 1, Map.of()), submit(1), submit(2));
    for (var i = 0; i < 60; i++) {
      core.later(Duration.ofSeconds(1)).given(TestCore.keeps(A, 3));
    }
    assertThat(core.state().takeStall()).isEmpty();
  }

  /// One a second.
  private void beats(int count, boolean runs) {
    for (var i = 0; i < count; i++) {
      core.later(Duration.ofSeconds(1));
      var unfinished = List.of(number());
      core.given(beat(A, 1, unfinished, runs ? unfinished : List.of(), ""));
    }
  }

  private long number() {
    var second = core.lastAssignment(2);
    return second == 12_345 ? core.lastAssignment(1) : second;
  }
}
