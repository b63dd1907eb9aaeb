package dev.heddle.worker;

import static dev.heddle.worker.TestCore.ANN;
import static dev.heddle.worker.TestCore.BOB;
import static dev.heddle.worker.TestCore.MILLI;
import static dev.heddle.worker.TestCore.SELF;
import static dev.heddle.worker.TestCore.SUM;
import static dev.heddle.worker.TestCore.X;
import static dev.heddle.worker.TestCore.Y;
import static dev.heddle.worker.TestCore.Z;
import static dev.heddle.worker.TestCore.arrived;
import static dev.heddle.worker.TestCore.asker;
import static dev.heddle.worker.TestCore.assign;
import static dev.heddle.worker.TestCore.attachStore;
import static dev.heddle.worker.TestCore.compute;
import static dev.heddle.worker.TestCore.put;
import static dev.heddle.worker.TestCore.succeeded;
import static dev.heddle.worker.TestCore.work;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.worker.TestCore.TestValue;
import dev.heddle.worker.WorkerCommand.Execute;
import dev.heddle.worker.WorkerCommand.Fetch;
import dev.heddle.worker.WorkerCommand.Forget;
import dev.heddle.worker.WorkerCommand.LetGo;
import dev.heddle.worker.WorkerCommand.Spill;
import dev.heddle.worker.WorkerCommand.Tell;
import dev.heddle.worker.WorkerCommand.Unregister;
import dev.heddle.worker.WorkerCommand.Warn;
import dev.heddle.worker.WorkerEvent.ComputeAsked;
import dev.heddle.worker.WorkerEvent.DeleteAsked;
import dev.heddle.worker.WorkerEvent.ExecutionEnded.InputsLost;
import dev.heddle.worker.WorkerEvent.GetAsked;
import dev.heddle.worker.WorkerEvent.SlotYielded;
import dev.heddle.worker.WorkerEvent.SpillEnded;
import dev.heddle.worker.WorkerEvent.SpillEnded.Outcome;
import dev.heddle.worker.WorkerEvent.Tick;
import dev.heddle.worker.WorkerEvent.ValueLost;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is written to disk, let go and waited for. There is room for 100 bytes: above 60 the oldest are
/// written, above 80 no work is taken; values here have 25.
class MemoryTest {
  private static final Value A = new TestValue(1, 25);
  private static final Value B = new TestValue(2, 25);
  private static final Value C = new TestValue(3, 25);
  private static final Value D = new TestValue(4, 25);

  private final TestCore core = new TestCore(config(5, 30, true));

  private static WorkerConfig config(long smallest, long batch, boolean spills) {
    return new WorkerConfig(SELF, "here", 2, 1, 100, 2, 10, 100, 3, 50 * MILLI, 2,
        new MemoryBounds(100, 60, 80, smallest, batch, 5_000 * MILLI, spills));
  }

  private static SpillEnded ended(int count, Outcome outcome) {
    return new SpillEnded(Collections.nCopies(count, outcome),
        outcome == Outcome.FAILED ? Optional.of("the disk is full") : Optional.empty());
  }

  private static SpillEnded written(int count) {
    return ended(count, Outcome.WRITTEN);
  }

  /// What is commanded that concerns memory.
  private static List<WorkerCommand> moves(List<WorkerCommand> commands) {
    return commands.stream().filter(each -> switch (each) {
      case Spill _,LetGo _,Forget _,Warn _ -> true;
      case WorkerCommand _ -> false;
    }).toList();
  }

  private static List<Key> begun(List<WorkerCommand> commands) {
    return commands.stream().filter(Execute.class::isInstance)
        .map(each -> ((Execute) each).key()).toList();
  }

  private static Spill spill(Key key, Value value) {
    return new Spill(List.of(new Spill.Part(key, value)));
  }

  private static LetGo letGo(Value... values) {
    return new LetGo(List.of(values));
  }

  private static DeleteAsked delete(Key key) {
    return new DeleteAsked(asker(1), List.of(key));
  }

