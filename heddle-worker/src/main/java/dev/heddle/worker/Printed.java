package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What functions print on one worker: the last of each task, and of the tasks that began to print last. What
/// had to go is counted.
///
/// For any thread.
final class Printed {
  static final int TASK_BYTES_MAX = 64 << 10;
  static final int WORKER_BYTES_MAX = 4 << 20;
  /// Longer lines are kept in pieces.
  static final int LINE_BYTES_MAX = 8 << 10;
  /// What a line counts for beside its bytes.
  static final int LINE_BYTES = 32;
  /// Of so many tasks of which nothing is left, it is known that there was something.
  static final int GONE_MAX = 10_000;

  /// Where a function prints.
  enum Stream {
    OUT, ERR,
    /// Neither, but a log that is written elsewhere.
    LOG
  }

  private record Line(Instant at, Stream stream, String text, int bytes) {}

  private static final class Task {
    final ArrayDeque<Line> lines = new ArrayDeque<>();
    final Map<Stream, ByteArrayOutputStream> begun = new EnumMap<>(Stream.class);
    int bytes;
    long gone;
  }

  // Guarded by this.
  /// In the order in which they began to print.
  private final Map<Key, Task> tasks = new LinkedHashMap<>();
  /// How many lines there were of tasks of which nothing is left.
  private final Map<Key, Long> gone = new LinkedHashMap<>();
  private long bytes;

  /// A function printed this, which may be part of a line, or many.
  synchronized void add(Key key, Stream stream, byte[] printed, int offset, int length,
      Charset charset) {
    var task = tasks.computeIfAbsent(key, this::begins);
    var begun = task.begun.computeIfAbsent(stream, _ -> new ByteArrayOutputStream());
    for (var i = offset; i < offset + length; i++) {
      if (printed[i] != '\n') {
        begun.write(printed[i]);
        count(task, 1);
      }
      if (printed[i] == '\n' || begun.size() == LINE_BYTES_MAX) {
        var text = begun.toString(charset);
        task.lines.add(new Line(Instant.now().truncatedTo(ChronoUnit.MICROS), stream,
            text.endsWith("\r") ? text.substring(0, text.length() - 1) : text, begun.size()));
        begun.reset();
        count(task, LINE_BYTES);
        trim(task);
      }
    }
    while (bytes > WORKER_BYTES_MAX && tasks.size() > 1) {
      forget(tasks.keySet().iterator().next());
    }
  }

  private Task begins(Key key) {
    var task = new Task();
    var before = gone.remove(key);
    task.gone = before == null ? 0 : before;
    count(task, LINE_BYTES);
    return task;
  }

  private void count(Task task, int more) {
    task.bytes += more;
    bytes += more;
  }

  private void trim(Task task) {
    while (task.bytes > TASK_BYTES_MAX && task.lines.size() > 1) {
      count(task, -task.lines.remove().bytes() - LINE_BYTES);
      task.gone++;
    }
  }

  private void forget(Key key) {
    var task = tasks.remove(key);
    if (task != null) {
      bytes -= task.bytes;
      if (gone.size() == GONE_MAX) {
        gone.remove(gone.keySet().iterator().next());
      }
      gone.put(key, task.gone + Math.max(1, task.lines.size()));
    }
  }

  /// How much it keeps, as it counts.
  synchronized long bytes() {
    return bytes;
  }

  /// What is left of what a task printed, also the beginning of a line.
  synchronized Message.Text text(Key key) {
    var task = tasks.get(key);
    if (task == null) {
      var before = gone.get(key);
      return before == null
          ? new Message.Text("", false)
          : new Message.Text(goneText(Instant.now(), before), true);
    }
    var lines = new ArrayList<String>();
    if (task.gone > 0) {
      lines.add(goneText(task.lines.isEmpty() ? Instant.now() : task.lines.getFirst().at(),
          task.gone));
    }
    task.lines.forEach(line -> lines.add(text(line.at(), line.stream(), line.text())));
    task.begun.forEach((stream, begun) -> {
      if (begun.size() > 0) {
        lines.add(text(Instant.now(), stream, begun.toString(Charset.defaultCharset())));
      }
    });
    return new Message.Text(String.join("\n", lines), true);
  }

  private static String text(Instant at, Stream stream, String text) {
    return at.truncatedTo(ChronoUnit.MICROS) + "  " + stream.name().toLowerCase(Locale.ROOT)
        + "  " + text.replace('\r', ' ');
  }

  private static String goneText(Instant at, long lines) {
    return at.truncatedTo(ChronoUnit.MICROS) + "  ...  " + lines
        + (lines == 1 ? " line before is" : " lines before are")
        + " gone: a worker keeps the last " + TASK_BYTES_MAX / 1024 + " KiB of a task, and "
        + WORKER_BYTES_MAX / 1024 / 1024 + " MiB of all";
  }
}
