package dev.heddle.scheduler;

import static dev.heddle.scheduler.TestCore.A;
import static dev.heddle.scheduler.TestCore.B;
import static dev.heddle.scheduler.TestCore.BOOM;
import static dev.heddle.scheduler.TestCore.ME;
import static dev.heddle.scheduler.TestCore.came;
import static dev.heddle.scheduler.TestCore.died;
import static dev.heddle.scheduler.TestCore.drop;
import static dev.heddle.scheduler.TestCore.key;
import static dev.heddle.scheduler.TestCore.map;
import static dev.heddle.scheduler.TestCore.retries;
import static dev.heddle.scheduler.TestCore.settings;
import static dev.heddle.scheduler.TestCore.submit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.scheduler.SchedulerEvent.ClientCame;
import dev.heddle.scheduler.SchedulerEvent.PlaceTold;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.GraphEdge;
import dev.heddle.wire.Message.SeriesLine;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What the scheduler tells those who look on.
class LookingTest {
  private final TestCore core = new TestCore()
      .given(new ClientCame(ME, "me", false, Set.of(), false), came(A));

  private Message.Series series() {
    return core.state().looking().series(core.now(), 1_000_000);
  }

  private SeriesLine line() {
    return series().lines().getFirst();
  }

  private Message.Response survey(Survey survey, int slice) {
    for (var from = 0; from >= 0;) {
      from = core.state().looking().survey(survey, from, slice);
    }
    return survey.result();
  }

