package dev.heddle.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.process.ProcessScope;
import dev.heddle.wire.Address;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Change;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MetadataProcessTest {
  private static final WorkerInfo ANN = new WorkerInfo(new WorkerId("ann", 1),
      new Address("127.0.0.1", 4000), "here", 17, 2);
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final Key X = Key.of("x");
  private static final Key Y = Key.of("y");

  private final FaultyStore store = new FaultyStore(EmbeddedMetadataStore.open());
  private final ProcessScope scope = ProcessScope.open("test");
  private final Held held = new Held();
  private final LinkedBlockingQueue<MetadataEvent> events = new LinkedBlockingQueue<>();

  private static final class Held implements Inventory {
    private final Map<Key, Long> sizes = new ConcurrentHashMap<>();

    @Override
    public Iterator<Entry> entries() {
      return sizes.entrySet().stream()
          .map(entry -> new Entry(entry.getKey(), entry.getValue())).iterator();
    }

    @Override
    public boolean holds(Key key) {
      return sizes.containsKey(key);
    }
  }

  private MetadataProcess start(int keysMax) {
    return start(keysMax, LEASE);
  }

  private MetadataProcess start(int keysMax, Duration lease) {
    return MetadataProcess.start(scope, store, ANN, lease, held, events::add, keysMax);
  }

  private MetadataProcess startJoined(int keysMax) throws Exception {
    var process = start(keysMax);
    awaitEvent(new MetadataEvent.Joined()::equals);
    return process;
  }

  private MetadataEvent awaitEvent(Predicate<MetadataEvent> wanted) throws Exception {
    var seen = new ArrayList<MetadataEvent>();
    while (events.poll(20, TimeUnit.SECONDS) instanceof MetadataEvent event) {
      seen.add(event);
      if (wanted.test(event)) {
        return event;
      }
    }
    throw new AssertionError("not within 20 s; there came only " + seen);
  }

  private void awaitRegistered(Set<Key> keys) throws Exception {
    var missing = new HashSet<>(keys);
    awaitEvent(event -> {
      if (event instanceof MetadataEvent.Registered registered) {
        registered.keys().forEach(missing::remove);
      }
      return missing.isEmpty();
    });
  }

  private void put(MetadataProcess process, Key key) {
    held.sizes.put(key, 8L);
    process.register(List.of(new Entry(key, 8)));
  }

  private void drop(MetadataProcess process, Key key) {
    held.sizes.remove(key);
    process.unregister(List.of(key));
  }

  private static List<Key> keys(int count) {
    return IntStream.range(0, count).mapToObj(i -> Key.of("k" + i)).toList();
  }

  @AfterEach
  void close() {
    store.away = false;
    scope.close();
    store.close();
  }

  @Test
  void whatIsRegisteredIsToldAndAcknowledged() throws Exception {
    try (var process = startJoined(100)) {
      put(process, X);
      awaitRegistered(Set.of(X));
      assertThat(store.whoHas(List.of(X))).containsKey(X);
    }
    assertThat(store.workers()).isEmpty();
  }

  @Test
  void keysAreLocatedOrKnownToBeNowhere() throws Exception {
    try (var process = startJoined(100)) {
      put(process, X);
      awaitRegistered(Set.of(X));
      assertThat(process.locate(List.of(X, Y))).isTrue();
      var located = awaitEvent(MetadataEvent.Located.class::isInstance);
      assertThat(located).isInstanceOfSatisfying(MetadataEvent.Located.class, found -> {
        assertThat(found.holders()).containsOnlyKeys(X, Y);
        assertThat(found.holders().get(X)).hasSize(1);
        assertThat(found.holders().get(Y)).isEmpty();
      });
    }
  }

  @Test
  void tooManyKeysToLocateAreNotAccepted() throws Exception {
    try (var process = startJoined(100)) {
      assertThat(process.locate(keys(MetadataProcess.KEYS_MAX + 1))).isFalse();
    }
  }

  @Test
  void theLeaseIsKept() throws Exception {
    var lease = Duration.ofSeconds(2);
    try (var _ = start(100, lease); var watch = store.watch("")) {
      awaitEvent(new MetadataEvent.Joined()::equals);
      // A worker that lives longer than an unrenewed lease serves as a clock.
      var clock = new WorkerInfo(new WorkerId("clock", 1), ANN.address(), "here", 1, 1);
      store.join(clock, lease.plusMillis(500));
      for (var change : awaitLeft(watch, clock.id())) {
        assertThat(change).isNotEqualTo(new Change.Left(ANN.id()));
      }
      assertThat(store.workers()).containsExactly(ANN);
    }
  }

  private static List<Change> awaitLeft(Watch watch, WorkerId worker) throws Exception {
    var seen = new ArrayList<Change>();
    while (!seen.contains(new Change.Left(worker))) {
      seen.addAll(watch.receive(Duration.ofSeconds(20)).orElseThrow().changes());
    }
    return seen;
  }

  @Test
  void whileTheStoreIsAwayRegistrationsWaitAndLocatingFailsAtOnce() throws Exception {
    try (var process = startJoined(100)) {
      store.away = true;
      put(process, X);
      var away = awaitEvent(MetadataEvent.Away.class::isInstance);
      assertThat(away.toString()).contains("switched off");
      assertThat(process.locate(List.of(Y))).isTrue();
      assertThat(awaitEvent(MetadataEvent.LocateFailed.class::isInstance)).isEqualTo(
          new MetadataEvent.LocateFailed(List.of(Y), "switched off by the test (HDL-0044)"));
      store.away = false;
      awaitEvent(new MetadataEvent.Back()::equals);
      awaitRegistered(Set.of(X));
      assertThat(store.whoHas(List.of(X))).containsKey(X);
    }
  }

  @Test
  void aStoreThatIsAwayAtTheStartIsJoinedLater() throws Exception {
    store.away = true;
    try (var process = start(100)) {
      awaitEvent(MetadataEvent.Away.class::isInstance);
      put(process, X);
      store.away = false;
      awaitEvent(new MetadataEvent.Joined()::equals);
      awaitRegistered(Set.of(X));
    }
  }

  @Test
  void aFailureToLocateIsFollowedByALookAtTheStore() throws Exception {
    var scarce = Duration.ofMinutes(30);
    try (var process = MetadataProcess.start(scope, store, ANN, scarce, held, events::add)) {
      awaitEvent(new MetadataEvent.Joined()::equals);
      store.away = true;
      assertThat(process.locate(List.of(X))).isTrue();
      var kinds = new HashSet<Class<?>>();
      awaitEvent(event -> {
        kinds.add(event.getClass());
        return kinds.containsAll(Set.of(MetadataEvent.LocateFailed.class,
            MetadataEvent.Away.class));
      });
      store.away = false;
      awaitEvent(new MetadataEvent.Back()::equals);
    }
  }

  @Test
  void aStoreThatLostItsDataIsToldEverything() throws Exception {
    var all = keys(2_500);
    all.forEach(key -> held.sizes.put(key, 8L));
    try (var process = startJoined(10_000)) {
      awaitRegistered(Set.copyOf(all));
      store.replace(EmbeddedMetadataStore.open());
      drop(process, all.getFirst());
      awaitEvent(new MetadataEvent.Joined()::equals);
      awaitRegistered(Set.copyOf(all.subList(1, all.size())));
      assertThat(store.whoHas(all).keySet())
          .containsExactlyInAnyOrderElementsOf(all.subList(1, all.size()));
    }
  }

  @Test
  void whenTooMuchWaitedTheStoreEndsUpWithWhatIsHeld() throws Exception {
    var before = keys(2_000);
    before.forEach(key -> held.sizes.put(key, 8L));
    try (var process = startJoined(50)) {
      awaitRegistered(Set.copyOf(before));
      store.away = true;
      before.subList(0, 1_500).forEach(key -> drop(process, key));
      put(process, X);
      awaitEvent(MetadataEvent.Away.class::isInstance);
      store.away = false;
      awaitEvent(new MetadataEvent.Back()::equals);
      var expected = new HashSet<>(before.subList(1_500, 2_000));
      expected.add(X);
      awaitRegistered(expected);
      assertThat(store.whoHas(before)).hasSize(500);
      var told = new HashSet<Key>();
      store.hasWhat("ann", entry -> told.add(entry.key()));
      assertThat(told).isEqualTo(expected);
    }
  }

  @Test
  void locatingDoesNotWaitForRegistrations() throws Exception {
    try (var process = startJoined(100)) {
      store.registrations = new CountDownLatch(1);
      put(process, X);
      assertThat(process.locate(List.of(Y))).isTrue();
      awaitEvent(MetadataEvent.Located.class::isInstance);
      store.registrations.countDown();
      awaitRegistered(Set.of(X));
    }
  }

  @Test
  void aTakenNameIsReportedAndHadOnceItIsFree() throws Exception {
    var other = new WorkerInfo(new WorkerId("ann", 2), ANN.address(), "elsewhere", 18, 2);
    store.join(other, MetadataStore.LEASE_MAX);
    try (var _ = start(100, Duration.ofMillis(600))) {
      assertThat(awaitEvent(MetadataEvent.NameTaken.class::isInstance).toString())
          .contains("elsewhere", "--name");
      store.leave(other.id());
      awaitEvent(new MetadataEvent.Joined()::equals);
    }
  }

  @Test
  void closingTellsWhatWaitsBeforeItLeaves() throws Exception {
    try (var watch = store.watch("")) {
      try (var process = startJoined(100)) {
        put(process, X);
        awaitRegistered(Set.of(X));
        drop(process, X);
      }
      assertThat(awaitLeft(watch, ANN.id())).endsWith(new Change.Unregistered(ANN.id(), X),
          new Change.Left(ANN.id()));
    }
  }

  @Test
  void closingEndsInTimeWhileTheStoreIsAway() throws Exception {
    var process = startJoined(100);
    store.away = true;
    put(process, X);
    awaitEvent(MetadataEvent.Away.class::isInstance);
    process.close(Duration.ofMillis(50));
    store.away = false;
    assertThat(store.workers()).containsExactly(ANN);
  }
}
