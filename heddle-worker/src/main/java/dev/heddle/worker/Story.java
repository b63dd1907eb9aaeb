package dev.heddle.worker;

import dev.heddle.wire.Key;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened to keys lately: a bounded log, oldest first out.
final class Story {
  /// How many transitions are remembered.
  static final int ENTRIES_MAX = 20_000;

  /// @param from the state before, null for none
  /// @param to the state after, null for none
  record Line(long atNanos, Key key, @Nullable String from, @Nullable String to, String because) {
    @Override
    public String toString() {
      return "%.3f ms  %s: %s -> %s  because %s".formatted(atNanos / 1e6, key,
          from == null ? "unknown" : from, to == null ? "unknown" : to, because);
    }
  }

  private final ArrayDeque<Line> lines = new ArrayDeque<>();

  void add(long now, Key key, @Nullable KeyState from, @Nullable KeyState to, WorkerEvent because) {
    if (lines.size() == ENTRIES_MAX) {
      lines.removeFirst();
    }
    lines.add(new Line(now, key, nameOf(from), nameOf(to), because.getClass().getSimpleName()));
  }

  private static @Nullable String nameOf(@Nullable KeyState state) {
    return state == null ? null : state.getClass().getSimpleName();
  }

  List<Line> of(Key key) {
    return lines.stream().filter(line -> line.key().equals(key)).toList();
  }
}
