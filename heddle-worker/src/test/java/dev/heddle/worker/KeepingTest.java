package dev.heddle.worker;

import static dev.heddle.worker.TestCore.ONE;
import static dev.heddle.worker.TestCore.SUM;
import static dev.heddle.worker.TestCore.TWO;
import static dev.heddle.worker.TestCore.X;
import static dev.heddle.worker.TestCore.Y;
import static dev.heddle.worker.TestCore.Z;
import static dev.heddle.worker.TestCore.asker;
import static dev.heddle.worker.TestCore.compute;
import static dev.heddle.worker.TestCore.done;
import static dev.heddle.worker.TestCore.finished;
import static dev.heddle.worker.TestCore.put;
import static dev.heddle.worker.TestCore.register;
import static dev.heddle.worker.TestCore.registered;
import static dev.heddle.worker.TestCore.reply;
import static dev.heddle.worker.TestCore.succeeded;
import static dev.heddle.worker.TestCore.unregister;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.worker.TestCore.TestValue;
import dev.heddle.worker.WorkerCommand.Reply;
import dev.heddle.worker.WorkerCommand.Serve;
import dev.heddle.worker.WorkerEvent.DeleteAsked;
import dev.heddle.worker.WorkerEvent.GetAsked;
import dev.heddle.worker.WorkerEvent.PutAsked;
import dev.heddle.worker.WorkerEvent.StoreAway;
import dev.heddle.worker.WorkerEvent.StoreBack;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The values that are here, and what the store knows of them.
class KeepingTest {
  private final TestCore core = new TestCore();

  private static DeleteAsked delete(int number, Key... keys) {
    return new DeleteAsked(asker(number), List.of(keys));
  }

  private static GetAsked get(int number, long bytesMax, Key... keys) {
    return new GetAsked(asker(number), List.of(keys), bytesMax);
  }

  private static Serve serve(int number, Map<Key, Value> found, Map<Key, Datum> others) {
    return new Serve(asker(number), found, others);
  }

  private static Reply stored(int number, Map<Key, Long> sizes, Map<Key, String> refused) {
    return reply(number, new Message.Stored(sizes, refused));
  }

  @Test
  void aPutIsAnsweredOnceTheStoreKnowsOfEachValue() {
    var values = new LinkedHashMap<Key, Value>();
    values.put(X, ONE);
    values.put(Y, TWO);
    core.when(new PutAsked(asker(1), values, false)).containsExactly(register(X, Y));
    core.when(registered(X)).isEmpty();
    core.when(registered(Y)).containsExactly(stored(1, Map.of(X, 8L, Y, 8L), Map.of()));
    core.when(registered(X, Y)).isEmpty();
  }

  @Test
  void aPutOfNothingIsAnsweredAtOnce() {
    core.when(new PutAsked(asker(1), Map.of(), false))
        .containsExactly(stored(1, Map.of(), Map.of()));
  }

  @Test
  void valuesDoNotChange() {
    core.given(put(1, X, ONE), registered(X));
    core.when(put(2, X, TWO)).containsExactly(stored(2, Map.of(), Map.of(X,
        "'x' is stored here already (8 bytes), and values do not change: delete it first, or use"
            + " another key")));
    core.when(get(3, 1, X)).containsExactly(serve(3, Map.of(X, ONE), Map.of()));
  }

  @Test
  void whatIsBeingComputedIsNotPut() {
    core.given(compute(1, X));
    core.when(put(2, X, ONE)).containsExactly(stored(2, Map.of(),
        Map.of(X, "'x' is being computed here; cancel it first, or use another key")));
  }

  @Test
  void aValueIsServedAgainAndAgain() {
    core.given(put(1, X, ONE));
    for (var i = 0; i < 3; i++) {
      core.when(get(2, 1, X)).containsExactly(serve(2, Map.of(X, ONE), Map.of()));
    }
  }

  @Test
  void anAnswerHasAtLeastOneValueAndThenNoMoreThanFits() {
    core.given(put(1, X, ONE), put(1, Y, TWO), put(1, Z, new TestValue(3, 1)));
    core.when(get(2, 9, X, Y, Z)).containsExactly(serve(2, Map.of(X, ONE, Z, new TestValue(3, 1)),
        Map.of(Y, new Datum.Later())));
    core.when(get(2, 0, X, Y)).containsExactly(
        serve(2, Map.of(X, ONE), Map.of(Y, new Datum.Later())));
  }

