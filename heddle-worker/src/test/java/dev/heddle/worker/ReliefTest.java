package dev.heddle.worker;

import static dev.heddle.worker.TestCore.ANN;
import static dev.heddle.worker.TestCore.BOB;
import static dev.heddle.worker.TestCore.MILLI;
import static dev.heddle.worker.TestCore.SELF;
import static dev.heddle.worker.TestCore.asker;
import static dev.heddle.worker.TestCore.assign;
import static dev.heddle.worker.TestCore.attach;
import static dev.heddle.worker.TestCore.put;
import static dev.heddle.worker.TestCore.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.ClientId;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.WorkerInfo;
import dev.heddle.worker.TestCore.TestValue;
import dev.heddle.worker.WorkerCommand.AskPeers;
import dev.heddle.worker.WorkerCommand.Relieve;
import dev.heddle.worker.WorkerCommand.Reply;
import dev.heddle.worker.WorkerCommand.Tell;
import dev.heddle.worker.WorkerEvent.DrainAsked;
import dev.heddle.worker.WorkerEvent.PeersTold;
import dev.heddle.worker.WorkerEvent.PutAsked;
import dev.heddle.worker.WorkerEvent.ReleaseAsked;
import dev.heddle.worker.WorkerEvent.Relieved;
import dev.heddle.worker.WorkerEvent.SpillEnded;
import dev.heddle.worker.WorkerEvent.Tick;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A worker that is full and has no disk. There is room for 100 bytes: above 80 it asks others, until 60 or
/// less are here; values here have 25.
class ReliefTest {
  private static final Key A = key(1);
  private static final Key B = key(2);
  private static final Key C = key(3);
  private static final Key D = key(4);
  private static final WorkerInfo TO_ANN = worker(ANN);
  private static final WorkerInfo TO_BOB = worker(BOB);

  private final TestCore core = new TestCore(config(false));

  private static WorkerConfig config(boolean spills) {
    return new WorkerConfig(SELF, "here", 2, 1, 100, 2, 10, 1_000, 3, 50 * MILLI, 2,
        new MemoryBounds(100, 60, 80, 5, 30, 5_000 * MILLI, spills));
  }

  private static Key key(int number) {
    return TaskKeys.numbered("t", "abc", new ClientId("abcdef"), number);
  }

  private static Value value(int number) {
    return new TestValue(number, 25);
  }

  private static List<WorkerCommand> relief(List<WorkerCommand> commands) {
    return commands.stream().filter(each -> switch (each) {
      case AskPeers _,Relieve _ -> true;
      case Tell(_, Message.ValuesMoved _) -> true;
      case WorkerCommand _ -> false;
    }).toList();
  }

  private static Relieve relieve(WorkerInfo to, Key... keys) {
    var values = new LinkedHashMap<Key, Value>();
    for (var key : keys) {
      values.put(key, value(List.of(A, B, C, D, key(5)).indexOf(key) + 1));
    }
    return new Relieve(to, values);
  }

  private static Tell moved(boolean last, Key... keys) {
    return new Tell(9, new Message.ValuesMoved(List.of(keys), TO_ANN.id(), last));
  }

  /// Four values, 100 bytes.
  private List<WorkerCommand> full() {
    return core.given(attach(9), put(1, A, value(1)), put(1, B, value(2)), put(1, C, value(3)))
        .hears(put(1, D, value(4)));
  }

  @Test
  void aFullWorkerGivesWhatWasNotUsedForLongestToOneWithRoom() {
    assertThat(relief(full())).containsExactly(new AskPeers());
    assertThat(relief(core.hears(new PeersTold(List.of(TO_ANN, TO_BOB)))))
        .containsExactly(relieve(TO_ANN, A, B));
    // Ann may have more room, but not for what she did not take.
    assertThat(relief(core.hears(new Relieved(TO_ANN, List.of(A))))).containsExactly(
        moved(false, A), relieve(TO_ANN, C));
    assertThat(relief(core.hears(new Relieved(TO_ANN, List.of(C))))).containsExactly(
        moved(false, C));
    assertThat(core.state().figures().memory().bytes()).as("until the scheduler lets it go")
        .isEqualTo(100);
    assertThat(relief(core.hears(new ReleaseAsked(9, List.of(A, C))))).isEmpty();
    assertThat(core.state().figures().memory().bytes()).isEqualTo(50);
  }

  @Test
  void theSchedulerIsToldUntilItLetsGoAndThenForTheLastTime() {
    var _ = full();
    core.given(new PeersTold(List.of(TO_ANN)), new Relieved(TO_ANN, List.of(A, B)));
    for (var i = 0; i < 8; i++) {
      assertThat(relief(core.later(1_000 * MILLI).hears(new Tick())))
          .startsWith(moved(false, A, B));
      core.given(new PeersTold(List.of()));
    }
    assertThat(relief(core.later(1_000 * MILLI).hears(new Tick()))).startsWith(moved(true, A, B));
    core.given(new PeersTold(List.of()));
    assertThat(relief(core.later(1_000 * MILLI).hears(new Tick()))).containsExactly(new AskPeers());
  }

