package dev.heddle.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.metadata.MetadataQueue.Batch;
import dev.heddle.metadata.RegistrarState.Step;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.WorkerId;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistrarStateTest {
  private static final Key X = Key.of("x");
  private static final Key Y = Key.of("y");
  private static final Key Z = Key.of("z");
  private static final Batch NOTHING = new Batch(List.of(), List.of());
  private static final Batch HAS_X = new Batch(List.of(new Entry(X, 1)), List.of());

  private final MetadataQueue queue = new MetadataQueue(2);
  private final RegistrarState state = new RegistrarState(new WorkerId("ann", 1), 900, queue, 0);

  private void joinAndTell(long now) {
    assertThat(state.next(now)).isEqualTo(new Step.Join());
    state.joined(now);
    assertThat(state.next(now)).isInstanceOf(Step.Tell.class);
    state.told();
  }

  private long waitUntil(long now) {
    assertThat(state.next(now)).isInstanceOf(Step.Wait.class);
    return state.next(now) instanceof Step.Wait(var until) ? until : -1;
  }

  @Test
  void firstItJoinsThenTellsEverythingThenSendsWhatChanged() {
    queue.register(List.of(new Entry(X, 1)));
    joinAndTell(0);
    assertThat(state.next(0)).isEqualTo(new Step.Send(HAS_X));
    state.answered();
    assertThat(state.next(0)).isEqualTo(new Step.Wait(300));
  }

  @Test
  void whatWentAndCameAgainIsSaidToHaveGoneBeforeEverythingIsTold() {
    queue.unregister(List.of(X));
    queue.register(List.of(new Entry(X, 1)));
    assertThat(state.next(0)).isEqualTo(new Step.Join());
    state.joined(0);
    assertThat(state.next(0)).isEqualTo(new Step.Send(new Batch(List.of(), List.of(X))));
    state.answered();
    assertThat(state.next(0)).isInstanceOf(Step.Tell.class);
    state.told();
    assertThat(state.next(0)).isEqualTo(new Step.Send(HAS_X));
  }

  @Test
  void aLeaseIsRenewedAfterAThirdAndBeforeAnythingElse() {
    joinAndTell(0);
    queue.register(List.of(new Entry(X, 1)));
    assertThat(state.next(300)).isEqualTo(new Step.Renew());
    state.renewed(310);
    assertThat(state.next(310)).isEqualTo(new Step.Send(HAS_X));
    assertThat(state.next(310)).isEqualTo(new Step.Wait(610));
  }

  @Test
  void aLostLeaseMeansJoiningAndTellingEverythingAgain() {
    joinAndTell(0);
    assertThat(state.next(300)).isEqualTo(new Step.Renew());
    state.leaseLost();
    joinAndTell(300);
  }

  @Test
  void aStoreThatIsAwayIsTriedAgainLaterAndLaterUpToABound() {
    joinAndTell(0);
    queue.register(List.of(new Entry(X, 1)));
    var now = 0L;
    var last = 0L;
    for (var attempt = 0; attempt < 12; attempt++) {
      assertThat(state.next(now)).isInstanceOfAny(Step.Send.class, Step.Renew.class);
      state.unavailable(attempt == 0 ? HAS_X : NOTHING, now);
      assertThat(state.isAway()).isTrue();
      var until = waitUntil(now);
      last = until - now;
      assertThat(last).isBetween(75L, 2_500L);
      now = until;
    }
    assertThat(last).isGreaterThanOrEqualTo(1_500);

    assertThat(state.next(now)).isEqualTo(new Step.Renew());
    state.renewed(now);
    assertThat(state.isAway()).isFalse();
    assertThat(state.next(now)).isEqualTo(new Step.Send(HAS_X));
  }

  @Test
  void whenTooMuchWaitsTheStoreIsComparedWithTheInventory() {
    joinAndTell(0);
    queue.register(List.of(new Entry(X, 1), new Entry(Y, 1), new Entry(Z, 1)));

    assertThat(state.next(0)).isEqualTo(new Step.Reconcile(2));
    state.answered();
    assertThat(state.next(0)).isEqualTo(new Step.Reconcile(2));
    state.reconciled();
    assertThat(state.next(0)).isEqualTo(new Step.Tell(2));
    state.told();
    assertThat(state.next(0)).isInstanceOf(Step.Wait.class);
  }

  @Test
  void tooMuchWhileTellingBeginsAnew() {
    assertThat(state.next(0)).isEqualTo(new Step.Join());
    state.joined(0);
    assertThat(state.next(0)).isEqualTo(new Step.Tell(1));
    queue.unregister(List.of(X, Y, Z));
    assertThat(state.next(0)).isEqualTo(new Step.Reconcile(2));
  }

  @Test
  void tooMuchBeforeJoiningNeedsNoComparison() {
    queue.register(List.of(new Entry(X, 1), new Entry(Y, 1), new Entry(Z, 1)));
    joinAndTell(0);
    assertThat(state.next(0)).isInstanceOf(Step.Wait.class);
  }

  @Test
  void aTakenNameIsTriedAgain() {
    assertThat(state.next(0)).isEqualTo(new Step.Join());
    state.nameTaken(0);
    assertThat(state.isAway()).isFalse();
    var again = waitUntil(0);
    assertThat(again).isBetween(600L, 1_200L);
    assertThat(state.next(again)).isEqualTo(new Step.Join());
  }

  @Test
  void closingSendsWhatWaitsAndLeaves() {
    joinAndTell(0);
    queue.unregister(List.of(X));
    state.close(1_000);
    assertThat(state.next(0)).isEqualTo(new Step.Send(new Batch(List.of(), List.of(X))));
    state.answered();
    assertThat(state.next(0)).isEqualTo(new Step.Leave());
    state.left();
    assertThat(state.next(0)).isEqualTo(new Step.End());
  }

  @Test
  void closingEndsInTimeWhenTheStoreIsAway() {
    joinAndTell(0);
    state.unavailable(HAS_X, 0);
    state.close(50);
    assertThat(state.next(0)).isEqualTo(new Step.Wait(50));
    assertThat(state.next(50)).isEqualTo(new Step.End());
  }

  @Test
  void closingBeforeJoiningEndsAtOnce() {
    state.close(1_000);
    assertThat(state.next(0)).isEqualTo(new Step.End());
  }

  @Test
  void aSuspicionOfOthersIsLookedIntoAtOnce() {
    joinAndTell(0);
    state.suspect(10);
    assertThat(state.next(10)).isEqualTo(new Step.Renew());
  }
}
