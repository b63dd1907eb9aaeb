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

  /// A line before anybody reads it.
  private record Note(long atNanos, Key key, @Nullable Class<?> from, @Nullable Class<?> to,
      Class<?> because) {
    Line line() {
      return new Line(atNanos, key, nameOf(from), nameOf(to), because.getSimpleName());
    }
  }

  private final ArrayDeque<Note> notes = new ArrayDeque<>();

  void add(long now, Key key, @Nullable KeyState from, @Nullable KeyState to, WorkerEvent because) {
    if (notes.size() == ENTRIES_MAX) {
      notes.removeFirst();
    }
    notes.add(new Note(now, key, classOf(from), classOf(to), because.getClass()));
  }

  private static @Nullable Class<?> classOf(@Nullable KeyState state) {
    return state == null ? null : state.getClass();
  }

  private static @Nullable String nameOf(@Nullable Class<?> state) {
    return state == null ? null : state.getSimpleName();
  }

  List<Line> of(Key key) {
    return notes.stream().filter(note -> note.key().equals(key)).map(Note::line).toList();
  }
}