  private List<String> paused(List<WorkerCommand> commands) {
    return commands.stream().filter(Tell.class::isInstance).map(each -> ((Tell) each).notice())
        .filter(Message.Beat.class::isInstance).map(each -> ((Message.Beat) each).paused())
        .toList();
  }

  private MemoryUse use() {
    return core.state().figures().memory();
  }

  @Test
  void whatWasNotUsedForLongestIsWrittenAndThenLetGo() {
    assertThat(moves(core.given(put(1, X, A), put(1, Y, B)).hears(put(1, Z, C))))
        .containsExactly(spill(X, A));
    assertThat(use().bytes()).isEqualTo(75);
    assertThat(moves(core.hears(written(1)))).containsExactly(letGo(A));
    assertThat(use().bytes()).isEqualTo(50);
    assertThat(use().fileBytes()).isEqualTo(25);
  }

  @Test
  void toAskForAValueIsToUseIt() {
    core.given(put(1, X, A), put(1, Y, B), new GetAsked(asker(2), List.of(X), 100));
    assertThat(moves(core.hears(put(1, Z, C)))).containsExactly(spill(Y, B));
  }

  @Test
  void smallValuesAreWrittenTogetherAndTheSmallestNotAtAll() {
    var small = new TestCore(config(5, 30, true));
    for (var i = 0; i < 6; i++) {
      small.given(put(1, Key.of("tiny" + i), new TestValue(i, 4)));
    }
    for (var i = 0; i < 4; i++) {
      small.given(put(1, Key.of("small" + i), new TestValue(i, 9)));
    }
    assertThat(moves(small.hears(put(1, Z, C)))).containsExactly(new Spill(List.of(
        new Spill.Part(Key.of("small0"), new TestValue(0, 9)),
        new Spill.Part(Key.of("small1"), new TestValue(1, 9)),
        new Spill.Part(Key.of("small2"), new TestValue(2, 9)))));
  }

  @Test
  void whatAFunctionRunsWithComesBackAndStaysUntilItEnds() {
    core.given(put(1, X, A), put(1, Y, B), put(1, Z, C), written(1));
    var said = core.hears(compute(1, SUM, X));
    assertThat(begun(said)).containsExactly(SUM);
    assertThat(use().bytes()).isEqualTo(75);
    assertThat(moves(said)).containsExactly(spill(Y, B));
    assertThat(moves(core.hears(written(1)))).containsExactly(letGo(B));
    assertThat(moves(core.hears(succeeded(SUM, 1, D)))).containsExactly(spill(Z, C));
    assertThat(use().bytes()).isEqualTo(75);
    assertThat(moves(core.hears(written(1)))).containsExactly(letGo(C));
  }

  @Test
  void whatIsOnDiskAlreadyIsNotWrittenAgain() {
    core.given(put(1, X, A), put(1, Y, B), put(1, Z, C), written(1), compute(1, SUM, X));
    core.given(written(1), succeeded(SUM, 1, new TestValue(9, 5)));
    assertThat(use().bytes()).isEqualTo(55); // X, Z and SUM.
    assertThat(moves(core.hears(put(1, Key.of("d"), D)))).containsExactly(spill(Z, C));
    core.given(written(1));
    assertThat(moves(core.hears(put(1, Key.of("e"), new TestValue(5, 25)))))
        .containsExactly(letGo(A), spill(SUM, new TestValue(9, 5)));
  }

  @Test
  void whatIsDeletedGoesFromTheDiskToo() {
    core.given(put(1, X, A), put(1, Y, B), put(1, Z, C), written(1));
    assertThat(moves(core.hears(delete(X)))).containsExactly(new Forget(A));
    assertThat(use().fileBytes()).isZero();
  }

  @Test
  void whatIsDeletedWhileItIsWrittenGoesOnceItIsWritten() {
    core.given(put(1, X, A), put(1, Y, B), put(1, Z, C));
    assertThat(moves(core.hears(delete(X)))).isEmpty();
    assertThat(use().bytes()).isEqualTo(50);
    assertThat(moves(core.hears(written(1)))).containsExactly(new Forget(A));
  }