  @Test
  void thoseThatDoNotTakeItAreNotAskedAgainForAWhile() {
    var _ = full();
    core.given(new PeersTold(List.of(TO_ANN)));
    assertThat(relief(core.hears(new Relieved(TO_ANN, List.of())))).isEmpty();
    assertThat(relief(core.hears(new Tick()))).isEmpty();
    core.later(1_000 * MILLI);
    assertThat(relief(core.hears(new Tick()))).containsExactly(new AskPeers());
    assertThat(relief(core.hears(new PeersTold(List.of(TO_ANN))))).containsExactly(
        relieve(TO_ANN, C, D));
    core.given(new Relieved(TO_ANN, List.of())).later(1_000 * MILLI).given(new Tick());
    assertThat(relief(core.hears(new PeersTold(List.of(TO_ANN))))).isEmpty();
    core.later(31_000 * MILLI);
    assertThat(relief(core.hears(new Tick()))).containsExactly(new AskPeers());
    assertThat(relief(core.hears(new PeersTold(List.of(TO_ANN))))).containsExactly(
        relieve(TO_ANN, A, B));
  }

  @Test
  void whatATaskHereUsesStays() {
    core.given(attach(9), put(1, A, value(1)), put(1, B, value(2)), put(1, C, value(3)),
        assign(9, 1, key(8), A, key(7)));
    assertThat(relief(core.hears(put(1, D, value(4))))).containsExactly(new AskPeers());
    assertThat(relief(core.hears(new PeersTold(List.of(TO_ANN)))))
        .containsExactly(relieve(TO_ANN, B, C));
  }

  @Test
  void ifTasksThatCannotBeginHoldAllOfItTheyAreGivenBack() {
    var e = key(5);
    core.given(attach(9), put(1, A, value(1)), put(1, B, value(2)), put(1, C, value(3)),
        put(1, D, value(4)), put(1, e, value(5)), assign(9, 1, key(8), A, B, C, D, e));
    assertThat(core.state().figures().runs()).as("there is no memory for it").isZero();
    var givenBack = new Tell(9, new Message.Ended(1,
        new Message.TaskEnd.GivenBack("the worker self has no memory for it", false)));
    assertThat(core.hears(new PeersTold(List.of(TO_ANN)))).contains(givenBack);
    core.later(1_000 * MILLI);
    assertThat(relief(core.hears(new Tick()))).containsExactly(new AskPeers());
    assertThat(relief(core.hears(new PeersTold(List.of(TO_ANN)))))
        .containsExactly(relieve(TO_ANN, A, B, C));
  }

  @Test
  void whatNoSchedulerCanLetGoStays() {
    core.given(put(1, A, value(1)), put(1, B, value(2)), put(1, C, value(3)),
        put(1, D, value(4)));
    assertThat(relief(core.hears(new PeersTold(List.of(TO_ANN))))).isEmpty();
  }

  @Test
  void aWorkerThatCanWriteToDiskAsksNobodyUntilTheDiskFails() {
    var spilling = new TestCore(config(true));
    spilling.given(attach(9), put(1, A, value(1)), put(1, B, value(2)), put(1, C, value(3)));
    assertThat(relief(spilling.hears(put(1, D, value(4))))).isEmpty();
    assertThat(relief(spilling.hears(new SpillEnded(List.of(SpillEnded.Outcome.FAILED),
        Optional.of("the disk is full"))))).containsExactly(new AskPeers());
  }

  @Test
  void oneThatLeavesGivesAllAwayAnyhow() {
    var _ = full();
    core.given(new DrainAsked(core.now() + 1_000 * MILLI));
    assertThat(relief(core.hears(new PeersTold(List.of(TO_ANN))))).isEmpty();
  }

  @Test
  void whoHasNoRoomTakesNothingThatHasAPlaceAlready() {
    core.given(put(1, A, value(1)));
    var reply = core.hears(new PutAsked(asker(2), Map.of(B, value(2)), true),
        new PutAsked(asker(3), Map.of(C, value(3)), true),
        new PutAsked(asker(4), Map.of(D, value(4)), false)).stream()
        .filter(Reply.class::isInstance).map(each -> ((Reply) each).response()).toList();
    assertThat(reply)
        .containsExactly(new Message.Stored(Map.of(), Map.of(C, "there is no room for '"
            + C + "' (25 bytes) on the worker self")));
    assertThat(core.state().figures().memory().bytes()).isEqualTo(75);
  }

  @Test
  void whoHasItAlreadySaysSoAlsoWithoutRoomOnceTheStoreKnows() {
    core.given(put(1, A, value(1)), put(1, B, value(2)), TestCore.registered(A),
        put(1, C, value(3)));
    assertThat(stored(core.hears(new PutAsked(asker(2), Map.of(A, value(1)), true))))
        .containsExactly(new Message.Stored(Map.of(A, 25L), Map.of()));
    assertThat(stored(core.hears(new PutAsked(asker(3), Map.of(B, value(2)), true)))).isEmpty();
    assertThat(stored(core.hears(TestCore.registered(B))))
        .contains(new Message.Stored(Map.of(B, 25L), Map.of()));
    assertThat(core.state().figures().memory().bytes()).isEqualTo(75);
  }

  @Test
  void whoLeavesTakesNothingNotEvenNothing() {
    var nothing = new PutAsked(asker(2), Map.of(), true);
    core.given(put(1, A, value(1)));
    assertThat(stored(core.hears(nothing)))
        .containsExactly(new Message.Stored(Map.of(), Map.of()));
    core.given(new DrainAsked(core.now() + 1_000 * MILLI));
    assertThat(stored(core.hears(nothing))).singleElement().isInstanceOf(Message.Refused.class);
  }

  private static List<Message> stored(List<WorkerCommand> commands) {
    return commands.stream().filter(Reply.class::isInstance)
        .<Message>map(each -> ((Reply) each).response()).toList();
  }
}
