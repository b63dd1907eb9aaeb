package dev.heddle.worker;

import dev.heddle.wire.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What happened to keys lately: a bounded log, oldest first out.
final class Story {
  /// How many transitions are remembered.
  static final int ENTRIES_MAX = 20_000;
  private static final Pattern CAPITAL = Pattern.compile("(?<!^)([A-Z])");

  /// @param from the state before, null for none
  /// @param to the state after, null for none
  record Line(long atNanos, Key key, @Nullable String from, @Nullable String to, String because) {
    /// What happened, and why.
    String text() {
      return "%s -> %s  because %s".formatted(from == null ? "unknown" : from,
          to == null ? "unknown" : to, because);
    }

    @Override
    public String toString() {
      return "%.3f ms  %s: %s".formatted(atNanos / 1e6, key, text());
    }
  }

  // One transition a place, in a ring: to write one down makes no object.
  private final long[] atNanos = new long[ENTRIES_MAX];
  private final @Nullable Key[] keys = new @Nullable Key[ENTRIES_MAX];
  private final @Nullable Class<?>[] from;
  private final @Nullable Class<?>[] to;
  private final @Nullable Class<?>[] because;
  /// Where the next one goes, and the oldest is.
  private int next;

  Story() {
    from = new @Nullable Class<?>[ENTRIES_MAX];
    to = new @Nullable Class<?>[ENTRIES_MAX];
    because = new @Nullable Class<?>[ENTRIES_MAX];
  }

  void add(long now, Key key, @Nullable KeyState before, @Nullable KeyState after,
      WorkerEvent event) {
    var at = next;
    atNanos[at] = now;
    keys[at] = key;
    from[at] = classOf(before);
    to[at] = classOf(after);
    because[at] = event.getClass();
    next = at + 1 == ENTRIES_MAX ? 0 : at + 1;
  }

  private static @Nullable Class<?> classOf(@Nullable KeyState state) {
    return state == null ? null : state.getClass();
  }

  private static @Nullable String nameOf(@Nullable Class<?> state) {
    return state == null ? null : words(state);
  }

  /// `ComputeAsked` as `compute asked`.
  private static String words(Class<?> type) {
    return CAPITAL.matcher(type.getSimpleName()).replaceAll(" $1").toLowerCase(Locale.ROOT);
  }

  List<Line> of(Key key) {
    var lines = new ArrayList<Line>();
    for (var i = 0; i < ENTRIES_MAX; i++) {
      var at = (next + i) % ENTRIES_MAX;
      if (keys[at] instanceof Key one && one.equals(key)) {
        lines.add(new Line(atNanos[at], key, nameOf(from[at]), nameOf(to[at]),
            words(Objects.requireNonNull(because[at]))));
      }
    }
    return lines;
  }

  /// The last lines of all keys, oldest first, with how many ms ago each was by the last of them.
  String tell(int max) {
    var last = atNanos[(next + ENTRIES_MAX - 1) % ENTRIES_MAX];
    var text = new StringBuilder();
    for (var i = ENTRIES_MAX - max; i < ENTRIES_MAX; i++) {
      var at = (next + i) % ENTRIES_MAX;
      if (keys[at] instanceof Key key) {
        text.append("-%.3f ms  %s: ".formatted((last - atNanos[at]) / 1e6, key)).append(
            new Line(atNanos[at], key, nameOf(from[at]), nameOf(to[at]),
                words(Objects.requireNonNull(because[at]))).text())
            .append('\n');
      }
    }
    return text.toString();
  }
}
