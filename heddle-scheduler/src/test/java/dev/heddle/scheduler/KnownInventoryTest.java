package dev.heddle.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.Message.Inventory;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KnownInventoryTest {
  private final KnownInventory known = new KnownInventory("w", entries("d", "b", "e"));

  private static List<Entry> entries(String... keys) {
    return Stream.of(keys).map(key -> new Entry(Key.of(key), 1)).toList();
  }

  private static Optional<Key> after(String key) {
    return Optional.of(Key.of(key));
  }

  @Test
  void allPagesTogetherHaveEveryKeyOnce() {
    assertThat(known.completed(new Inventory(entries("a", "b"), true), Optional.empty(), 2))
        .isEqualTo(new Inventory(entries("a", "b"), true));
    assertThat(known.completed(new Inventory(entries("c", "f"), true), after("b"), 2))
        .isEqualTo(new Inventory(entries("c", "d"), true));
    assertThat(known.completed(new Inventory(entries("f", "g"), false), after("d"), 2))
        .isEqualTo(new Inventory(entries("e", "f"), true));
    assertThat(known.completed(new Inventory(entries("g"), false), after("f"), 2))
        .isEqualTo(new Inventory(entries("g"), false));
  }

  @Test
  void whatTheStoreHasNotIsToldWhereItEnds() {
    assertThat(known.completed(new Inventory(List.of(), false), Optional.empty(), 2))
        .isEqualTo(new Inventory(entries("b", "d"), true));
    assertThat(known.completed(new Inventory(List.of(), false), after("d"), 2))
        .isEqualTo(new Inventory(entries("e"), false));
    assertThat(known.completed(new Inventory(List.of(), false), after("e"), 2))
        .isEqualTo(new Inventory(List.of(), false));
  }
}
