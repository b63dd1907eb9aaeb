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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetadataStateTest {
  private static final Key X = Key.of("x");
  private static final Key Y = Key.of("y");
  private static final WorkerInfo ANN = worker("ann", 1);
  private static final WorkerInfo BOB = worker("bob", 1);
  private static final long LEASE = 1_000;

  private final MetadataState state = new MetadataState();

  @BeforeEach
  void recordChanges() {
    state.record(true);
  }

  private static WorkerInfo worker(String name, long incarnation) {
    return new WorkerInfo(new WorkerId(name, incarnation), new Address("127.0.0.1", 4000), "here",
        17, 2);
  }

  private static Holder holder(WorkerInfo worker, long sizeBytes) {
    return new Holder(worker.id(), worker.address(), worker.host(), sizeBytes);
  }

  @Test
  void aRegisteredKeyIsFoundFromBothSides() throws Exception {
    state.join(ANN, LEASE, 0);
    state.register(ANN.id(), List.of(new Entry(X, 8)), 0);

    assertThat(state.whoHas(List.of(X, Y), 0)).isEqualTo(Map.of(X, List.of(holder(ANN, 8))));
    assertThat(state.hasWhat("ann", Optional.empty(), 10, 0).entries())
        .containsExactly(new Entry(X, 8));
    state.checkInvariants();
  }

  @Test
  void aLeaseThatIsNotRenewedEndsOnTime() throws Exception {
    state.join(ANN, LEASE, 0);
    state.register(ANN.id(), List.of(new Entry(X, 8)), 0);
    assertThat(state.nextExpiry()).hasValue(LEASE);
    state.renew(ANN.id(), 400);
    assertThat(state.nextExpiry()).hasValue(1_400);

    assertThat(state.whoHas(List.of(X), 1_399)).containsKey(X);
    assertThat(state.whoHas(List.of(X), 1_400)).isEmpty();
    assertThat(state.workers(1_400)).isEmpty();
    assertThat(state.nextExpiry()).isEmpty();
    assertThat(state.takeChanges()).containsExactly(new Change.Joined(ANN),
        new Change.Registered(ANN.id(), X, 8), new Change.Left(ANN.id()));
    state.checkInvariants();
  }

  @Test
  void afterItsLeaseAWorkerCanNeitherRenewNorRegister() throws Exception {
    state.join(ANN, LEASE, 0);

    assertThatThrownBy(() -> state.renew(ANN.id(), LEASE)).isInstanceOf(LeaseLostException.class)
        .hasMessageContaining("ann").hasMessageContaining("join again");
    assertThatThrownBy(() -> state.register(ANN.id(), List.of(new Entry(X, 1)), LEASE))
        .isInstanceOf(LeaseLostException.class);
    assertThat(state.whoHas(List.of(X), LEASE)).isEmpty();
  }

  @Test
  void aNameIsTakenUntilItsLeaseEnds() throws Exception {
    state.join(ANN, LEASE, 0);
    var other = worker("ann", 2);

    assertThatThrownBy(() -> state.join(other, LEASE, 999))
        .isInstanceOf(NameTakenException.class).hasMessageContaining("'ann'")
        .hasMessageContaining("heddle://127.0.0.1:4000").hasMessageContaining("--name")
        .hasMessageContaining("free in 1 ms");
    state.join(other, LEASE, 1_000);
    assertThat(state.workers(1_000)).containsExactly(other);
  }

  @Test
  void aReturningWorkerBeginsWithNothing() throws Exception {
    state.join(ANN, LEASE, 0);
    state.register(ANN.id(), List.of(new Entry(X, 8)), 0);
    state.join(worker("ann", 2), LEASE, LEASE);

    assertThat(state.whoHas(List.of(X), LEASE)).isEmpty();
    assertThat(state.hasWhat("ann", Optional.empty(), 10, LEASE).entries()).isEmpty();
    state.join(BOB, LEASE, LEASE);
    assertThat(state.whoHas(List.of(X), LEASE)).isEmpty();
  }

  @Test
  void evenTheSameIncarnationBeginsWithNothingAfterItsLease() throws Exception {
    state.join(ANN, LEASE, 0);
    state.register(ANN.id(), List.of(new Entry(X, 8)), 0);
    state.join(ANN, LEASE, LEASE);

    assertThat(state.whoHas(List.of(X), LEASE)).isEmpty();
  }

  @Test
  void joiningAgainRenewsAndKeepsTheEntries() throws Exception {
    state.join(ANN, LEASE, 0);
    state.register(ANN.id(), List.of(new Entry(X, 8)), 0);
    state.join(ANN, LEASE, 900);

    assertThat(state.whoHas(List.of(X), 1_800)).containsKey(X);
    assertThat(state.takeChanges()).filteredOn(Change.Joined.class::isInstance).hasSize(1);
  }

  @Test
  void whatAnEarlierLifeDoesIsIgnoredOrRefused() throws Exception {
    var later = worker("ann", 2);
    state.join(later, LEASE, 0);
    state.register(later.id(), List.of(new Entry(X, 8)), 0);

    state.unregister(ANN.id(), List.of(X), 0);
    state.leave(ANN.id(), 0);
    assertThatThrownBy(() -> state.renew(ANN.id(), 0)).isInstanceOf(LeaseLostException.class);

    assertThat(state.whoHas(List.of(X), 0)).containsKey(X);
  }

  @Test
  void leavingDropsTheEntriesOfOneWorkerOnly() throws Exception {
    state.join(ANN, LEASE, 0);
    state.join(BOB, LEASE, 0);
    state.register(ANN.id(), List.of(new Entry(X, 8), new Entry(Y, 8)), 0);
    state.register(BOB.id(), List.of(new Entry(X, 9)), 0);
    state.leave(ANN.id(), 0);

    assertThat(state.whoHas(List.of(X, Y), 0)).isEqualTo(Map.of(X, List.of(holder(BOB, 9))));
    state.checkInvariants();
  }

  @Test
  void anotherSizeReplacesTheEntryAndTheSameSizeIsNoChange() throws Exception {
    state.join(ANN, LEASE, 0);
    state.register(ANN.id(), List.of(new Entry(X, 8)), 0);
    state.register(ANN.id(), List.of(new Entry(X, 8)), 0);
    state.register(ANN.id(), List.of(new Entry(X, 9)), 0);

    assertThat(state.whoHas(List.of(X), 0).get(X)).containsExactly(holder(ANN, 9));
    assertThat(state.takeChanges()).filteredOn(Change.Registered.class::isInstance).hasSize(2);
  }

  @Test
  void nothingIsRecordedForNobody() throws Exception {
    state.record(false);
    state.join(ANN, LEASE, 0);
    assertThat(state.takeChanges()).isEmpty();
  }

  @Test
  void pagesFollowTheOrderOfUtf8Bytes() throws Exception {
    var keys = List.of("a", "b", "é", "\uE000", "\uFFFD", "😀", "𝄞", "a:b", "a b", "")
        .stream().filter(text -> !text.isEmpty()).map(Key::of).toList();
    state.join(ANN, LEASE, 0);
    state.register(ANN.id(), keys.stream().map(key -> new Entry(key, -1)).toList(), 0);

    var paged = new ArrayList<Key>();
    var after = Optional.<Key>empty();
    for (var more = true; more;) {
      var page = state.hasWhat("ann", after, 2, 0);
      page.entries().forEach(entry -> paged.add(entry.key()));
      after = Optional.of(paged.getLast());
      more = page.more();
    }

    assertThat(paged).containsExactlyElementsOf(keys.stream().sorted((a, b) -> Arrays
        .compareUnsigned(a.text().getBytes(StandardCharsets.UTF_8),
            b.text().getBytes(StandardCharsets.UTF_8)))
        .toList());
  }

  @Test
  void ofManyHoldersSomeAreNamed() throws Exception {
    for (var i = 0; i < 100; i++) {
      var worker = worker("w" + i, i);
      state.join(worker, LEASE, 0);
      state.register(worker.id(), List.of(new Entry(X, 1)), 0);
    }
    assertThat(state.whoHas(List.of(X), 0).get(X)).hasSize(MetadataStore.HOLDERS_MAX)
        .doesNotHaveDuplicates();
  }

  /// Random events beside a naive model, which keeps a map per worker and looks at all of it.
  @Test
  void anyHistoryGivesWhatANaiveModelGives() {
    for (var seed = 0L; seed < 200; seed++) {
      new History(seed).run();
    }
  }

  private static final class History {
    private final long seed;
    private final Random random;
    private final MetadataState state = new MetadataState();
    private final Map<String, WorkerInfo> infos = new HashMap<>();
    private final Map<String, Long> expiries = new HashMap<>();
    private final Map<String, Map<Key, Long>> held = new HashMap<>();
    private long now;

    History(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    void run() {
      for (var i = 0; i < 300; i++) {
        var worker = worker("w" + random.nextInt(4), random.nextInt(2));
        var name = worker.id().name();
        var alive = worker.equals(infos.get(name));
        var entries = entries();
        var keys = entries.stream().map(Entry::key).toList();
        switch (random.nextInt(8)) {
          case 0, 1 -> {
            var free = alive || !infos.containsKey(name);
            assertThat(passes(() -> state.join(worker, LEASE, now))).as(where(i)).isEqualTo(free);
            if (free) {
              infos.put(name, worker);
              expiries.put(name, now + LEASE);
              held.computeIfAbsent(name, _ -> new HashMap<>());
            }
          }
          case 2 -> {
            assertThat(passes(() -> state.renew(worker.id(), now))).as(where(i)).isEqualTo(alive);
            if (alive) {
              expiries.put(name, now + LEASE);
            }
          }
          case 3 -> {
            state.leave(worker.id(), now);
            if (alive) {
              forget(name);
            }
          }
          case 4, 5 -> {
            assertThat(passes(() -> state.register(worker.id(), entries, now))).as(where(i))
                .isEqualTo(alive);
            if (alive) {
              entries.forEach(entry -> held(name).put(entry.key(), entry.sizeBytes()));
            }
          }
          case 6 -> {
            state.unregister(worker.id(), keys, now);
            if (alive) {
              held(name).keySet().removeAll(new HashSet<>(keys));
            }
          }
          default -> {
            now += random.nextInt(600);
            List.copyOf(expiries.entrySet()).stream().filter(lease -> lease.getValue() <= now)
                .forEach(lease -> forget(lease.getKey()));
          }
        }
        compare(i);
      }
    }

    private Map<Key, Long> held(String name) {
      var map = held.get(name);
      assertThat(map).isNotNull();
      return map == null ? Map.of() : map;
    }

    private void forget(String name) {
      infos.remove(name);
      expiries.remove(name);
      held.remove(name);
    }

    private List<Entry> entries() {
      var keys = new TreeMap<Key, Entry>();
      for (var i = random.nextInt(4); i >= 0; i--) {
        var key = Key.of("k" + random.nextInt(8));
        keys.put(key, new Entry(key, random.nextInt(3)));
      }
      return List.copyOf(keys.values());
    }

    private void compare(int step) {
      var keys = new ArrayList<Key>();
      var expected = new HashMap<Key, Set<Holder>>();
      for (var i = 0; i < 8; i++) {
        var key = Key.of("k" + i);
        keys.add(key);
        held.forEach((name, map) -> {
          var info = infos.get(name);
          if (map.get(key) instanceof Long size && info != null) {
            expected.computeIfAbsent(key, _ -> new HashSet<>()).add(holder(info, size));
          }
        });
      }
      var actual = new HashMap<Key, Set<Holder>>();
      state.whoHas(keys, now).forEach((key, list) -> actual.put(key, Set.copyOf(list)));
      state.checkInvariants();
      assertThat(actual).as(where(step)).isEqualTo(expected);
      assertThat(state.workers(now)).as(where(step))
          .containsExactlyInAnyOrderElementsOf(infos.values());
    }

    private String where(int step) {
      return "seed " + seed + ", step " + step;
    }

    private static boolean passes(Action action) {
      try {
        action.run();
        return true;
      } catch (MetadataException e) {
        return false;
      }
    }

    private interface Action {
      void run() throws MetadataException;
    }
  }
}
