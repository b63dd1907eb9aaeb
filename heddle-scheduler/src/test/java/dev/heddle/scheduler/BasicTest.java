package dev.heddle.scheduler;

import static dev.heddle.scheduler.TestCore.A;
import static dev.heddle.scheduler.TestCore.B;
import static dev.heddle.scheduler.TestCore.ME;
import static dev.heddle.scheduler.TestCore.came;
import static dev.heddle.scheduler.TestCore.died;
import static dev.heddle.scheduler.TestCore.drop;
import static dev.heddle.scheduler.TestCore.map;
import static dev.heddle.scheduler.TestCore.settings;
import static dev.heddle.scheduler.TestCore.submit;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The life of a task where nothing unusual happens.
class BasicTest {
  private final TestCore core = new TestCore();

  @Test
  void aTaskGoesToAWorkerAndItsEndToTheClient() {
    core.given(came(A));
    core.when(submit(1)).containsExactly("a<-x1");
    core.when(core.ready(1)).containsExactly("1=a");
    core.when(drop(1)).containsExactly("a-x1");
    assertThat(core.state().tasks().values()).containsOnly(0L);
  }

  @Test
  void aSmallValueTravelsToTheClient() {
    core.given(came(A), submit(1));
    core.when(core.readyInline(1)).containsExactly("1=value");
  }

  @Test
  void withoutWorkersTasksWait() {
    core.when(submit(1)).isEmpty();
    assertThat(core.explain(1)).contains("there are no workers");
    core.when(came(A)).containsExactly("a<-x1");
  }

  @Test
  void aMapIsSpreadOverTheWorkers() {
    core.given(came(A), came(B));
    core.when(map(ME, 1, 4, settings()))
        .containsExactly("a<-x1/0", "b<-x1/1", "a<-x1/2", "b<-x1/3");
  }

  @Test
  void aTaskWhoseInputsAreElsewhereWaitsForThem() {
    core.given(came(A), came(B), submit(1), submit(2));
    core.when(submit(3, 1, 2)).isEmpty();
    core.when(core.ready(1)).containsExactly("1=a", "b<-x3");
    core.when(core.ready(2)).containsExactly("2=b");
  }

  @Test
  void aFailureReachesAllThatDependOnIt() {
    core.given(came(A), came(B), submit(1), submit(2), submit(3, 1, 2), submit(4, 3));
    core.when(core.failed(1)).containsExactly("1 failed", "3 failed", "4 failed");
  }

  @Test
  void whatRanOnADeadWorkerRunsElsewhere() {
    core.given(came(A), came(B), submit(1));
    core.when(died(A)).containsExactly("b<-x1");
  }
}
