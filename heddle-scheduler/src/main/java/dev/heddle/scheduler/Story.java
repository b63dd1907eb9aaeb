package dev.heddle.scheduler;

import dev.heddle.wire.Key;
import dev.heddle.wire.WorkerId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The transitions of tasks lately: a ring of plain numbers, oldest overwritten first. A task is in
/// it as its owner's serial and its number, which outlive the task and are never another's.
final class Story {
  /// How many transitions are remembered; a power of two.
  static final int LINES_MAX = 1 << 16;
  private static final int MASK = LINES_MAX - 1;
  private static final TaskState[] STATES = TaskState.values();
  private static final Cause[] CAUSES = Cause.values();

  private final long[] times = new long[LINES_MAX];
  private final long[] numbers = new long[LINES_MAX];
  private final int[] owners = new int[LINES_MAX];
  /// From, to and cause, 8 bits each.
  private final int[] whats = new int[LINES_MAX];
  private final @Nullable WorkerId[] workers = new @Nullable WorkerId[LINES_MAX];
  private final Audience audience;
  private long count;

  Story(Audience audience) {
    this.audience = audience;
  }

  void add(long nowNanos, Task task, TaskState from, TaskState to, Cause cause,
      @Nullable WorkerId worker) {
    var at = (int) count++ & MASK;
    times[at] = nowNanos;
    numbers[at] = task.number;
    owners[at] = task.template.owner.serial;
    whats[at] = from.code() | (to.code() << 8) | (cause.code() << 16);
    workers[at] = worker;
    if (audience.listens()) {
      audience.hear(task.key(), from, to, cause, worker);
    }
  }

  /// The lines of one task, oldest first; of one that has been forgotten, too.
  List<Line> of(int owner, long number) {
    var lines = new ArrayList<Line>();
    for (var i = Math.max(0, count - LINES_MAX); i < count; i++) {
      var at = (int) i & MASK;
      if (owners[at] == owner && numbers[at] == number) {
        lines.add(line(at));
      }
    }
    return lines;
  }

  long count() {
    return count;
  }

  /// The last lines of all tasks, oldest first: how many ms before the last one, whose task and its
  /// number, what and why.
  String tell(int max) {
    var last = times[(int) (count - 1) & MASK];
    var text = new StringBuilder();
    for (var i = Math.max(0, count - max); i < count; i++) {
      var at = (int) i & MASK;
      text.append("-%.3f ms  client %d, task %d: ".formatted((last - times[at]) / 1e6, owners[at],
          numbers[at])).append(line(at).text()).append('\n');
    }
    return text.toString();
  }

  private Line line(int at) {
    var what = whats[at];
    var worker = workers[at];
    return new Line(times[at],
        "%s -> %s  because %s%s".formatted(STATES[what & 0xFF].text(),
            STATES[(what >>> 8) & 0xFF].text(), CAUSES[what >>> 16].text(),
            worker == null ? "" : " " + worker));
  }

  /// Who else is told each transition as it happens.
  interface Audience {
    /// Tells nobody.
    Audience NONE = new Audience() {
      @Override
      public boolean listens() {
        return false;
      }

      @Override
      public void hear(Key task, TaskState from, TaskState to, Cause because,
          @Nullable WorkerId worker) {}
    };

    /// Asked for each transition, so next to free.
    boolean listens();

    void hear(Key task, TaskState from, TaskState to, Cause because, @Nullable WorkerId worker);
  }

  /// One transition.
  ///
  /// @param atNanos when, on the core's clock
  /// @param text what, and why
  record Line(long atNanos, String text) {
    @Override
    public String toString() {
      return "%.3f ms  %s".formatted(atNanos / 1e6, text);
    }
  }
}
