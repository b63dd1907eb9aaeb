package dev.heddle.examples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/// The picture of who ran and moved what when: a lane for each slot of each worker, below them a lane for what the worker
/// received, and a thread from sender to receiver.
final class Timeline {
  /// More would make a page that no browser likes; the longest are drawn then.
  static final int BARS_MAX = 4_000;
  static final int THREADS_MAX = 600;

  private static final double WIDTH = 1_160;
  private static final double LABELS = 128;
  private static final double RIGHT = 14;
  private static final double TOP = 26;
  private static final double LANE = 26;
  private static final double INTAKE = 14;
  private static final double GAP = 22;
  private static final double BAR_MIN = 0.8;
  private static final int COLORS = 6;

  private final Run run;
  private final Html svg = new Html();
  private final Map<String, Lanes> lanes = new LinkedHashMap<>();
  private final List<String> kinds;
  private final long endNanos;
  private final double height;

  /// Where a worker's lanes are.
  private record Lanes(int index, int slots, double top) {
    double slot(int slot) {
      return top + slot * LANE;
    }

    double intake() {
      return top + slots * LANE + 4;
    }

    double bottom() {
      return intake() + INTAKE;
    }
  }

  private Timeline(Run run) {
    this.run = run;
    kinds = run.tasks().stream().map(TaskSpan::kind).distinct().sorted().toList();
    endNanos = Math.max(run.elapsed().toNanos(), Math.max(last(run.tasks(), TaskSpan::endNanos),
        last(run.transfers(), TransferSpan::endNanos)));
    var top = TOP;
    for (var worker : workersOf(run)) {
      var slots = run.tasks().stream().filter(task -> task.worker().equals(worker))
          .mapToInt(TaskSpan::slot).max()
          .orElse(0) + 1;
      var its = new Lanes(lanes.size(), slots, top);
      lanes.put(worker, its);
      top = its.bottom() + GAP;
    }
    height = top;
  }

  private static List<String> workersOf(Run run) {
    var names = new LinkedHashSet<String>();
    run.workers().forEach(worker -> names.add(worker.name()));
    run.tasks().forEach(task -> names.add(task.worker()));
    run.transfers().forEach(transfer -> {
      names.add(transfer.from());
      names.add(transfer.to());
    });
    return new ArrayList<>(names);
  }

  private static <T> long last(List<T> spans, ToLongFunction<T> end) {
    return spans.stream().mapToLong(end).max().orElse(0);
  }

  static String of(Run run) {
    var timeline = new Timeline(run);
    timeline.draw();
    return timeline.svg.toString();
  }

  private void draw() {
    legend();
    svg.open("div", "class", "scroll", "tabindex", "0").open("svg", "viewBox",
        "0 0 " + WIDTH + " " + height, "role", "img",
        "aria-label", "who ran and moved what, and when");
    axis();
    lanes.forEach(this::labels);
    longest(run.transfers(), transfer -> transfer.endNanos() - transfer.startNanos(), BARS_MAX)
        .forEach(this::intake);
    longest(run.transfers(), TransferSpan::bytes, THREADS_MAX).forEach(this::thread);
    longest(run.tasks(), TaskSpan::durationNanos, BARS_MAX).forEach(this::bar);
    svg.close("svg").close("div").line();
    var left = Math.max(0, run.tasks().size() - BARS_MAX);
    if (left > 0) {
      svg.element("p",
          "The longest " + Figures.count(BARS_MAX) + " tasks are drawn; " + Figures.count(left)
              + " shorter ones are not.",
          "class", "note");
    }
  }

  private void legend() {
    svg.open("p", "class", "legend");
    for (var kind : kinds) {
      svg.open("span").open("i", "class", "k" + kinds.indexOf(kind) % COLORS).close("i").text(kind)
          .close("span");
    }
    if (!run.transfers().isEmpty()) {
      svg.open("span").open("i", "class", "moved").close("i").text("received from another worker")
          .close("span");
    }
    svg.close("p").line();
  }

