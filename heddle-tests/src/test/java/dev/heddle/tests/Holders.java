package dev.heddle.tests;

import dev.heddle.metadata.MetadataException;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import java.util.List;
import java.util.NoSuchElementException;

/// Who has a key, by what a store knows.
final class Holders {
  private Holders() {}

  static List<Holder> of(MetadataStore store, Key key)
      throws MetadataException, InterruptedException {
    return store.whoHas(List.of(key)).getOrDefault(key, List.of());
  }

  /// Their names, sorted.
  static List<String> names(MetadataStore store, Key key)
      throws MetadataException, InterruptedException {
    return of(store, key).stream().map(holder -> holder.worker().name()).sorted().toList();
  }

  /// The one with that name.
  static Holder named(MetadataStore store, Key key, String worker)
      throws MetadataException, InterruptedException {
    return of(store, key).stream().filter(holder -> holder.worker().name().equals(worker))
        .findFirst().orElseThrow(() -> new NoSuchElementException(worker + " has no " + key));
  }
}
