package dev.heddle.metadata;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Entry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// How far a registrar is in comparing inventories. Owned by the registrar.
final class InventoryPages {
  private final Inventory inventory;
  private int run;
  private Optional<Key> after = Optional.empty();
  private Optional<Iterator<Entry>> rest = Optional.empty();

  InventoryPages(Inventory inventory) {
    this.inventory = inventory;
  }

  /// @param run
  ///          another one than before begins anew
  InventoryPages in(int run) {
    if (this.run != run) {
      this.run = run;
      after = Optional.empty();
      rest = Optional.empty();
    }
    return this;
  }

  /// The last key of the store's inventory that was looked at.
  Optional<Key> after() {
    return after;
  }

  void advance(Message.Inventory page) {
    if (!page.entries().isEmpty()) {
      after = Optional.of(page.entries().getLast().key());
    }
  }

  /// The next part of the worker's inventory, empty at its end.
  List<Entry> nextPage() {
    var entries = rest.orElseGet(inventory::entries);
    rest = Optional.of(entries);
    var page = new ArrayList<Entry>();
    while (page.size() < MetadataStore.PAGE_MAX && entries.hasNext()) {
      page.add(entries.next());
    }
    return page;
  }

  boolean hasNext() {
    return rest.isPresent() && rest.get().hasNext();
  }
}
