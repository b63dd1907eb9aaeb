package dev.heddle.dashboard;

import dev.heddle.wire.Message;
import dev.heddle.wire.Message.WorkerStatus;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The HTML of a [Report]. What is read from top to bottom is written here; what is drawn, the page's own scripts
/// draw from what is in the element `found`.
final class ReportPage {
  private static final int NAMES_MAX = 200;
  private static final int WORKERS_MAX = 200;
  private static final int FAILURE_CHARACTERS_MAX = 16_000;
  private static final int NAMED_IN_SUMMARY = 3;
  private static final DateTimeFormatter DAY = DateTimeFormatter
      .ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TIME = DateTimeFormatter
      .ofPattern("HH:mm:ss 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  /// How often a task was given to a worker again: causes that tell of trouble, in words that follow a number.
  private static final Map<String, String> TROUBLES = new TreeMap<>(Map.of(
      "retried", "after it had failed",
      "worker_died", "because its worker died",
      "lacking", "because an input could not be had",
      "worker_came", "because its worker lost it while it was away",
      "needed_again", "because its value was gone and was needed again"));
  private static final String HEDDLE = "Heddle";
  private static final String JAVA = "java";
  private static final Pattern BYTES = Pattern.compile("\\b(\\d{1,18}) bytes\\b");
  private static final List<String> WORKERS_FACTS = List.of(HEDDLE, JAVA, "threads",
      "heap limit", "processors",
      "value limit", "spill directory", "spill limit", "shared memory", "lease", "fetch timeout",
      "resources", "checks");

  private final Findings found;
  private final Runs runs;
  private final List<Runs.Named> named;
  private final List<WorkerStatus> workers;
  private final long wallMicros;
  private final long slots;
  private final long done;
  private final long failed;
  private final Html page = new Html();

  ReportPage(Findings found) {
    this.found = found;
    runs = found.runs();
    named = runs.named();
    workers = found.status().workers().stream()
        .sorted(Comparator.comparing(worker -> worker.worker().id().name(), Names.IN_ORDER))
        .toList();
    wallMicros = runs.lastEpochMicros() - runs.firstEpochMicros();
    slots = workers.stream().mapToLong(worker -> worker.worker().threads()).sum();
    done = found.series().lines().stream().mapToLong(Message.SeriesLine::done).sum();
    failed = found.series().lines().stream().mapToLong(Message.SeriesLine::failed).sum();
  }

  String html() {
    page.markup("<!doctype html>\n").open("html", "lang", "en").open("head")
        .single("meta", "charset", "utf-8")
        .single("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
        .single("meta", "name", "color-scheme", "content", "light dark")
        .single("meta", "http-equiv", "Content-Security-Policy", "content",
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:")
        .element("title", "Heddle report, " + DAY.format(at()))
        .open("style").markup(Resources.text("app.css")).markup(Resources.text("report.css"))
        .close().close().open("body");
    header();
    page.open("main");
    summary();
    notThere();
    page.open("noscript").element("p", "The task stream, transfers and values are drawn by"
        + " JavaScript, which is off. All else is here.", "class", "banner").close();
    drawn("stream");
    names();
    failures();
    workers();
    drawn("network");
    drawn("memory");
    settings();
    page.close().open("div", "id", "tip", "role", "tooltip", "hidden", "").close();
    page.open("script", "type", "application/json", "id", "found").markup(data()).close();
    page.open("script").markup(Scripts.of("report")).close().close().close();
    return page.toString();
  }

  private Instant at() {
    return Instant.ofEpochMilli(found.atEpochMillis());
  }

  private void header() {
    page.open("header", "class", "top").open("div", "class", "brand")
        .markup(Resources.text("icon.svg").replace("<svg ",
            "<svg width=\"26\" height=\"26\" aria-hidden=\"true\" "))
        .element("h1", "Heddle report").close()
        .element("p", "scheduler at " + found.address() + ", on " + DAY.format(at()) + " at "
            + TIME.format(at()), "class", "where")
        .close();
    page.open("nav", "class", "tabs parts", "aria-label", "Parts");
    List.of(List.of("stream", "Task stream"), List.of("names", "Times"),
        List.of("failures", "Failures"), List.of("workers", "Workers"),
        List.of("network", "Network"), List.of("memory", "Memory"),
        List.of("settings", "Settings"))
        .forEach(part -> page.element("a", part.getLast(), "href", "#" + part.getFirst()));
    page.close();
  }

  private void card(String id, String title, String note) {
    page.open("section", "class", "card", "id", id).open("header").element("h2", title)
        .element("span", note, "class", "note").close();
  }

  private void drawn(String id) {
    page.open("div", "id", id).close();
  }

  // --- what a stranger wants to know

  private void summary() {
    page.open("section", "class", "card", "aria-label", "Summary").open("dl", "class", "stats");
    var moved = found.traffic().bytes();
    figure("From start to end", runs.count() == 0 ? "–" : Figures.span(wallMicros), isWhole()
        ? "something ran for " + Figures.span(runs.anythingMicros())
        : "of what is in this file", false);
    figure("Tasks done", Figures.count(done), "of " + Figures.counted(
        found.series().lines().size() + found.series().omitted(), "name"), false);
    figure("Slots busy", busy(runs.slotMicros(), slots),
        "of " + Figures.counted(slots, "slot") + " on "
            + Figures.counted(workers.size(), "worker"),
        false);
    figure("Between workers", Figures.bytes(moved), "as far as they remember", false);
    figure("Failed", Figures.count(failed), failed == 0 ? "none" : "or cancelled", failed > 0);
    figure("Given again", Figures.count(again()), "lost or tried again", false);
    page.close().open("div", "class", "body summary");
    sentences().forEach(sentence -> page.element("p", sentence));
    page.close().close();
  }

  /// Whether all that the workers ever did is here.
  private boolean isWhole() {
    return found.omitted() == 0;
  }

  private String busy(long micros, long ofSlots) {
    return isWhole() ? Figures.percent(micros, ofSlots * wallMicros) : "–";
  }

  private void figure(String name, String value, String sub, boolean bad) {
    page.open("div", "class", bad ? "stat bad" : "stat").element("dt", name).element("dd", value)
        .element("p", sub, "class", "sub").close();
  }

  private long again() {
    return found.series().reruns().entrySet().stream()
        .filter(each -> TROUBLES.containsKey(each.getKey())).mapToLong(Map.Entry::getValue).sum();
  }

  private List<String> sentences() {
    var all = new ArrayList<String>();
    if (runs.count() == 0) {
      all.add(workers.isEmpty()
          ? "The cluster has no worker, so nothing is known of what ran."
          : "Nothing has run on the workers that there are.");
    } else {
      var from = Instant.ofEpochMilli(runs.firstEpochMicros() / 1_000);
      all.add(Figures.counted(workers.size(), "worker") + " with "
          + Figures.counted(slots, "slot") + " (a slot runs one function at a time) ran "
          + Figures.counted(runs.count(), "function") + " from " + TIME.format(from) + " on "
          + DAY.format(from) + ", for " + Figures.span(wallMicros) + ". " + (isWhole()
              ? "The slots were busy for " + busy(runs.slotMicros(), slots)
                  + " of that time, and for "
                  + Figures.span(wallMicros - runs.anythingMicros())
                  + " of it nothing ran anywhere."
              : "These are the last ones of each worker. What ran before is not known here, and so"
                  + " it is not known how busy the slots were."));
      all.add("Of the time that functions ran, " + named.stream().limit(NAMED_IN_SUMMARY)
          .map(each -> Figures.percent(each.totalMicros(), runs.totalMicros()) + " went into "
              + each.name())
          .collect(Collectors.joining(", "))
          + (named.size() > NAMED_IN_SUMMARY ? ", the rest into others." : "."));
    }
    all.add(troubles());
    return all;
  }

  private String troubles() {
    var parts = new ArrayList<String>();
    if (failed > 0) {
      parts.add(Figures.counted(failed, "task") + " failed or " + (failed == 1 ? "was" : "were")
          + " cancelled");
    }
    if (found.series().workersDied() > 0) {
      parts.add(Figures.counted(found.series().workersDied(), "worker") + " died");
    }
    TROUBLES.forEach((cause, words) -> {
      var times = found.series().reruns().getOrDefault(cause, 0L);
      if (times > 0) {
        parts.add(Figures.times(times) + " a task was given to a worker again, " + words);
      }
    });
    return parts.isEmpty()
        ? "Nothing failed, no worker died, and nothing had to be run again."
        : "Since the scheduler started, " + String.join("; ", parts) + ".";
  }

  private void notThere() {
    var missing = new ArrayList<String>();
    if (!isWhole()) {
      missing.add("Of what the workers did, " + Figures.count(found.omitted())
          + " older runs and transfers are left out: a worker remembers its last 20,000, and this"
          + " file has the last " + Figures.count(Spans.COUNT_MAX)
          + " of all. Times, counts by worker and transfers are of what is here; tasks done and"
          + " failed are of all.");
    }
    var ran = named.stream().mapToLong(each -> each.count() - each.failed()).sum();
    if (isWhole() && done > ran) {
      missing.add("Of the tasks done, " + Figures.count(done - ran) + " did not run on the workers"
          + " that are there: they ran on others, which are gone, or are values that a program put"
          + " on workers.");
    }
    found.silent().forEach((worker, reason) -> missing
        .add(worker + " did not say what it did: " + reason));
    if (named.size() > NAMES_MAX) {
      missing.add("Times are told of the " + NAMES_MAX + " names that took most.");
    }
    if (workers.size() > WORKERS_MAX) {
      missing.add("Tables have " + WORKERS_MAX + " of " + Figures.count(workers.size())
          + " workers.");
    }
    if (missing.isEmpty()) {
      return;
    }
    page.open("section", "class", "card").open("header")
        .element("h2", "What is not in this file").close().open("ul", "class", "body notes");
    missing.forEach(each -> page.element("li", each));
    page.close().close();
  }

  // --- tables

  private void names() {
    card("names", "Time by name", named.isEmpty()
        ? "nothing ran"
        : Figures.counted(named.size(), "name") + ", those that took most first");
    var rows = named.stream().limit(NAMES_MAX).map(each -> List.of(each.name(),
        Figures.count(each.count()), Figures.count(each.failed()),
        Figures.span(each.totalMicros()),
        Figures.percent(each.totalMicros(), runs.totalMicros()),
        Figures.span(each.medianMicros()), Figures.span(each.longestMicros()),
        each.longestKey().text())).toList();
    if (!rows.isEmpty()) {
      page.table(List.of("Name", "#Runs", "#Failed", "#In all", "#Share", "#Median", "#Longest",
          "The longest"), rows);
    }
    page.close();
  }

  private void workers() {
    card("workers", "Workers", Figures.counted(workers.size(), "worker")
        + "; busy: how much of the time from the first run to the last their slots ran something");
    page.table(List.of("Name", "State", "#Slots", "#Runs", "#Busy", "#Values", "#Memory now",
        "#At most", "#Limit", "#Spilled", "#Got", "#Gave"),
        workers.stream().limit(WORKERS_MAX).map(this::worker).toList());
    page.close();
  }

  private List<String> worker(WorkerStatus worker) {
    var name = worker.worker().id().name();
    var did = runs.of(name);
    return List.of(name, worker.state(), Figures.count(worker.worker().threads()),
        Figures.count(did.count()),
        busy(did.slotMicros(), worker.worker().threads()),
        Figures.count(worker.values()), Figures.bytes(worker.memoryBytes()),
        most(name), Figures.bytes(worker.memoryBytesMax()), Figures.bytes(worker.diskBytes()),
        Figures.bytes(found.traffic().in(name)), Figures.bytes(found.traffic().out(name)));
  }

  private String most(String worker) {
    var node = found.nodes().get(worker);
    var most = node == null ? null : node.info().facts().get("memory at most so far");
    return most == null ? "–" : Figures.bytes(Long.parseLong(most));
  }

  private void failures() {
    var last = found.series().failures();
    card("failures", "Failures", last.isEmpty()
        ? "no task failed by itself"
        : last.size() == 1
            ? "1 task failed by itself"
            : "the last " + Figures.counted(last.size(), "task") + " that failed by themselves,"
                + " the last one first");
    page.open("ul", "class", "failures");
    for (var i = 0; i < last.size(); i++) {
      failure(last.get(i), found.failures().get(i));
    }
    page.close().close();
  }

  private void failure(Message.FailureLine line, Message.TaskDetail detail) {
    page.open("li").open("details").open("summary")
        .element("span", line.type().substring(line.type().lastIndexOf('.') + 1)
            + (line.message().isEmpty() ? "" : ": " + line.message()), "class", "what")
        .open("span", "class", "meta").element("code", line.key().text());
    if (!line.where().isEmpty()) {
      page.element("span", "on " + line.where());
    }
    if (!line.submitted().isEmpty()) {
      page.element("span", "submitted at " + line.submitted());
    }
    page.element("span", TIME.format(Instant.ofEpochMilli(line.atEpochMillis()))).close().close();
    var text = detail.failure()
        .map(failure -> FailureText.of(failure, detail.attempt(), detail.submitted()))
        .orElse("its failure is not known any more");
    page.element("pre", text.length() <= FAILURE_CHARACTERS_MAX
        ? text
        : text.substring(0, FAILURE_CHARACTERS_MAX) + "\n… cut, of " + text.length()
            + " characters",
        "class", "bad", "tabindex", "0");
    page.close().close();
  }

  private void settings() {
    card("settings", "Settings and versions", "as they were in force");
    page.open("div", "class", "body").element("h3", "Scheduler").open("dl", "class", "facts");
    var scheduler = found.scheduler().info();
    fact(HEDDLE, found.scheduler().hello().heddleVersion());
    fact("process", processOf(scheduler));
    fact("up since", DAY.format(started(scheduler)) + ", " + TIME.format(started(scheduler)));
    scheduler.facts().forEach((name, value) -> {
      if (!name.startsWith("tasks ")) {
        fact(name, value);
      }
    });
    page.close().close();
    if (!found.nodes().isEmpty()) {
      workersSettings();
    }
    page.close();
  }

  /// What is the same for all of them is told once.
  private void workersSettings() {
    page.open("div", "class", "body").element("h3", "Workers").open("dl", "class", "facts");
    var differing = new ArrayList<String>();
    for (var name : WORKERS_FACTS) {
      var all = found.nodes().values().stream().map(node -> valueOf(node, name)).distinct()
          .toList();
      if (all.size() == 1) {
        fact(name, all.getFirst());
      } else {
        differing.add(name);
      }
    }
    page.close().close();
    var heads = new ArrayList<>(List.of("Name", "Address", "Process", "Up since"));
    heads.addAll(differing);
    var rows = new ArrayList<List<String>>();
    found.nodes().entrySet().stream().sorted(Map.Entry.comparingByKey(Names.IN_ORDER))
        .limit(WORKERS_MAX).forEach(each -> {
          var info = each.getValue().info();
          var row = new ArrayList<>(List.of(each.getKey(), info.address().toString(),
              processOf(info), DAY.format(started(info)) + ", " + TIME.format(started(info))));
          differing.forEach(name -> row.add(valueOf(each.getValue(), name)));
          rows.add(row);
        });
    page.table(heads, rows);
  }

  private static String valueOf(Findings.Node node, String name) {
    return switch (name) {
      case HEDDLE -> node.hello().heddleVersion();
      case JAVA -> node.hello().javaVersion();
      default -> readable(node.info().facts().getOrDefault(name, "–"));
    };
  }

  /// Numbers of bytes in larger units.
  private static String readable(String value) {
    return BYTES.matcher(value)
        .replaceAll(found -> Figures.bytes(Long.parseLong(found.group(1))));
  }

  private static String processOf(Message.NodeInfo node) {
    return node.pid() + " on " + node.host();
  }

  private static Instant started(Message.NodeInfo node) {
    return Instant.ofEpochMilli(node.startedEpochMillis());
  }

  private void fact(String name, String value) {
    page.open("div").element("dt", name).element("dd", readable(value)).close();
  }

  // --- what is drawn

  private String data() {
    var overview = new Json().object().add("at", found.atEpochMillis()).array("workers");
    workers.forEach(worker -> Collector.facts(overview.object(), worker).endObject());
    overview.endArray().endObject();
    // Whatever a text says, it does not end the element that it is in.
    return ("{\"started\":" + runs.firstEpochMicros() + ",\"overview\":" + overview
        + ",\"stream\":" + found.spans().json(0, Spans.COUNT_MAX) + ",\"details\":"
        + found.spans().details(0) + ",\"network\":" + found.traffic().json() + ",\"values\":"
        + Views.values(found.values()) + "}").replace("<", "\\u003c");
  }
}