  @Test
  void whatATaskStillNeedsStaysThoughItWasDeleted() {
    core.given(put(1, X, A), put(1, Y, B), put(1, Z, C), written(1),
        compute(1, SUM, X, Key.of("elsewhere")), delete(X));
    assertThat(use().fileBytes()).isEqualTo(25);
    assertThat(moves(core.hears(new WorkerEvent.CancelAsked(asker(1), List.of(SUM)))))
        .containsExactly(new Forget(A));
  }

  @Test
  void whatRunsIsAccountedForAlsoAfterItWasCancelledAndDeleted() {
    core.given(put(1, X, A), compute(1, SUM, X),
        new WorkerEvent.CancelAsked(asker(1), List.of(SUM)), delete(X));
    assertThat(use().bytes()).isEqualTo(25);
    core.given(succeeded(SUM, 1, B));
    assertThat(use().bytes()).isZero();
  }

  @Test
  void whatCannotBeEncodedStaysAndIsNotTriedAgain() {
    core.given(put(1, X, A), put(1, Y, B), put(1, Z, C));
    assertThat(moves(core.hears(ended(1, Outcome.UNWRITABLE)))).containsExactly(spill(Y, B));
    assertThat(moves(core.hears(written(1)))).containsExactly(letGo(B));
    assertThat(use().bytes()).isEqualTo(50);
  }

  @Test
  void aDiskThatFailsIsReportedOnceAndTriedAgain() {
    core.given(put(1, X, A), put(1, Y, B), put(1, Z, C));
    var said = moves(core.hears(ended(1, Outcome.FAILED)));
    assertThat(said).singleElement().isInstanceOfSatisfying(Warn.class,
        warn -> assertThat(warn.message()).contains("the disk is full", "75 bytes of 100 bytes",
            "'x…': 1 values, 25 bytes", "--memory-limit"));
    assertThat(moves(core.later(4_900 * MILLI).hears(new Tick()))).isEmpty();
    assertThat(moves(core.later(200 * MILLI).hears(new Tick()))).containsExactly(spill(X, A));
    assertThat(moves(core.hears(ended(1, Outcome.FAILED)))).isEmpty();
    core.later(5_100 * MILLI).given(new Tick(), written(1));
    assertThat(use().bytes()).isEqualTo(50);
  }

  @Test
  void aboveFourFifthsSchedulersAreToldAndOneFunctionRunsAtATime() {
    core.given(attachStore(9), put(1, X, A), put(1, Y, B), put(1, Z, C));
    assertThat(paused(core.hears(put(1, Key.of("d"), D)))).singleElement().asString()
        .contains("100 bytes of its 100 bytes of memory");
    assertThat(begun(core.hears(assign(9, 1, SUM)))).isEmpty(); // Something is being written.
    assertThat(begun(core.hears(ended(1, Outcome.FAILED)))).containsExactly(SUM);
    assertThat(begun(core.hears(assign(9, 2, Key.of("other"))))).isEmpty();
    assertThat(begun(core.hears(succeeded(SUM, 1, new TestValue(5, 1))))).isEmpty(); // 101 of 100.
    var said = core.hears(delete(X));
    assertThat(paused(said)).containsExactly("");
    assertThat(begun(said)).containsExactly(Key.of("other"));
  }

  @Test
  void withoutADiskItTakesOneTaskAtATimeAsLongAsThereIsMemory() {
    var full = new TestCore(config(5, 30, false));
    full.given(attachStore(9), put(1, X, A), put(1, Y, B), put(1, Z, C));
    assertThat(paused(full.hears(put(1, Key.of("d"), D)))).isEmpty();
    var said = full.hears(assign(9, 1, SUM));
    assertThat(moves(said)).isEmpty();
    assertThat(begun(said)).containsExactly(SUM);
    assertThat(paused(said)).singleElement().asString().contains("no spill directory");
    assertThat(paused(full.hears(TestCore.raised(SUM, 1)))).containsExactly("");
    full.given(put(1, Key.of("e"), new TestValue(5, 25)));
    assertThat(full.state().figures().memory().paused()).contains("125 bytes of its 100 bytes");
    assertThat(begun(full.hears(assign(9, 2, Key.of("other"))))).isEmpty();
  }

