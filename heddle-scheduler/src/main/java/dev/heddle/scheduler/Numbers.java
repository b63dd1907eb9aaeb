package dev.heddle.scheduler;

import dev.heddle.wire.LongMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client's numbers, and the tasks behind them: in pages, which go when they are empty.
final class Numbers {
  private static final int PAGE_BITS = 8;
  private static final int PAGE_MASK = (1 << PAGE_BITS) - 1;

  private static final class Page {
    final long page;
    final @Nullable Task[] tasks = new @Nullable Task[1 << PAGE_BITS];
    int count;

    Page(long page) {
      this.page = page;
    }
  }

  private final LongMap<Page> pages = new LongMap<>();
  private @Nullable Page last;
  private int size;
  private long highest;

  int size() {
    return size;
  }

  /// The highest number that was ever in use.
  long highest() {
    return highest;
  }

  @Nullable
  Task get(long number) {
    var page = page(number >>> PAGE_BITS);
    return page == null ? null : page.tasks[(int) number & PAGE_MASK];
  }

  /// @param number one that is not in use
  void put(long number, Task task) {
    var at = number >>> PAGE_BITS;
    var page = page(at);
    if (page == null) {
      page = new Page(at);
      pages.put(at, page);
      last = page;
    }
    page.tasks[(int) number & PAGE_MASK] = task;
    page.count++;
    size++;
    highest = Math.max(highest, number);
  }

  /// @return what it meant, if anything
  @Nullable
  Task remove(long number) {
    var page = page(number >>> PAGE_BITS);
    if (page == null) {
      return null;
    }
    var index = (int) number & PAGE_MASK;
    var task = page.tasks[index];
    if (task != null) {
      page.tasks[index] = null;
      size--;
      if (--page.count == 0) {
        pages.remove(page.page);
        last = null;
      }
    }
    return task;
  }

  /// The numbers in use that are at least `first` and below `end`, in order, as far as one step goes.
  ///
  /// @return where to go on, or `end`
  long nextPage(long first, long end) {
    return page(first >>> PAGE_BITS) == null
        ? Math.min(end, ((first >>> PAGE_BITS) + 1) << PAGE_BITS)
        : first;
  }

  /// All numbers in use, in order.
  List<Long> all() {
    var all = new ArrayList<Long>();
    pages.values().forEach(page -> {
      for (var i = 0; i <= PAGE_MASK; i++) {
        if (page.tasks[i] != null) {
          all.add((page.page << PAGE_BITS) + i);
        }
      }
    });
    all.sort(null);
    return all;
  }

  private @Nullable Page page(long at) {
    var known = last;
    if (known != null && known.page == at) {
      return known;
    }
    var found = pages.get(at);
    if (found != null) {
      last = found;
    }
    return found;
  }
}
