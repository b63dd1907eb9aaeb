package dev.heddle.dashboard;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Activity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How long functions ran, by name and by worker. Times are microseconds, and since 1970 by the workers' clocks.
///
/// For one thread.
final class Runs {
  private static final int NAMES_MAX = 2_000;

  /// Those of one name.
  ///
  /// @param failed how many of them
  /// @param longestKey whose function ran for longest
  record Named(String name, int count, int failed, long totalMicros, long medianMicros,
      long longestMicros, Key longestKey) {}

  /// Those of one worker.
  ///
  /// @param slotMicros without those that needed no slot
  record Worked(int count, int failed, long slotMicros) {
    static final Worked NOTHING = new Worked(0, 0, 0);
  }

  private static final class OfName {
    private long[] micros = new long[16];
    private int count;
    private int failed;
    private long longest = -1;
    private @Nullable Key longestKey;

    void add(Key key, long took, boolean well) {
      if (count == micros.length) {
        micros = Arrays.copyOf(micros, 2 * count);
      }
      micros[count++] = took;
      failed += well ? 0 : 1;
      if (took > longest) {
        longest = took;
        longestKey = key;
      }
    }

    Named named(String name) {
      var sorted = Arrays.copyOf(micros, count);
      Arrays.sort(sorted);
      return new Named(name, count, failed, Arrays.stream(sorted).sum(), sorted[count / 2],
          longest, Objects.requireNonNull(longestKey));
    }
  }

  private final Names names = new Names(NAMES_MAX);
  private final List<OfName> byName = new ArrayList<>();
  private final Map<String, Worked> byWorker = new HashMap<>();
  private final Map<Key, Integer> timesByKey = new HashMap<>();
  private final List<long[]> spans = new ArrayList<>();

  void add(String worker, Activity.Ran ran) {
    var took = Math.max(0, ran.endEpochMicros() - ran.startEpochMicros());
    var place = names.of(Names.ofKey(ran.key().text()));
    while (byName.size() <= place) {
      byName.add(new OfName());
    }
    byName.get(place).add(ran.key(), took, ran.succeeded());
    byWorker.merge(worker,
        new Worked(1, ran.succeeded() ? 0 : 1, ran.slot() > 0 ? took : 0),
        (one, other) -> new Worked(one.count + other.count, one.failed + other.failed,
            one.slotMicros + other.slotMicros));
    timesByKey.merge(ran.key(), 1, Integer::sum);
    spans.add(new long[]{ran.startEpochMicros(), ran.startEpochMicros() + took});
  }

  int count() {
    return spans.size();
  }

  /// Those that took most in all, first.
  List<Named> named() {
    var all = new ArrayList<Named>();
    for (var place = 0; place < byName.size(); place++) {
      all.add(byName.get(place).named(names.get(place)));
    }
    all.sort(
        Comparator.comparingLong((Named each) -> -each.totalMicros).thenComparing(Named::name));
    return all;
  }

  Worked of(String worker) {
    return byWorker.getOrDefault(worker, Worked.NOTHING);
  }

  long totalMicros() {
    return spans.stream().mapToLong(span -> span[1] - span[0]).sum();
  }

  long slotMicros() {
    return byWorker.values().stream().mapToLong(Worked::slotMicros).sum();
  }

  /// When the first began; 0 if there was none.
  long firstEpochMicros() {
    return spans.stream().mapToLong(span -> span[0]).min().orElse(0);
  }

  /// When the last ended; 0 if there was none.
  long lastEpochMicros() {
    return spans.stream().mapToLong(span -> span[1]).max().orElse(0);
  }

  /// For how long anything ran at all.
  long anythingMicros() {
    var inOrder = new ArrayList<>(spans);
    inOrder.sort(Comparator.comparingLong(span -> span[0]));
    var sum = 0L;
    var until = Long.MIN_VALUE;
    for (var span : inOrder) {
      sum += Math.max(0, span[1] - Math.max(span[0], until));
      until = Math.max(until, span[1]);
    }
    return sum;
  }

  /// How many tasks ran more than once.
  long again() {
    return timesByKey.values().stream().filter(times -> times > 1).count();
  }
}
