package dev.heddle.metadata.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.metadata.LeaseLostException;
import dev.heddle.metadata.MetadataUnavailableException;
import dev.heddle.metadata.Watch;
import dev.heddle.wire.Address;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Change;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.util.SafeEncoder;

/// What the store in Redis looks like from beside it, and how it takes what happens to a Redis.
@Timeout(60)
class RedisLayoutTest {
  private static final WorkerInfo ANN = new WorkerInfo(new WorkerId("worker-1", 42),
      new Address("10.0.0.7", 4000), "höst", 17, 2);
  private static final WorkerInfo BOB = new WorkerInfo(new WorkerId("worker-2", 43),
      new Address("10.0.0.8", 4000), "host", 18, 2);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static RealRedis redis;

  private final Jedis raw = redis.raw();
  private final RedisMetadataStore store = store("default");

  private static RedisMetadataStore store(String namespace) {
    return RedisMetadataStore.open(redis.address(namespace), PATIENCE);
  }

  @BeforeAll
  static void startRedis() throws IOException {
    redis = RealRedis.start();
  }

  @AfterAll
  static void stopRedis() throws IOException {
    redis.close();
  }

  @AfterEach
  void forget() {
    raw.flushAll();
    raw.close();
    store.close();
  }

  /// The examples of the documentation: each `$ redis-cli` line, and the lines that it prints.
  @Test
  void theDocumentedCommandsPrintWhatIsDocumented() throws Exception {
    store.join(ANN, LONG);
    store.join(BOB, LONG);
    store.register(ANN.id(), List.of(new Entry(Key.of("sum(3)"), 1024), new Entry(Key.of("x"), 8)));
    store.register(BOB.id(), List.of(new Entry(Key.of("x"), 8)));

    var checked = 0;
    var lines = Files.readAllLines(Path.of("..", "docs", "redis.md"));
    for (var i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("$ redis-cli ")) {
        var expected = new ArrayList<String>();
        for (var j = i + 1; !lines.get(j).startsWith("$") && !lines.get(j).startsWith("```"); j++) {
          expected.add(lines.get(j));
        }
        var printed = printed(lines.get(i).substring("$ redis-cli ".length()));
        for (var line : expected) {
          assertThat(printed).as(lines.get(i)).anySatisfy(actual -> assertThat(actual)
              .matches(
                  line.equals("1790000000000") ? "\\d{13}" : java.util.regex.Pattern.quote(line)));
        }
        assertThat(printed).as(lines.get(i)).hasSize(expected.size());
        checked++;
      }
    }
    assertThat(checked).isGreaterThanOrEqualTo(7);
  }

  private List<String> printed(String command) {
    var words = new ArrayList<String>();
    for (var word : command.split(" (?=(?:[^']*'[^']*')*[^']*$)", -1)) {
      words.add(word.replace("'", ""));
    }
    var answer = raw.sendCommand(() -> SafeEncoder.encode(words.getFirst()),
        words.subList(1, words.size()).toArray(String[]::new));
    var lines = new ArrayList<String>();
    print(answer, lines);
    return lines;
  }

  private static void print(Object answer, List<String> lines) {
    switch (answer) {
      case List<?> list -> list.forEach(item -> print(item, lines));
      case byte[] bytes -> lines.add(SafeEncoder.encode(bytes));
      default -> lines.add(String.valueOf(answer));
    }
  }

  @Test
  void everyKeyBeginsWithTheNamespaceAndEndsWithItsOwner() throws Exception {
    var other = store("lab");
    try (other) {
      other.join(ANN, LONG);
      other.register(ANN.id(), List.of(new Entry(Key.of("x"), 1)));
      store.join(ANN, LONG);
      assertThat(store.whoHas(List.of(Key.of("x")))).isEmpty();
      assertThat(keys()).allMatch(key -> key.startsWith("heddle:"));
      other.leave(ANN.id());
      assertThat(store.workers()).containsExactly(ANN);
      store.leave(ANN.id());
    }
    // Only the counters of leases stay.
    assertThat(keys()).containsExactlyInAnyOrder("heddle:default:lease", "heddle:lab:lease");
  }

  private Set<String> keys() {
    var keys = new TreeSet<String>();
    var cursor = "0";
    do {
      var page = raw.scan(cursor);
      keys.addAll(page.getResult());
      cursor = page.getCursor();
    } while (!cursor.equals("0"));
    return keys;
  }

  @Test
  void whatADeadWorkerLeftBehindIsClearedAway() throws Exception {
    var entries = IntStream.range(0, 3_000).mapToObj(i -> new Entry(Key.of("k" + i), i)).toList();
    try (var watch = store.watch("")) {
      store.join(BOB, LONG);
      store.join(ANN, LONG);
      store.register(ANN.id(), entries);
      // Only now, so that nothing has to be done in time.
      store.join(ANN, Duration.ofMillis(200));
      await(watch, new Change.Left(ANN.id()));
    }
    store.renew(BOB.id());
    assertThat(keys()).containsExactlyInAnyOrder("heddle:default:lease", "heddle:default:leases",
        "heddle:default:worker:worker-2");
  }

  @Test
  void aStaleHolderThatIsMetIsDropped() throws Exception {
    store.join(ANN, LONG);
    raw.hset("heddle:default:who:x", "worker-1", "999 8");
    raw.hset("heddle:default:who:x", "nobody", "1 8");
    assertThat(store.whoHas(List.of(Key.of("x")))).isEmpty();
    assertThat(raw.exists("heddle:default:who:x")).isFalse();
  }

  @Test
  void moreHoldersThanAreNamedAreNoTrouble() throws Exception {
    var key = Key.of("everywhere");
    for (var i = 0; i < 300; i++) {
      var worker = new WorkerInfo(new WorkerId("w" + i, i), ANN.address(), "h", 1, 1);
      store.join(worker, LONG);
      store.register(worker.id(), List.of(new Entry(key, 1)));
    }
    assertThat(store.whoHas(List.of(key)).get(key)).hasSize(64).doesNotHaveDuplicates();
    assertThat(store.workers()).hasSize(300);
  }

  @Test
  void withoutTheLeasesEveryWorkerHasToJoinAgain() throws Exception {
    store.join(ANN, LONG);
    store.register(ANN.id(), List.of(new Entry(Key.of("x"), 8), new Entry(Key.of("y"), 8)));
    raw.del("heddle:default:leases");
    assertThatThrownBy(() -> store.renew(ANN.id())).isInstanceOf(LeaseLostException.class);
    store.join(ANN, LONG);
    store.register(ANN.id(), List.of(new Entry(Key.of("x"), 8)));
    assertThat(store.whoHas(List.of(Key.of("x"), Key.of("y")))).containsOnlyKeys(Key.of("x"));
  }

  @Test
  void scriptsThatRedisForgotAreLoadedAgain() throws Exception {
    store.join(ANN, LONG);
    raw.scriptFlush();
    var entries = IntStream.range(0, 30_000).mapToObj(i -> new Entry(Key.of("k" + i), i)).toList();
    store.register(ANN.id(), entries);
    raw.scriptFlush();
    assertThat(store.whoHas(entries.stream().map(Entry::key).toList())).hasSize(30_000);
  }

  @Test
  void aWatchSaysThatChangesWereLostWhenRedisWasAway() throws Exception {
    try (var watch = store.watch("")) {
      redis.restart();
      assertThat(watch.receive(PATIENCE).orElseThrow().lost()).isTrue();
      store.join(ANN, LONG);
      await(watch, new Change.Joined(ANN));
    }
  }

  @Test
  void aWatchSurvivesWhatOthersPublish() throws Exception {
    try (var watch = store.watch("")) {
      raw.publish("heddle:default:changes", "hello");
      raw.publish("heddle:default:changes", "left\tann\tno number");
      store.join(ANN, LONG);
      await(watch, new Change.Joined(ANN));
    }
  }

  private static void await(Watch watch, Change wanted) throws Exception {
    var found = false;
    while (!found) {
      found = watch.receive(PATIENCE).orElseThrow().changes().contains(wanted);
    }
  }

  @Test
  void aUserWithTheDocumentedRightsCanDoEverything() throws Exception {
    var rights = Files.readAllLines(Path.of("..", "docs", "redis.md")).stream()
        .filter(line -> line.startsWith("ACL SETUSER ")).findFirst().orElseThrow().split(" ", -1);
    raw.sendCommand(Protocol.Command.ACL,
        java.util.Arrays.copyOfRange(rights, 1, rights.length));
    var limited = new RedisAddress(false, "127.0.0.1", redis.address("default").port(),
        Optional.of("heddle"), Optional.of("p@ss/word"), 0, "default");
    try (var asUser = RedisMetadataStore.open(limited, PATIENCE); var watch = asUser.watch("")) {
      var key = Key.of("x");
      asUser.join(ANN, LONG);
      asUser.renew(ANN.id());
      asUser.register(ANN.id(), List.of(new Entry(key, 8)));
      assertThat(asUser.whoHas(List.of(key))).hasSize(1);
      assertThat(asUser.hasWhat("worker-1", Optional.empty(), 10).entries()).hasSize(1);
      assertThat(asUser.workers()).containsExactly(ANN);
      asUser.unregister(ANN.id(), List.of(key));
      asUser.register(ANN.id(), List.of(new Entry(key, 8)));
      asUser.leave(ANN.id());
      await(watch, new Change.Left(ANN.id()));
    }
    assertThat(keys()).containsExactly("heddle:default:lease");
  }

  @Test
  void aWrongPasswordIsAnErrorThatDoesNotShowIt() {
    raw.sendCommand(Protocol.Command.ACL, "SETUSER", "ann", "on", ">right", "~*", "&*", "+@all");
    var wrong = new RedisAddress(false, "127.0.0.1", redis.address("default").port(),
        Optional.of("ann"), Optional.of("hunter2"), 0, "default");
    try (var stranger = RedisMetadataStore.open(wrong, PATIENCE)) {
      assertThat(stranger).hasToString(wrong.toString());
      assertThatThrownBy(stranger::workers).isInstanceOf(MetadataUnavailableException.class)
          .hasMessageContaining("WRONGPASS").satisfies(RedisLayoutTest::showsNoPassword);
      assertThatThrownBy(() -> stranger.watch(""))
          .isInstanceOf(MetadataUnavailableException.class)
          .satisfies(RedisLayoutTest::showsNoPassword);
    }
  }

  private static void showsNoPassword(Throwable e) {
    assertThat(org.assertj.core.util.Throwables.getStackTrace(e)).doesNotContain("hunter2");
  }

  @Test
  void whatRedisRefusesIsToldWithItsReason() throws Exception {
    store.join(ANN, LONG);
    raw.set("heddle:default:who:x", "somebody's");
    assertThatThrownBy(() -> store.whoHas(List.of(Key.of("x"))))
        .isInstanceOf(MetadataUnavailableException.class).hasMessageContaining("WRONGTYPE");
  }
}
