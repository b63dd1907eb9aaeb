package dev.heddle.dashboard;

import dev.heddle.wire.Message.Activity;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;

/// Which worker fetched how much from which other, in all and lately.
///
/// For any number of threads.
final class Traffic {
  private static final int PAIRS_MAX = 100_000;
  private static final int PAIRS_TOLD_MAX = 2_500;
  private static final int RECENT_MAX = 100;

  private static final class Pair {
    final String from;
    final String to;
    long transfers;
    long values;
    long bytes;
    long micros;
    long lastEpochMicros;

    Pair(String from, String to) {
      this.from = from;
      this.to = to;
    }
  }

  private record Recent(String to, Activity.Fetched what) {}

  private static final Comparator<Recent> BY_SIZE = Comparator
      .comparingLong(each -> each.what().sizeBytes());

  private Traffic(Queue<Recent> some) {
    this.some = some;
  }

  /// Remembers the last transfers one by one.
  static Traffic ofLatest() {
    return new Traffic(new ArrayDeque<>());
  }

  /// Remembers the largest transfers one by one.
  static Traffic ofLargest() {
    return new Traffic(new PriorityQueue<>(BY_SIZE));
  }

  private final Map<String, Pair> pairs = new LinkedHashMap<>();
  /// The first of these goes when there are too many.
  private final Queue<Recent> some;
  private final Map<String, long[]> totals = new HashMap<>();
  private long bytes;

  synchronized void add(String worker, List<Activity> activities) {
    for (var activity : activities) {
      if (activity instanceof Activity.Fetched fetched) {
        add(worker, fetched);
      }
    }
  }

  private void add(String to, Activity.Fetched what) {
    var name = what.from() + "\n" + to;
    var pair = pairs.get(name);
    if (pair == null && pairs.size() < PAIRS_MAX) {
      pair = new Pair(what.from(), to);
      pairs.put(name, pair);
    }
    var size = Math.max(0, what.sizeBytes());
    if (pair != null) {
      pair.transfers++;
      pair.values += what.count();
      pair.bytes += size;
      pair.micros += Math.max(0, what.endEpochMicros() - what.startEpochMicros());
      pair.lastEpochMicros = Math.max(pair.lastEpochMicros, what.endEpochMicros());
    }
    total(to)[0] += size;
    total(what.from())[1] += size;
    bytes += size;
    some.add(new Recent(to, what));
    if (some.size() > RECENT_MAX) {
      some.remove();
    }
  }

  private long[] total(String worker) {
    return totals.computeIfAbsent(worker, _ -> new long[2]);
  }

  /// What a worker got from others so far.
  synchronized long in(String worker) {
    return totals.getOrDefault(worker, new long[2])[0];
  }

  /// What a worker gave to others so far.
  synchronized long out(String worker) {
    return totals.getOrDefault(worker, new long[2])[1];
  }

  synchronized long bytes() {
    return bytes;
  }

  /// The last one, or the largest, first.
  private List<Recent> told() {
    var all = new ArrayList<>(some);
    if (some instanceof PriorityQueue<Recent>) {
      all.sort(BY_SIZE);
    }
    return all.reversed();
  }

  synchronized String json() {
    var json = new Json().object().add("bytes", bytes).add("pairsOmitted",
        Math.max(0, pairs.size() - PAIRS_TOLD_MAX)).array("pairs");
    pairs.values().stream().sorted(Comparator.comparingLong((Pair pair) -> -pair.bytes))
        .limit(PAIRS_TOLD_MAX)
        .forEach(pair -> json.object().add("from", pair.from).add("to", pair.to)
            .add("transfers", pair.transfers).add("values", pair.values).add("bytes", pair.bytes)
            .add("micros", pair.micros).add("last", pair.lastEpochMicros).endObject());
    json.endArray().array("recent");
    told().forEach(each -> json.object().add("from", each.what.from()).add("to", each.to)
        .add("key", each.what.first().text()).add("count", each.what.count())
        .add("bytes", each.what.sizeBytes()).add("start", each.what.startEpochMicros())
        .add("micros", each.what.endEpochMicros() - each.what.startEpochMicros()).endObject());
    return json.endArray().endObject().toString();
  }
}
