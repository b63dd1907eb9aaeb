package dev.heddle.simulation;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Looks for the shortest history in which the same goes wrong: leaves steps out, first many and then
/// few, for as long as it still does.
final class Shrinking {
  private static final int RUNS_MAX = 300;

  private final long seed;
  private final String kind;
  private final RuntimeException first;
  private Set<Integer> omitted = Set.of();
  private int runs;

  Shrinking(long seed, RuntimeException failure) {
    this.seed = seed;
    this.first = failure;
    this.kind = kindOf(failure);
  }

  /// What is the same in two failures of the same kind.
  static String kindOf(RuntimeException failure) {
    return failure.getClass().getSimpleName() + ": " + String.valueOf(failure.getMessage()).lines()
        .findFirst().orElse("").replaceAll("'[^']*'", "KEY").replaceAll("\\[[^\\]]*\\]", "")
        .replaceAll("[0-9]+", "N");
  }

  String report() {
    var count = new ClusterSimulation(seed, Set.of(), false).stepsCount();
    for (var size = Math.max(1, count / 2); size >= 1; size /= 2) {
      var progress = true;
      while (progress && runs < RUNS_MAX) {
        progress = false;
        for (var from = 0; from < count && runs < RUNS_MAX; from += size) {
          progress |= tryWithout(from, Math.min(count, from + size));
        }
        progress &= size == 1;
      }
    }
    var last = new ClusterSimulation(seed, omitted, true);
    var failure = last.failure();
    return last.report(failure == null
        ? new IllegalStateException("it did not fail when run again: " + first.getMessage(), first)
        : failure);
  }

  private boolean tryWithout(int from, int to) {
    var more = new TreeSet<>(omitted);
    for (var i = from; i < to; i++) {
      more.add(i);
    }
    if (more.size() == omitted.size()) {
      return false;
    }
    runs++;
    @Nullable
    RuntimeException failure = new ClusterSimulation(seed, more, false).failure();
    if (failure == null || !kindOf(failure).equals(kind)) {
      return false;
    }
    omitted = more;
    return true;
  }
}
