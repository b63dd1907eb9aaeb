package dev.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountsTest {
  @Test
  void aMergeHoldsTheSumsOfBoth() {
    var merged = Counts.of(Map.of("a", 1L, "ab", 2L)).merge(Counts.of(Map.of("ab", 40L, "b", 3L)));
    assertThat(merged).isEqualTo(Counts.of(Map.of("a", 1L, "ab", 42L, "b", 3L)));
    assertThat(merged.size()).isEqualTo(3);
    assertThat(merged.total()).isEqualTo(46);
  }

  @Test
  void mergingChangesNeitherOfBoth() {
    var a = Counts.of(Map.of("a", 1L));
    var b = Counts.of(Map.of("a", 2L));
    assertThat(a.merge(b).get("a")).isEqualTo(3);
    assertThat(List.of(a.get("a"), b.get("a"))).containsExactly(1L, 2L);
  }

  @Test
  void nothingIsTheNeutralElement() {
    var a = Counts.of(Map.of("a", 1L));
    assertThat(a.merge(Counts.NONE)).isEqualTo(a);
    assertThat(Counts.NONE.merge(a)).isEqualTo(a);
    assertThat(Counts.NONE.merge(Counts.NONE)).isEqualTo(Counts.NONE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyOrderOfMergingGivesTheSameAsAMap(long seed) {
    var random = new Random(seed);
    var parts = IntStream.range(0, 12).mapToObj(_ -> randomCounts(random)).toList();
    var expected = new HashMap<String, Long>();
    parts.forEach(part -> part.forEach((name, count) -> expected.merge(name, count, Long::sum)));
    var rest = new ArrayList<>(parts.stream().map(Counts::of).toList());
    while (rest.size() > 1) {
      var a = rest.remove(random.nextInt(rest.size()));
      var b = rest.remove(random.nextInt(rest.size()));
      rest.add(a.merge(b));
    }
    assertThat(rest.getFirst()).isEqualTo(Counts.of(expected));
    expected.forEach((name, count) -> assertThat(rest.getFirst().get(name)).isEqualTo(count));
  }

  @Test
  void theTopIsTheMostFrequentThenByName() {
    var counts = Counts.of(Map.of("d", 7L, "b", 9L, "c", 7L, "a", 1L, "e", 7L));
    assertThat(counts.top(3)).extracting(Counts.Count::name).containsExactly("b", "c", "d");
    assertThat(counts.top(99)).extracting(Counts.Count::name).containsExactly("b", "c", "d", "e",
        "a");
    assertThat(counts.top(0)).isEmpty();
    assertThat(Counts.NONE.top(5)).isEmpty();
  }

  @Test
  void anUnknownNameWasCountedZeroTimes() {
    assertThat(Counts.of(Map.of("ab", 1L)).get("a")).isZero();
  }

  @Test
  void itTravels() throws Exception {
    var counts = Counts.of(
        Map.of("java.util.List.add", 1L << 62, "é", 0L, "x".repeat(70_000), 128L, "", 127L));
    assertThat(Travel.there(counts)).isEqualTo(counts);
    assertThat(counts.get("x".repeat(70_000))).isEqualTo(128);
    assertThat(counts.get("")).isEqualTo(127);
  }

  /// Names that share beginnings, are prefixes of each other, and lie beyond ASCII.
  private static Map<String, Long> randomCounts(Random random) {
    var counts = new HashMap<String, Long>();
    for (var i = 0; i < 200; i++) {
      var name = new StringBuilder();
      for (var length = random.nextInt(6); length > 0; length--) {
        name.append(random.nextInt(10) == 0
            ? "\uD83D\uDE00"
            : String.valueOf("abcé\uFFFD".charAt(random.nextInt(5))));
      }
      counts.put(name.toString(), (long) random.nextInt(1, 100_000));
    }
    return counts;
  }
}
