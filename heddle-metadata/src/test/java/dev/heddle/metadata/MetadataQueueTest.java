package dev.heddle.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.metadata.MetadataQueue.Batch;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetadataQueueTest {
  @Test
  void aKeyIsSettledOnceThereIsNoLaterWordOnIt() {
    var queue = new MetadataQueue(10);
    queue.register(List.of(new Entry(Key.of("x"), 1), new Entry(Key.of("y"), 1)));
    var batch = queue.take(10);
    queue.unregister(List.of(Key.of("x")));
    queue.register(List.of(new Entry(Key.of("x"), 2)));
    assertThat(queue.settled(batch)).containsExactly(Key.of("y"));
  }

  private static final Key X = Key.of("x");
  private static final Key Y = Key.of("y");
  private static final Key Z = Key.of("z");

  private final MetadataQueue queue = new MetadataQueue(2);

  @Test
  void theLastWordOnAKeyCounts() {
    queue.register(List.of(new Entry(X, 1), new Entry(Y, 1)));
    queue.unregister(List.of(X));
    queue.register(List.of(new Entry(Y, 2)));

    assertThat(queue.take(10)).isEqualTo(new Batch(List.of(new Entry(Y, 2)), List.of(X)));
    assertThat(queue.isEmpty()).isTrue();
  }

  /// Whoever watches the store may believe the key gone since it was told so, and has to hear that it is back.
  @Test
  void whatWentAndCameAgainIsUnregisteredBeforeItIsRegistered() {
    queue.unregister(List.of(X));
    queue.register(List.of(new Entry(X, 2), new Entry(Y, 1)));

    var first = queue.take(10);
    assertThat(first).isEqualTo(new Batch(List.of(new Entry(Y, 1)), List.of(X)));
    assertThat(queue.take(10)).isEqualTo(new Batch(List.of(new Entry(X, 2)), List.of()));
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void itIsStillUnregisteredFirstIfTheStoreWasAway() {
    queue.unregister(List.of(X));
    var batch = queue.take(10);
    queue.register(List.of(new Entry(X, 2)));
    queue.putBack(batch);

    assertThat(queue.take(10)).isEqualTo(new Batch(List.of(), List.of(X)));
    assertThat(queue.take(10)).isEqualTo(new Batch(List.of(new Entry(X, 2)), List.of()));
  }

  @Test
  void aBatchHasTheOldestFirst() {
    queue.register(List.of(new Entry(X, 1), new Entry(Y, 1)));

    assertThat(queue.take(1)).isEqualTo(new Batch(List.of(new Entry(X, 1)), List.of()));
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void whatIsPutBackGivesWayToALaterWord() {
    queue.register(List.of(new Entry(X, 1), new Entry(Y, 1)));
    var batch = queue.take(10);
    queue.unregister(List.of(X));
    queue.putBack(batch);

    assertThat(queue.take(10)).isEqualTo(new Batch(List.of(new Entry(Y, 1)), List.of(X)));
  }

  @Test
  void whenFullItForgetsEverythingAndSaysSoOnce() {
    queue.register(List.of(new Entry(X, 1), new Entry(Y, 1), new Entry(Z, 1)));

    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.takeOverflowed()).isTrue();
    assertThat(queue.takeOverflowed()).isFalse();
  }

  @Test
  void whatIsPutBackAfterLaterWordsWereForgottenIsForgottenToo() {
    queue.register(List.of(new Entry(X, 1)));
    var batch = queue.take(10);
    queue.unregister(List.of(X, Y, Z));
    queue.putBack(batch);

    assertThat(queue.isEmpty()).isTrue();
  }

  /// Found by the simulation (seed 13899): a value was unregistered by an outdated word.
  @Test
  void whatFillsItWhilePuttingBackLeavesNoOutdatedWord() {
    queue.register(List.of(new Entry(X, 1)));
    queue.unregister(List.of(Y));
    var batch = queue.take(10);
    queue.register(List.of(new Entry(Y, 2), new Entry(Z, 3)));
    queue.putBack(batch);

    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.takeOverflowed()).isTrue();
  }

  @Test
  void theSameKeysAgainDoNotFillIt() {
    for (var i = 0; i < 100; i++) {
      queue.register(List.of(new Entry(X, i), new Entry(Y, i)));
    }
    assertThat(queue.takeOverflowed()).isFalse();
    assertThat(queue.size()).isEqualTo(2);
  }
}
