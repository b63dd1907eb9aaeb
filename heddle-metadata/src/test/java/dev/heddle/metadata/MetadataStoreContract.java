package dev.heddle.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Address;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Change;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every store must do.
@Timeout(60)
public abstract class MetadataStoreContract {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Key X = Key.of("x");
  private static final Key Y = Key.of("y");
  private static final WorkerInfo ANN = worker("ann", -1);
  private static final WorkerInfo BOB = worker("bob", Long.MIN_VALUE);

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private MetadataStore store;

  protected MetadataStoreContract() {}

  /// Begins with no data; called before each test.
  protected abstract MetadataStore open() throws Exception;

  /// The store loses all its data, as by a restart.
  ///
  /// @return by what it is asked from now on
  protected abstract MetadataStore restartedEmpty() throws Exception;

  /// From now on nobody can reach the store.
  protected abstract void takeAway() throws Exception;

  /// Frees what [#open] made, after the store was closed.
  protected void cleanUp() throws Exception {}

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() throws Exception {
    store.close();
    cleanUp();
  }

  protected static WorkerInfo worker(String name, long incarnation) {
    return new WorkerInfo(new WorkerId(name, incarnation), new Address("127.0.0.1", 4000),
        "höst one", 17, 2);
  }

  private static Holder holder(WorkerInfo worker, long sizeBytes) {
    return new Holder(worker.id(), worker.address(), worker.host(), sizeBytes);
  }

