package dev.heddle.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// A [Run] as text for a terminal or a pipe.
public final class ConsoleReport {
  private static final int TOP = 20;
  private static final int WIDTH_MIN = 40;
  private static final String BOLD = "\u001b[1m";
  private static final String DIM = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";

  private final Run run;
  private final int width;
  private final boolean color;
  private final List<String> lines = new ArrayList<>();

  private ConsoleReport(Run run, int width, boolean color) {
    this.run = run;
    this.width = Math.max(width, WIDTH_MIN);
    this.color = color;
  }

  /// The tables and the summary, with a line feed after each line.
  ///
  /// @param width of a line, in characters; longer names are shortened in their middle
  /// @param color whether to use ANSI escapes
  public static String of(Run run, int width, boolean color) {
    var report = new ConsoleReport(run, width, color);
    report.table("Most called methods", run.census().methods().top(TOP),
        name -> MethodName.parse(name).readable());
    report.table("Most used classes, by classes that use them", run.census().usedClasses().top(TOP),
        name -> name);
    report.summary();
    return String.join("\n", report.lines) + "\n";
  }

  private void table(String title, List<Counts.Count> rows, UnaryOperator<String> readable) {
    lines.add(styled(BOLD, printable(title)));
    var digits = rows.isEmpty() ? 1 : Figures.count(rows.getFirst().count()).length();
    for (var row : rows) {
      var count = Figures.count(row.count());
      lines.add("  " + " ".repeat(digits - count.length()) + count + "  "
          + shortened(printable(readable.apply(row.name())), width - digits - 4));
    }
    lines.add("");
  }

  private void summary() {
    var census = run.census();
    lines.add(styled(BOLD, "Census of " + printable(run.title())));
    line("classes", Figures.count(census.classes()),
        Figures.bytes(census.sizeBytes()) + " of class files");
    line("invocations", Figures.count(census.invocations()),
        Figures.count(census.dynamicInvocations())
            + " of them dynamic");
    line("methods called", Figures.count(census.methods().size()),
        Figures.count(census.usedClasses().size())
            + " classes used");
    line("time", Figures.duration(run.elapsed()),
        Figures.count(run.classesPerSecond()) + " classes a second");
    var alone = run.oneThread();
    if (alone != null) {
      line("one thread", Figures.duration(alone),
          run.speedup().map(Figures::times).orElseThrow() + " as fast with "
              + Figures.counted(run.workers().size(), "worker") + "; each JVM warms up by itself");
    }
    line("tasks", Figures.count(run.tasks().size()),
        Figures.bytes(run.bytesBetweenWorkers()) + " in "
            + Figures.counted(run.transfers().size(), "move") + " between workers");
    for (var worker : run.workers()) {
      line(printable(worker.name()), Figures.counted(run.tasksOf(worker.name()), "task"),
          Figures.percent(
              run.busyOf(worker.name())) + " busy, held "
              + Figures.counted(worker.values(), "value") + ", "
              + Figures.bytes(worker.bytes()));
    }
    run.incidents().forEach(incident -> lines.add("  " + printable(incident)));
    run.allSkips().counts()
        .forEach(
            (reason, count) -> line("not counted", Figures.count(count), "× " + reason.text()));
  }

  private void line(String name, String value, String note) {
    lines.add("  " + padded(shortened(name, 16), 16) + "  " + padded(value, 12) + "  "
        + styled(DIM, note));
  }

  private String styled(String style, String text) {
    return color ? style + text + PLAIN : text;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String shortened(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    var head = (max - 1) / 2;
    return text.substring(0, head) + "…" + text.substring(text.length() - (max - 1 - head));
  }

  /// Class files may name anything, a terminal's control sequences too.
  private static String printable(String text) {
    return text.codePoints().map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
