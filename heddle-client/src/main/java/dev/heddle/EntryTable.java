package dev.heddle;

import dev.heddle.wire.LongMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The tasks of a client by their numbers. Numbers are given one after another, so neighbours lie side by side,
/// in pages: most looks are at the page of the look before. Guarded by the ledger's turn.
final class EntryTable {
  /// Few enough that a page which is left for one entry's sake costs little.
  private static final int PAGE_BITS = 8;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;

  private static final class Page {
    final long number;
    final @Nullable Entry[] entries = new @Nullable Entry[PAGE_SIZE];
    int size;

    Page(long number) {
      this.number = number;
    }
  }

  private static final Page NONE = new Page(-1);

  private final LongMap<Page> pages = new LongMap<>();
  private Page last = NONE;
  private int size;
  /// Written inside the turn.
  private final AtomicInteger ownPlaces = new AtomicInteger();

  int size() {
    return size;
  }

  @Nullable
  Entry get(long number) {
    var page = page(number >>> PAGE_BITS);
    return page == null ? null : page.entries[at(number)];
  }

  private @Nullable Page page(long number) {
    if (last.number == number) {
      return last;
    }
    var page = pages.get(number);
    if (page != null) {
      last = page;
    }
    return page;
  }

  /// @param entry of a number that is not there yet
  void add(Entry entry) {
    var number = entry.number >>> PAGE_BITS;
    var page = page(number);
    if (page == null) {
      page = new Page(number);
      pages.put(number, page);
      last = page;
    }
    page.entries[at(entry.number)] = entry;
    page.size++;
    size++;
    if (hasOwnPlace(entry)) {
      ownPlaces.lazySet(ownPlaces.getPlain() + 1);
    }
  }

  private static boolean hasOwnPlace(Entry entry) {
    var place = entry.submitted;
    return place != null && place.isOwn();
  }

  /// How many have a place of submission of their own. For any thread.
  int ownPlaces() {
    return ownPlaces.get();
  }

  /// @return false if it was not there
  boolean remove(Entry entry) {
    var page = page(entry.number >>> PAGE_BITS);
    if (page == null || page.entries[at(entry.number)] != entry) {
      return false;
    }
    page.entries[at(entry.number)] = null;
    size--;
    if (hasOwnPlace(entry)) {
      ownPlaces.lazySet(ownPlaces.getPlain() - 1);
    }
    if (--page.size == 0) {
      pages.remove(page.number);
      last = NONE;
    }
    return true;
  }

  private static int at(long number) {
    return (int) number & (PAGE_SIZE - 1);
  }

  List<Entry> all() {
    var all = new ArrayList<Entry>(size);
    for (var page : pages.values()) {
      for (var entry : page.entries) {
        if (entry != null) {
          all.add(entry);
        }
      }
    }
    return all;
  }
}
