package dev.heddle.scheduler;

import static dev.heddle.scheduler.TestCore.A;
import static dev.heddle.scheduler.TestCore.ME;
import static dev.heddle.scheduler.TestCore.came;
import static dev.heddle.scheduler.TestCore.drop;
import static dev.heddle.scheduler.TestCore.retries;
import static dev.heddle.scheduler.TestCore.submit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.scheduler.SchedulerEvent.ClientCame;
import dev.heddle.wire.Message;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The inputs of tasks that failed stay where they are, for a replay, if their client wants that.
class RecordingTest {
  private final TestCore core = new TestCore();

  private void fails(int input, int task) {
    core.given(submit(input)).given(core.ready(input), submit(task, retries(0), input));
    core.given(core.failed(task));
  }

  private void records(boolean wanted) {
    core.given(new ClientCame(ME, "me", false, Set.of(), wanted), came(A));
  }

  private String stateOf(int task) {
    return core.state().stateOf(TestCore.key(task));
  }

  @Test
  void theValueOfAnInputStaysUntilWhatFailedIsReplayedAndItsFutureGoes() {
    records(true);
    fails(1, 2);
    core.given(drop(1));
    assertThat(stateOf(1)).isEqualTo("memory");
    assertThat(core.state().definition(TestCore.key(2))).isInstanceOf(Message.Definition.class);
    assertThat(stateOf(1)).isEqualTo("memory");
    core.given(drop(2));
    assertThat(stateOf(1)).isEqualTo("unknown");
  }

  @Test
  void itStaysThoughTheFutureGoesFirst() {
    records(true);
    fails(1, 2);
    core.given(drop(1)).given(drop(2));
    assertThat(stateOf(1)).isEqualTo("memory");
    assertThat(core.state().definition(TestCore.key(2))).isInstanceOf(Message.Definition.class);
    // The replay has yet to fetch it.
    assertThat(stateOf(1)).isEqualTo("memory");
    fails(3, 4);
    assertThat(stateOf(1)).isEqualTo("unknown");
    assertThat(stateOf(2)).isEqualTo("unknown");
  }

  @Test
  void itGoesWithTheClient() {
    records(true);
    fails(1, 2);
    core.given(drop(1)).given(drop(2)).given(new SchedulerEvent.ClientLeft(ME));
    assertThat(stateOf(1)).isEqualTo("unknown");
    assertThat(stateOf(2)).isEqualTo("unknown");
  }

  @Test
  void otherwiseItGoesAndHowToComputeItStaysKnown() {
    records(false);
    fails(1, 2);
    core.given(drop(1));
    assertThat(stateOf(1)).isEqualTo("released");
    core.given(drop(2));
    assertThat(stateOf(1)).isEqualTo("unknown");
  }

  @Test
  void thoseThatFailedFirstMakeRoom() {
    records(true);
    for (var i = 0; i <= Recording.TASKS_MAX; i++) {
      fails(2 * i + 1, 2 * i + 2);
      core.given(drop(2 * i + 1));
    }
    assertThat(stateOf(1)).isEqualTo("released");
    assertThat(stateOf(3)).isEqualTo("memory");
    assertThat(stateOf(2 * Recording.TASKS_MAX + 1)).isEqualTo("memory");
  }
}