  @Test
  void whoWaitsForOthersDoesNotKeepThemFromRunning() {
    core.given(put(1, X, A), put(1, Y, B), put(1, Z, C), written(1),
        put(1, Key.of("d"), D), written(1));
    core.given(compute(1, SUM, X, Y, Z, Key.of("d")), new Tick());
    assertThat(use().bytes()).isEqualTo(100);
    assertThat(begun(core.hears(compute(2, Key.of("child"))))).isEmpty();
    assertThat(begun(core.hears(new SlotYielded(SUM, 1)))).containsExactly(Key.of("child"));
    assertThat(use().paused()).isNotEmpty();
    core.given(succeeded(Key.of("child"), 2, new TestValue(6, 1)));
    assertThat(use().paused()).isEmpty(); // Nothing would become less by waiting.
  }

  @Test
  void inputsThatCanNeverBeInMemoryTogetherFailTheTask() {
    core.given(put(1, X, A), put(1, Y, B), put(1, Z, C), put(1, Key.of("d"), D),
        put(1, Key.of("e"), new TestValue(5, 25)), written(1), written(1), written(1));
    assertThat(TestCore.complaints(
        core.hears(compute(1, SUM, X, Y, Z, Key.of("d"), Key.of("e"))))).singleElement()
        .asString().contains("'sum'", "125 bytes", "100 bytes", "--memory-limit");
  }

  @Test
  void aFileThatCannotBeReadCostsTheValueAndTheTaskIsGivenBack() {
    core.given(attachStore(9), put(1, X, A), put(1, Y, B), put(1, Z, C), written(1),
        assign(9, 1, SUM, X));
    var said = core.hears(new InputsLost(SUM, 1, List.of(X), "its checksum is another"));
    assertThat(said).contains(new Unregister(List.of(X)), new Forget(A));
    assertThat(said).anySatisfy(each -> assertThat(each).isInstanceOfSatisfying(Tell.class,
        tell -> assertThat(tell.notice()).isInstanceOfSatisfying(Message.Ended.class,
            end -> assertThat(end.end()).isInstanceOf(Message.TaskEnd.Lacking.class))));
    assertThat(core.state().state(X)).isNull();
    assertThat(core.state().state(SUM)).isNull();
    assertThat(use().fileBytes()).isZero();
  }

  @Test
  void aFileThatCannotBeServedCostsTheValue() {
    core.given(put(1, X, A), put(1, Y, B), put(1, Z, C), written(1));
    assertThat(core.hears(new ValueLost(X, A, "it is too short")))
        .contains(new Unregister(List.of(X)), new Forget(A));
    assertThat(core.state().state(X)).isNull();
  }

  @Test
  void noMoreIsFetchedThanThereIsRoomFor() {
    core.given(put(1, X, A), put(1, Y, B));
    var far = new Holder(ANN.worker(), ANN.address(), "far", 25);
    var farther = new Holder(BOB.worker(), BOB.address(), "far", 25);
    core.given(new ComputeAsked(asker(1), SUM, work("add", Z), Map.of(Z, List.of(far))));
    var other = Key.of("other");
    assertThat(core.hears(new ComputeAsked(asker(1), Key.of("s"), work("add", other),
        Map.of(other, List.of(farther))))).noneMatch(Fetch.class::isInstance);
    var said = core.hears(arrived(ANN, Z, C));
    assertThat(moves(said)).containsExactly(spill(X, A));
    assertThat(core.hears(written(1))).contains(TestCore.fetch(farther, other));
  }
}
