package dev.heddle;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;

/// How far something is: one line that is overwritten where a person watches, a line now and then elsewhere.
///
/// For one thread. Cheap to call often: most calls only look at the clock.
public final class ProgressBar implements AutoCloseable {
  private static final long INTERACTIVE_NANOS = Duration.ofMillis(100).toNanos();
  private static final long PIPE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final int BAR_MAX = 30;
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final Terminal terminal;
  private final String title;
  private final LongSupplier nanoTime;
  private long shownNanos;
  private long done;
  private long total;
  private String note = "";
  private boolean hasState;
  private boolean lastIsShown = true;

  /// @param out where it is drawn: `System.err`, so that it does not mix with what a program prints
  /// @param terminal what `out` is connected to
  public ProgressBar(PrintStream out, Terminal terminal, String title) {
    this(out, terminal, title, System::nanoTime);
  }

  ProgressBar(PrintStream out, Terminal terminal, String title, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.title = title;
    this.nanoTime = nanoTime;
    shownNanos = nanoTime.getAsLong();
  }

  /// Says that `done` of `total` is done; `note` is what else is worth a few words, or empty.
  public void update(long done, long total, String note) {
    this.done = done;
    this.total = total;
    this.note = note;
    hasState = true;
    lastIsShown = false;
    var now = nanoTime.getAsLong();
    if (now - shownNanos >= (terminal.interactive() ? INTERACTIVE_NANOS : PIPE_NANOS)) {
      shownNanos = now;
      show();
    }
  }

  /// Leaves a sentence on a line of its own, above the bar.
  public void say(String sentence) {
    out.print((terminal.interactive() ? ERASE_LINE : "") + sentence + "\n");
    out.flush();
    lastIsShown = !hasState;
  }

  private void show() {
    if (!lastIsShown) {
      out.print(terminal.interactive()
          ? ERASE_LINE + bar(done, total, note)
          : sentence(done, total, note) + "\n");
      out.flush();
      lastIsShown = true;
    }
  }

  /// Leaves the last state on a line of its own.
  @Override
  public void close() {
    show();
    if (terminal.interactive() && hasState) {
      out.print("\n");
      out.flush();
    }
  }

  private String bar(long done, long total, String note) {
    var text = "  " + percent(done, total) + "  " + done + "/" + total
        + (note.isEmpty() ? "" : "  " + note);
    var room = Math.min(BAR_MAX, terminal.columns() - title.length() - text.length() - 4);
    if (room < 5) {
      return cut(title + text);
    }
    var full = total <= 0 ? 0 : Math.clamp(room * done / total, 0, room);
    var blocks = StandardCharsets.UTF_8.equals(out.charset());
    var bar = (blocks ? "█" : "#").repeat(full);
    var rest = (blocks ? "░" : "-").repeat(room - full);
    return title + "  " + (terminal.color() ? "\u001b[36m" + bar + "\u001b[0m" : bar) + rest + text;
  }

  /// A line that is too long would wrap, and could no longer be overwritten.
  private String cut(String line) {
    var max = Math.max(1, terminal.columns() - 1);
    return line.length() <= max ? line : line.substring(0, max);
  }

  private String sentence(long done, long total, String note) {
    return title + ": " + percent(done, total).strip() + ", " + done + " of " + total
        + (note.isEmpty() ? "" : ", " + note);
  }

  private static String percent(long done, long total) {
    return String.format("%3d %%", total <= 0 ? 0 : Math.clamp(100 * done / total, 0, 100));
  }
}