  @Test
  void aKeyAskedForTwiceInOneRequestIsGivenOnce() {
    core.given(put(1, X, ONE));
    core.when(get(2, 8, X, X)).containsExactly(serve(2, Map.of(X, ONE), Map.of()));
  }

  @Test
  void whoIsAskedForWhatItDoesNotHaveTellsTheStore() {
    core.when(get(1, 1, X)).containsExactly(serve(1, Map.of(), Map.of(X, new Datum.Missing())),
        unregister(X));
  }

  @Test
  void whatIsAskedForInVainAndComesInTheSameBatchIsRegistered() {
    core.when(get(1, 1, X), put(2, X, ONE)).containsExactly(
        serve(1, Map.of(), Map.of(X, new Datum.Missing())), register(X));
  }

  @Test
  void deletingForgetsAndUnregisters() {
    core.given(put(1, X, ONE), registered(X));
    core.when(delete(2, X, Y, X)).containsExactly(done(2), unregister(X));
    assertThat(core.state().inventory()).isEmpty();
    assertThat(core.state().figures().storedBytes()).isZero();
  }

  @Test
  void whatComesAndGoesInOneBatchIsNotRegistered() {
    core.when(put(1, X, ONE), delete(2, X)).containsExactly(
        stored(1, Map.of(X, 8L), Map.of()), done(2), unregister(X));
  }

  @Test
  void whatGoesAndComesInOneBatchIsRegisteredAnew() {
    core.given(put(1, X, ONE), registered(X));
    core.when(delete(2, X), put(3, X, TWO)).containsExactly(done(2), register(X));
    core.when(registered(X)).containsExactly(stored(3, Map.of(X, 8L), Map.of()));
  }

  @Test
  void deletingAValueThatTheStoreDoesNotKnowYetAnswersWhoWaits() {
    core.given(compute(1, X), succeeded(X, 1, ONE));
    core.when(delete(2, X)).containsExactly(finished(1, X, 7), done(2), unregister(X));
    core.when(registered(X)).isEmpty();
  }

  @Test
  void whileTheStoreIsAwayNobodyWaitsForIt() {
    core.given(compute(1, X), succeeded(X, 1, ONE));
    core.when(new StoreAway("no route")).containsExactly(finished(1, X, 7));
    core.when(put(2, Y, TWO)).containsExactly(stored(2, Map.of(Y, 8L), Map.of()), register(Y));
    core.when(compute(3, X)).containsExactly(finished(3, X, 7));
    assertThat(core.state().figures().storeAway()).contains("no route");
  }

  @Test
  void whenTheStoreIsBackNewValuesWaitForItAgain() {
    core.given(new StoreAway("no route"), new StoreBack());
    core.when(put(1, X, ONE)).containsExactly(register(X));
    core.when(registered(X)).containsExactly(stored(1, Map.of(X, 8L), Map.of()));
  }

  /// Seed 365 of the simulation: the value was answered for while the store was away, and whoever
  /// asked after its return was forgotten when it went away again.
  @Test
  void whoAsksBetweenTwoAbsencesOfTheStoreIsAnswered() {
    core.given(new StoreAway("no route"), compute(1, X), succeeded(X, 1, ONE), new StoreBack());
    core.when(compute(2, X)).isEmpty();
    core.when(new StoreAway("no route")).containsExactly(finished(2, X, 7));
  }

  @Test
  void theInventoryHasWhatIsHere() {
    core.given(put(1, X, ONE), compute(1, SUM, X), put(1, Y, TWO), delete(1, Y));
    assertThat(core.state().inventory()).containsExactly(new Message.Entry(X, 8));
  }

  @Test
  void theStoryOfAKeyIsToldInOrder() {
    core.given(put(1, X, ONE), registered(X), delete(1, X));
    assertThat(core.state().story(X)).extracting(line -> line.from() + " -> " + line.to())
        .containsExactly("null -> stored", "stored -> stored", "stored -> null");
    assertThat(core.state().story(X)).last().hasToString(
        "1000.000 ms  x: stored -> unknown  because delete asked");
  }

  @Test
  void anOldStoryIsForgotten() {
    for (var i = 0; i < Story.ENTRIES_MAX; i++) {
      var _ = core.state().handle(i % 2 == 0 ? put(1, Y, ONE) : delete(1, Y), core.now());
    }
    core.given(put(1, X, ONE));
    assertThat(core.state().story(Y)).hasSize(Story.ENTRIES_MAX - 1);
    assertThat(core.state().story(X)).hasSize(1);
  }
}