  private void axis() {
    var step = stepNanos();
    for (var at = 0L; at <= endNanos; at += step) {
      svg.open("line", "class", "grid", "x1", x(at), "x2", x(at), "y1", TOP - 6, "y2",
          height - GAP + 4).close("line");
      svg.element("text", at == 0 ? "0" : Figures.duration(Duration.ofNanos(at)), "class", "tick",
          "x", x(at), "y", 13.0,
          "text-anchor", "middle");
    }
  }

  /// 1, 2 or 5 times a power of ten, so that there are at most ten steps.
  private long stepNanos() {
    var step = 1_000L;
    while (true) {
      for (var factor : new int[]{1, 2, 5}) {
        if (endNanos / (step * factor) <= 9) {
          return step * factor;
        }
      }
      step *= 10;
    }
  }

  private void labels(String worker, Lanes its) {
    svg.open("rect", "class", "bed", "x", LABELS, "y", its.top() - 3, "width",
        WIDTH - LABELS - RIGHT, "height",
        its.bottom() - its.top() + 6, "rx", 4).close("rect");
    svg.element("text", shortened(worker), "class", "name", "x", 0, "y", its.top() + 13);
    svg.element("text", Figures.percent(run.busyOf(worker)) + " busy", "class", "tick", "x", 0, "y",
        its.top() + 28);
    svg.line();
  }

  private static String shortened(String name) {
    return name.length() <= 17 ? name : name.substring(0, 16) + "…";
  }

  private void bar(TaskSpan task) {
    var its = lanesOf(task.worker());
    span("bar k" + kinds.indexOf(task.kind()) % COLORS, task.startNanos(), task.endNanos(),
        its.slot(task.slot()) + 2,
        LANE - 4,
        task.key() + "\n" + task.kind() + " on " + task.worker() + ", slot " + task.slot() + "\n"
            + Figures.duration(Duration.ofNanos(task.durationNanos())) + " from "
            + since(task.startNanos()));
  }

  private void intake(TransferSpan transfer) {
    span("bar moved", transfer.startNanos(), transfer.endNanos(), lanesOf(transfer.to()).intake(),
        INTAKE, textOf(transfer));
  }

  private void span(String type, long start, long end, double y, double height, String text) {
    svg.open("rect", "class", type, "x", x(start), "y", y, "width",
        Math.max(BAR_MIN, x(end) - x(start)), "height", height,
        "rx", 1.5, "data-t", text).close("rect").line();
  }

  private void thread(TransferSpan transfer) {
    var from = lanesOf(transfer.from());
    var to = lanesOf(transfer.to());
    if (from.index() == to.index()) {
      return;
    }
    var down = from.index() < to.index();
    var y1 = down ? from.bottom() : from.top();
    var y2 = down ? to.intake() : to.bottom();
    var x1 = x(transfer.startNanos());
    var x2 = x(transfer.endNanos());
    var bend = (y2 - y1) / 2;
    var path = String.format(Locale.ROOT, "M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f", x1, y1, x1,
        y1 + bend, x2, y2 - bend, x2, y2);
    svg.open("path", "class", "thread", "d", path, "stroke-width",
        Math.clamp(Math.log10(transfer.bytes() + 1.0) - 3, 0.6, 4.0), "data-t", textOf(transfer))
        .close("path").line();
  }

  private static String textOf(TransferSpan transfer) {
    return transfer.key() + "\n" + Figures.bytes(transfer.bytes()) + " from " + transfer.from()
        + " to " + transfer.to()
        + "\n" + Figures.duration(Duration.ofNanos(transfer.endNanos() - transfer.startNanos()))
        + " from "
        + since(transfer.startNanos());
  }

  private static String since(long nanos) {
    return Figures.duration(Duration.ofNanos(nanos));
  }

  private Lanes lanesOf(String worker) {
    var its = lanes.get(worker);
    if (its == null) {
      throw new IllegalStateException(
          "worker " + worker + " has no lanes, only " + lanes.keySet() + " have");
    }
    return its;
  }

  private double x(long nanos) {
    return LABELS + (WIDTH - LABELS - RIGHT) * Math.clamp((double) nanos / endNanos, 0, 1);
  }

  private static <T> List<T> longest(List<T> spans, ToLongFunction<T> length, int max) {
    return spans.size() <= max
        ? spans
        : spans.stream().sorted(Comparator.comparingLong(length).reversed()).limit(max)
            .toList();
  }
}