  private static List<Entry> entries(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> new Entry(Key.of(prefix + i), i)).toList();
  }

  private static List<Key> keys(List<Entry> entries) {
    return entries.stream().map(Entry::key).toList();
  }

  /// Ann is not heard of any more: only now does her lease become a short one, so that nothing has to
  /// be done in time.
  private void diesSoon() throws Exception {
    store.join(ANN, SHORT);
  }

  private List<Entry> inventory(String worker) throws Exception {
    var entries = new ArrayList<Entry>();
    store.hasWhat(worker, entries::add);
    return entries;
  }

  /// Receives until a change is `wanted`.
  ///
  /// @return all that came until then
  private static List<Change> await(Watch watch, Predicate<Change> wanted) throws Exception {
    var seen = new ArrayList<Change>();
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      for (var change : receive(watch)) {
        seen.add(change);
        if (wanted.test(change)) {
          return seen;
        }
      }
    }
    throw new AssertionError("not within " + PATIENCE + "; there came only " + seen);
  }

  private static List<Change> receive(Watch watch) throws Exception {
    return watch.receive(Duration.ofMillis(50)).map(Watch.Batch::changes).orElse(List.of());
  }

  @Test
  void workersAreListedFromJoiningToLeaving() throws Exception {
    store.join(BOB, LONG);
    store.join(ANN, LONG);
    assertThat(store.workers()).containsExactly(ANN, BOB);
    store.leave(BOB.id());
    assertThat(store.workers()).containsExactly(ANN);
    store.leave(BOB.id());
    assertThat(store.workers()).containsExactly(ANN);
  }

  @Test
  void whoHasAndHasWhatAgreeThroughRegisterAndUnregister() throws Exception {
    store.join(ANN, LONG);
    store.join(BOB, LONG);
    store.register(ANN.id(), List.of(new Entry(X, 8), new Entry(Y, -1)));
    store.register(BOB.id(), List.of(new Entry(X, Long.MAX_VALUE)));

    var found = store.whoHas(List.of(Y, X, Key.of("nobody's")));
    assertThat(found).containsOnlyKeys(X, Y);
    assertThat(found.keySet()).containsExactly(Y, X);
    assertThat(found.get(X)).containsExactlyInAnyOrder(holder(ANN, 8),
        holder(BOB, Long.MAX_VALUE));
    assertThat(found.get(Y)).containsExactly(holder(ANN, -1));
    assertThat(inventory("ann")).containsExactly(new Entry(X, 8), new Entry(Y, -1));

    store.unregister(ANN.id(), List.of(X, Key.of("nobody's")));
    assertThat(store.whoHas(List.of(X)).get(X))
        .containsExactly(holder(BOB, Long.MAX_VALUE));
    assertThat(inventory("ann")).containsExactly(new Entry(Y, -1));

    store.unregister(BOB.id(), List.of(X));
    assertThat(store.whoHas(List.of(X))).isEmpty();
    assertThat(inventory("bob")).isEmpty();
  }

  @Test
  void registeringAgainReplacesTheSize() throws Exception {
    store.join(ANN, LONG);
    store.register(ANN.id(), List.of(new Entry(X, 8)));
    store.register(ANN.id(), List.of(new Entry(X, 9)));
    assertThat(store.whoHas(List.of(X)).get(X)).containsExactly(holder(ANN, 9));
    assertThat(inventory("ann")).containsExactly(new Entry(X, 9));
  }

  @Test
  void manyKeysGoInOneCall() throws Exception {
    var entries = entries("key-", 10_000);
    store.join(ANN, LONG);
    store.register(ANN.id(), entries);

    var found = store.whoHas(keys(entries));
    assertThat(found.keySet()).containsExactlyElementsOf(keys(entries));
    entries.forEach(entry -> assertThat(found.get(entry.key()))
        .isEqualTo(List.of(holder(ANN, entry.sizeBytes()))));
    assertThat(inventory("ann")).containsExactlyInAnyOrderElementsOf(entries);

    store.unregister(ANN.id(), keys(entries).subList(0, 9_999));
    assertThat(store.whoHas(keys(entries))).containsOnlyKeys(Key.of("key-9999"));
  }

  @Test
  void aKeyAskedTwiceIsAnsweredOnce() throws Exception {
    store.join(ANN, LONG);
    store.register(ANN.id(), List.of(new Entry(X, 8), new Entry(X, 8)));
    assertThat(store.whoHas(List.of(X, Y, X))).isEqualTo(Map.of(X, List.of(holder(ANN, 8))));
    store.unregister(ANN.id(), List.of(X, X));
    assertThat(store.whoHas(List.of(X))).isEmpty();
  }

  @Test
  void nothingAskedIsNothingAnswered() throws Exception {
    store.join(ANN, LONG);
    store.register(ANN.id(), List.of());
    store.unregister(ANN.id(), List.of());
    assertThat(store.whoHas(List.of())).isEmpty();
    assertThat(inventory("nobody")).isEmpty();
  }

  @Test
  void keysMayHaveAnyCharacters() throws Exception {
    var keys = List.of("a:b", "a b", " ", "who:*", "[x]{y}?", "\\", "'\"", "%s", "ключ", "😀", "𝄞",
        "a".repeat(Key.BYTES_MAX), "😀".repeat(Key.BYTES_MAX / 4)).stream().map(Key::of).toList();
    store.join(ANN, LONG);
    store.register(ANN.id(), keys.stream().map(key -> new Entry(key, 3)).toList());
    assertThat(store.whoHas(keys).keySet()).containsExactlyElementsOf(keys);
    assertThat(keys(inventory("ann"))).containsExactlyInAnyOrderElementsOf(keys);
    store.unregister(ANN.id(), keys);
    assertThat(store.whoHas(keys)).isEmpty();
    assertThat(inventory("ann")).isEmpty();
  }

  @Test
  void workersMayHaveAnyName() throws Exception {
    var odd = worker("wörker:1/*[a]{😀}", 5);
    store.join(odd, LONG);
    store.register(odd.id(), List.of(new Entry(X, 1)));
    assertThat(store.whoHas(List.of(X)).get(X)).containsExactly(holder(odd, 1));
    assertThat(inventory(odd.id().name())).containsExactly(new Entry(X, 1));
    assertThat(store.workers()).containsExactly(odd);
  }

  @Test
  void anInventoryComesInPagesInTheOrderOfUtf8Bytes() throws Exception {
    var entries = new ArrayList<>(entries("k", 25));
    List.of("\uE000", "\uFFFD", "😀", "𝄞", "é", " ", "~")
        .forEach(text -> entries.add(new Entry(Key.of(text), 1)));
    Collections.shuffle(entries, new Random(1));
    store.join(ANN, LONG);
    store.register(ANN.id(), entries);

    var paged = new ArrayList<Entry>();
    var page = store.hasWhat("ann", Optional.empty(), 10);
    while (page.more()) {
      assertThat(page.entries()).hasSize(10);
      paged.addAll(page.entries());
      page = store.hasWhat("ann", Optional.of(paged.getLast().key()), 10);
    }
    paged.addAll(page.entries());

    entries.sort((a, b) -> Arrays.compareUnsigned(
        a.key().text().getBytes(StandardCharsets.UTF_8),
        b.key().text().getBytes(StandardCharsets.UTF_8)));
    assertThat(paged).isEqualTo(entries);
  }

  @Test
  void badArgumentsAreRefusedAtOnce() {
    assertThatThrownBy(() -> store.join(ANN, Duration.ofMillis(1)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1 ms");
    assertThatThrownBy(() -> store.hasWhat("ann", Optional.empty(), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aWorkerThatDiesLeavesNoGhost() throws Exception {
    try (var watch = store.watch("")) {
      store.join(ANN, LONG);
      store.join(BOB, LONG);
      store.register(ANN.id(), List.of(new Entry(X, 8), new Entry(Y, 8)));
      store.register(BOB.id(), List.of(new Entry(Y, 9)));
      diesSoon();

      var seen = await(watch, new Change.Left(ANN.id())::equals);
      assertThat(seen).doesNotContain(new Change.Unregistered(ANN.id(), X));
    }
    assertThat(store.whoHas(List.of(X, Y))).isEqualTo(Map.of(Y, List.of(holder(BOB, 9))));
    assertThat(inventory("ann")).isEmpty();
    assertThat(store.workers()).containsExactly(BOB);
    assertThatThrownBy(() -> store.renew(ANN.id())).isInstanceOf(LeaseLostException.class)
        .hasMessageContaining("ann");
    assertThatThrownBy(() -> store.register(ANN.id(), List.of(new Entry(X, 8))))
        .isInstanceOf(LeaseLostException.class);
    store.unregister(ANN.id(), List.of(X));
  }

  @Test
  void aRenewedLeaseOutlivesOneThatIsNot() throws Exception {
    var clock = worker("clock", 1);
    try (var watch = store.watch("")) {
      store.join(ANN, Duration.ofSeconds(2));
      store.register(ANN.id(), List.of(new Entry(X, 8)));
      store.join(clock, Duration.ofMillis(2_500));
      var gone = new HashSet<WorkerId>();
      while (!gone.contains(clock.id())) {
        store.renew(ANN.id());
        for (var change : receive(watch)) {
          if (change instanceof Change.Left(var id)) {
            gone.add(id);
          }
        }
      }
      assertThat(gone).containsExactly(clock.id());
    }
    assertThat(store.whoHas(List.of(X))).containsKey(X);
  }

  @Test
  void aTakenNameIsRefusedUntilItsLeaseEnds() throws Exception {
    var other = worker("ann", 2);
    try (var watch = store.watch("")) {
      store.join(ANN, LONG);
      store.register(ANN.id(), List.of(new Entry(X, 8)));
      assertThatThrownBy(() -> store.join(other, LONG)).isInstanceOf(NameTakenException.class)
          .hasMessageContaining("'ann'").hasMessageContaining("heddle://127.0.0.1:4000")
          .hasMessageContaining("process 17").hasMessageContaining("--name");
      assertThat(store.whoHas(List.of(X))).containsKey(X);
      diesSoon();
      await(watch, new Change.Left(ANN.id())::equals);
      store.join(other, LONG);
      await(watch, new Change.Joined(other)::equals);
    }
    assertThat(store.whoHas(List.of(X))).isEmpty();
    assertThat(inventory("ann")).isEmpty();
    assertThat(store.workers()).containsExactly(other);
  }

  @Test
  void aWorkerThatLeavesFreesItsNameAtOnceAndComesBackWithNothing() throws Exception {
    store.join(ANN, LONG);
    store.register(ANN.id(), entries("k", 2_000));
    store.leave(ANN.id());
    store.join(worker("ann", 2), LONG);
    assertThat(store.whoHas(keys(entries("k", 2_000)))).isEmpty();
    assertThat(inventory("ann")).isEmpty();

    store.register(new WorkerId("ann", 2), entries("k", 3));
    assertThat(inventory("ann")).hasSize(3);
    assertThat(store.whoHas(keys(entries("k", 2_000)))).hasSize(3);
  }

  @Test
  void theSameIncarnationComesBackWithNothingToo() throws Exception {
    store.join(ANN, LONG);
    store.register(ANN.id(), entries("k", 2_000));
    store.leave(ANN.id());
    store.join(ANN, LONG);
    store.register(ANN.id(), List.of(new Entry(Key.of("k7"), 1)));
    assertThat(store.whoHas(keys(entries("k", 2_000)))).containsOnlyKeys(Key.of("k7"));
    assertThat(inventory("ann")).containsExactly(new Entry(Key.of("k7"), 1));
  }

  @Test
  void joiningAgainKeepsTheEntries() throws Exception {
    store.join(ANN, LONG);
    store.register(ANN.id(), List.of(new Entry(X, 8)));
    var moved = new WorkerInfo(ANN.id(), new Address("::1", 4001), "other", 18, 3);
    store.join(moved, LONG);
    assertThat(store.whoHas(List.of(X)).get(X)).containsExactly(holder(moved, 8));
    assertThat(store.workers()).containsExactly(moved);
  }

  @Test
  void anEarlierLifeChangesNothing() throws Exception {
    var later = worker("ann", 2);
    store.join(later, LONG);
    store.register(later.id(), List.of(new Entry(X, 8)));
    store.unregister(ANN.id(), List.of(X));
    store.leave(ANN.id());
    assertThatThrownBy(() -> store.renew(ANN.id())).isInstanceOf(LeaseLostException.class);
    assertThat(store.whoHas(List.of(X))).containsKey(X);
  }

  @Test
  void aWatchTellsWhatChangesFromThenOnInOrder() throws Exception {
    store.join(BOB, LONG);
    store.register(BOB.id(), List.of(new Entry(X, 1)));
    try (var watch = store.watch("")) {
      store.join(ANN, LONG);
      store.register(ANN.id(), List.of(new Entry(X, 8), new Entry(Y, 9)));
      store.register(ANN.id(), List.of(new Entry(X, 8)));
      var unknown = new Change.Unregistered(ANN.id(), Key.of("nobody's"));
      store.unregister(ANN.id(), List.of(Y, unknown.key()));
      store.renew(ANN.id());
      store.leave(ANN.id());
      var changes = new ArrayList<>(await(watch, new Change.Left(ANN.id())::equals));
      changes.remove(unknown); // That may be told, or not.
      assertThat(changes).containsExactly(
          new Change.Joined(ANN), new Change.Registered(ANN.id(), X, 8),
          new Change.Registered(ANN.id(), Y, 9), new Change.Unregistered(ANN.id(), Y),
          new Change.Left(ANN.id()));
    }
  }

  @Test
  void aWatchTellsOfKeysWithItsPrefixAndOfAllWorkers() throws Exception {
    try (var watch = store.watch("a:*")) {
      store.join(ANN, LONG);
      store.register(ANN.id(), List.of(new Entry(X, 8), new Entry(Key.of("a:*b"), 1),
          new Entry(Key.of("a:b"), 1)));
      store.leave(ANN.id());
      assertThat(await(watch, new Change.Left(ANN.id())::equals)).containsExactly(
          new Change.Joined(ANN), new Change.Registered(ANN.id(), Key.of("a:*b"), 1),
          new Change.Left(ANN.id()));
    }
  }

  @Test
  void aWatchEndsWhenItIsClosed() throws Exception {
    var watch = store.watch("");
    watch.close();
    assertThatThrownBy(() -> watch.receive(PATIENCE))
        .isInstanceOf(MetadataUnavailableException.class).hasMessageContaining("closed");
  }

  @Test
  void aWatchThatIsNotReadForgetsAndSaysSo() throws Exception {
    store.join(ANN, LONG);
    try (var watch = store.watch(""); var other = store.watch("last")) {
      for (var round = 0; round < 12; round++) {
        store.register(ANN.id(), entries(round + "-", 10_000));
      }
      store.register(ANN.id(), List.of(new Entry(Key.of("last"), 1)));
      await(other, new Change.Registered(ANN.id(), Key.of("last"), 1)::equals);

      var lost = false;
      var received = 0;
      for (var last = false; !last;) {
        var batch = watch.receive(PATIENCE).orElseThrow();
        lost |= batch.lost();
        received += batch.changes().size();
        last = batch.changes().contains(new Change.Registered(ANN.id(), Key.of("last"), 1));
      }
      assertThat(lost).isTrue();
      assertThat(received).isLessThan(120_001);
    }
  }

  @Test
  void aStoreThatLostItsDataIsFilledAgainByItsWorkers() throws Exception {
    store.join(ANN, LONG);
    store.register(ANN.id(), List.of(new Entry(X, 8)));
    store = restartedEmpty();

    assertThat(store.whoHas(List.of(X))).isEmpty();
    assertThat(store.workers()).isEmpty();
    assertThatThrownBy(() -> store.renew(ANN.id())).isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> store.register(ANN.id(), List.of(new Entry(X, 8))))
        .isInstanceOf(LeaseLostException.class);
    store.unregister(ANN.id(), List.of(X));
    store.join(ANN, LONG);
    store.register(ANN.id(), List.of(new Entry(X, 8)));
    assertThat(store.whoHas(List.of(X))).containsKey(X);
  }

  @Test
  void aStoreOutOfReachIsAnErrorSoon() throws Exception {
    store.join(ANN, LONG);
    takeAway();
    for (var call : List.<Callable<Object>>of(() -> store.whoHas(List.of(X)), store::workers,
        () -> store.hasWhat("ann", Optional.empty(), 10), () -> store.watch(""), () -> {
          store.renew(ANN.id());
          return 0;
        }, () -> {
          store.register(ANN.id(), List.of(new Entry(X, 8)));
          return 0;
        }, () -> {
          store.unregister(ANN.id(), List.of(X));
          return 0;
        }, () -> {
          store.leave(ANN.id());
          return 0;
        }, () -> {
          store.join(ANN, LONG);
          return 0;
        })) {
      assertThatThrownBy(call::call).isInstanceOf(MetadataUnavailableException.class)
          .hasMessageContaining("metadata store");
    }
  }

  @Test
  void aClosedStoreAnswersNoMore() throws Exception {
    var watch = store.watch("");
    store.close();
    assertThatThrownBy(() -> store.workers()).isInstanceOf(MetadataUnavailableException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> watch.receive(PATIENCE))
        .isInstanceOf(MetadataUnavailableException.class).hasMessageContaining("closed");
  }

  @Test
  void whatManyDoAtOnceAddsUp() throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var histories = IntStream.range(0, 6).mapToObj(History::new).toList();
      for (var done : executor.invokeAll(histories)) {
        done.get();
      }
      var expected = new HashMap<Key, Set<Holder>>();
      for (var history : histories) {
        history.held.forEach((key, size) -> expected.computeIfAbsent(key, _ -> new HashSet<>())
            .add(holder(history.worker, size)));
        assertThat(Set.copyOf(inventory(history.worker.id().name()))).isEqualTo(
            Set.copyOf(history.held.entrySet().stream()
                .map(entry -> new Entry(entry.getKey(), entry.getValue())).toList()));
      }
      var actual = new HashMap<Key, Set<Holder>>();
      store.whoHas(keys(entries("k", 40)))
          .forEach((key, holders) -> actual.put(key, Set.copyOf(holders)));
      assertThat(actual).isEqualTo(expected);
    }
  }

  /// What one worker registers and unregisters at random.
  private final class History implements Callable<Boolean> {
    final WorkerInfo worker;
    final Map<Key, Long> held = new HashMap<>();
    private final Random random;

    History(int seed) {
      worker = worker("w" + seed, seed);
      random = new Random(seed);
    }

    @Override
    public Boolean call() throws Exception {
      store.join(worker, LONG);
      for (var i = 0; i < 60; i++) {
        var some = new ArrayList<>(keys(entries("k", 40)));
        Collections.shuffle(some, random);
        var keys = some.subList(0, 1 + random.nextInt(10));
        var size = (long) random.nextInt(3);
        if (random.nextInt(3) == 0) {
          store.unregister(worker.id(), keys);
          held.keySet().removeAll(Set.copyOf(keys));
        } else {
          store.register(worker.id(), keys.stream().map(key -> new Entry(key, size)).toList());
          keys.forEach(key -> held.put(key, size));
        }
      }
      return true;
    }
  }
}