  @Test
  void ofEachNameItIsKnownHowFarItsTasksAre() {
    core.given(submit(1), submit(2, 1), submit(3, 1));
    assertThat(line().tasks().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(3);
    assertThat(line().tasks()).containsKeys("processing", "waiting").doesNotContainKey("memory");
    core.given(core.ready(1), core.ready(2));
    assertThat(line().done()).isEqualTo(2);
    assertThat(line().failed()).isZero();
    assertThat(line().tasks()).containsEntry("memory", 2L).doesNotContainKey("waiting");
  }

  @Test
  void aNameIsTheKeyWithoutWhatMakesItTheOnlyOne() {
    var paces = new Paces();
    for (var text : List.of("load_block-3kd4npblf-14576/3", "a-b-3kd4npblf-7",
        "prices@abcdefghijklm", "x", "x-1")) {
      var _ = paces.of(Key.of(text));
    }
    assertThat(paces.all().stream().skip(1).map(pace -> pace.name)).containsExactly("load_block",
        "a-b", "prices", "x", "x-1");
  }

  @Test
  void whatIsForgottenStaysCountedAsDone() {
    core.given(submit(1)).given(core.ready(1)).given(drop(1));
    assertThat(line().tasks()).containsExactly(Map.entry("forgotten", 1L));
    assertThat(line().done()).isEqualTo(1);
  }

  @Test
  void whatFailedLastIsKnownThoughNobodyHoldsItAnyMore() {
    core.given(submit(1, retries(0))).given(core.failed(1)).given(drop(1));
    assertThat(core.state().stateOf(key(1))).isEqualTo("unknown");
    assertThat(series().failures()).singleElement().satisfies(failure -> {
      assertThat(failure.key()).isEqualTo(key(1));
      assertThat(failure.type()).isEqualTo(BOOM.type());
      assertThat(failure.where()).isEqualTo("a");
    });
    var detail = core.state().looking().task(key(1));
    assertThat(detail.state()).isEqualTo("unknown");
    assertThat(detail.failure()).hasValueSatisfying(
        failure -> assertThat(failure.message()).isEqualTo(BOOM.message()));
  }

  @Test
  void aClientSaysWhichLineSubmittedWhatFailed() {
    core.given(submit(1, retries(0)), submit(2, 1), submit(3)).given(core.failed(1))
        .given(new PlaceTold(ME, "Census.java:88 in Census.main", List.of(1L, 3L, 99L)));
    assertThat(series().failures().getFirst().submitted())
        .isEqualTo("Census.java:88 in Census.main");
    assertThat(core.state().looking().task(key(2)).submitted())
        .as("of what failed because of it").isEqualTo("Census.java:88 in Census.main");
    assertThat(core.state().looking().task(key(3)).submitted()).as("of what runs").isEmpty();
    core.given(drop(1), drop(2));
    assertThat(core.state().looking().task(key(1)).submitted())
        .isEqualTo("Census.java:88 in Census.main");
  }

  @Test
  void ofSoManyItIsKnownAndNoPlaceIsLongerThanALine() {
    for (var i = 1; i <= Mishaps.PLACES_MAX + 1; i++) {
      core.given(submit(i, retries(0))).given(core.failed(i))
          .given(new PlaceTold(ME, "x".repeat(5_000), List.of((long) i)));
    }
    assertThat(core.state().looking().task(key(1)).submitted()).isEmpty();
    assertThat(core.state().looking().task(key(2)).submitted()).hasSize(300);
  }

  @Test
  void whatWasComputedAgainIsCounted() {
    core.given(submit(1)).given(core.ready(1, 4_096)).given(died(A), came(B), submit(2, 1));
    assertThat(series().reruns()).containsEntry("needed_again", 1L);
    assertThat(series().workersDied()).isEqualTo(1);
  }

  @Test
  void onlyTheLastFailuresAreKept() {
    for (var i = 1; i <= Mishaps.COUNT_MAX + 5; i++) {
      core.given(submit(i, retries(0))).given(core.failed(i)).given(drop(i));
    }
    assertThat(series().failures()).hasSize(Mishaps.COUNT_MAX);
    assertThat(series().failures().getFirst().key()).isEqualTo(key(Mishaps.COUNT_MAX + 5));
    assertThat(line().failed()).isEqualTo(Mishaps.COUNT_MAX + 5);
  }

  @Test
  void aTaskTellsOfItsInputsAndWhoNeedsIt() {
    core.given(submit(1)).given(core.ready(1, 4_096), submit(2, 1));
    var first = core.state().looking().task(key(1));
    assertThat(first.state()).isEqualTo("memory");
    assertThat(first.sizeBytes()).isEqualTo(4_096);
    assertThat(first.workers()).containsExactly("a");
    assertThat(first.wanted()).isEqualTo(1);
    assertThat(first.dependents()).extracting(Message.TaskLink::key).containsExactly(key(2));
    var second = core.state().looking().task(key(2));
    assertThat(second.inputs()).singleElement().satisfies(input -> {
      assertThat(input.state()).isEqualTo("memory");
      assertThat(input.workers()).containsExactly("a");
    });
  }

  @Test
  void fewTasksAreDrawnEachByItself() {
    core.given(submit(1), submit(2, 1), submit(3, 1, 2));
    var graph = (Message.Graph) survey(core.state().looking().graph("", 10), 1);
    assertThat(graph.folded()).isFalse();
    assertThat(graph.nodes()).extracting(Message.GraphNode::label)
        .containsExactly(key(1).text(), key(2).text(), key(3).text());
    assertThat(graph.edges()).containsExactlyInAnyOrder(new GraphEdge(0, 1, 1),
        new GraphEdge(0, 2, 1), new GraphEdge(1, 2, 1));
  }

  @Test
  void manyTasksAreFoldedByName() {
    core.given(submit(1), submit(2, 1), submit(3, 1), submit(4, 2, 3));
    var graph = (Message.Graph) survey(core.state().looking().graph("", 3), 2);
    assertThat(graph.folded()).isTrue();
    assertThat(graph.tasks()).isEqualTo(4);
    assertThat(graph.nodes()).singleElement().satisfies(
        node -> assertThat(node.tasks().values().stream().mapToLong(Long::longValue).sum())
            .isEqualTo(4));
    assertThat(graph.edges()).containsExactly(new GraphEdge(0, 0, 4));
  }

  @Test
  void ofOneNameThoseThatFailedComeBeforeThoseThatAreDone() {
    core.given(submit(1)).given(core.ready(1), submit(2, retries(0))).given(core.failed(2));
    var name = line().name();
    var graph = (Message.Graph) survey(core.state().looking().graph(name, 1), 100);
    assertThat(graph.folded()).isFalse();
    assertThat(graph.omitted()).isEqualTo(1);
    assertThat(graph.nodes()).singleElement()
        .satisfies(node -> assertThat(node.tasks()).containsExactly(Map.entry("erred", 1L)));
  }

  @Test
  void valuesAreCountedOnceAndGroupedByWhereTheyAre() {
    core.given(came(B)).given(submit(1), submit(2))
        .given(core.ready(1, 1_000), core.ready(2, 3_000));
    var values = (Message.Values) survey(core.state().looking().values(1), 1);
    assertThat(values.count()).isEqualTo(2);
    assertThat(values.sizeBytes()).isEqualTo(4_000);
    assertThat(values.groups().stream().mapToLong(Message.ValueGroup::sizeBytes).sum())
        .isEqualTo(4_000);
    assertThat(values.largest()).singleElement().satisfies(value -> {
      assertThat(value.key()).isEqualTo(key(2));
      assertThat(value.wanted()).isEqualTo(1);
    });
  }

  @Test
  void aSurveyOutlivesWhatItLooksAt() {
    core.given(map(ME, 1, 50, settings()));
    var survey = core.state().looking().graph("", 1_000);
    var next = core.state().looking().survey(survey, 0, 20);
    assertThat(next).isEqualTo(20);
    core.given(drop(ME, 1, 50));
    assertThat(core.state().looking().survey(survey, next, 1_000)).isEqualTo(-1);
    assertThat(((Message.Graph) survey.result()).nodes()).isEmpty();
  }
}
