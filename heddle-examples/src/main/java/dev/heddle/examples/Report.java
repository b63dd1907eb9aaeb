package dev.heddle.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// The page about a [Run]: one file that asks no one for anything.
public final class Report {
  private static final int TOP = 20;
  private static final DateTimeFormatter WHEN = DateTimeFormatter
      .ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
      .withZone(ZoneOffset.UTC);

  private final Run run;
  private final Html page = new Html();

  private Report(Run run) {
    this.run = run;
  }

  /// Tries whether a page can be written to `file`, before the work that it is to be about. Directories
  /// on the way are made; an older page stays as it is.
  ///
  /// @throws IOException if it can't be written; the message says where and why
  public static void check(Path file) throws IOException {
    try {
      if (Files.isDirectory(file)) {
        throw new FileSystemException(file.toString(), null, "it is a directory");
      } else if (isPlain(file)) {
        Files.delete(Files.createFile(draftOf(file)));
      } else if (!Files.isWritable(file)) {
        throw new FileSystemException(file.toString(), null, "permission denied");
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /// Writes the page, whole or not at all. Directories on the way are made, an older page is replaced.
  ///
  /// @throws IOException if it can't be written; the message says where and why
  public static void write(Run run, Path file) throws IOException {
    try {
      if (!isPlain(file)) {
        // A pipe or a device is written to; a file in its place would be no service.
        Files.writeString(file, html(run));
        return;
      }
      var target = Files.exists(file) ? file.toRealPath() : file;
      var draft = draftOf(target);
      try {
        Files.writeString(draft, html(run), StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
        Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /// Whether it is a file, or would be one.
  private static boolean isPlain(Path file) {
    return Files.isRegularFile(file) || !Files.exists(file);
  }

  /// A name beside it, so that it can be moved there; with the mode of any file, unlike temporary ones.
  private static Path draftOf(Path file) throws IOException {
    var directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new FileSystemException(file.toString(), null, "it is no file");
    }
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
    }
    return directory.resolve(".report-" + UUID.randomUUID() + ".html");
  }

  private static IOException unwritable(Path file, IOException cause) {
    var why = switch (cause) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException other -> other.getFile() + " cannot be made";
      case FileAlreadyExistsException other -> other.getFile() + " is no directory";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> cause.getMessage();
    };
    return new IOException("cannot write the page to " + file + ": " + why
        + "; name another file with --report", cause);
  }

  static String html(Run run) {
    var report = new Report(run);
    report.page();
    return report.page.toString();
  }

  private void page() {
    page.trusted("<!doctype html>\n").open("html", "lang", "en").line().open("head").line();
    page.open("meta", "charset", "utf-8").line();
    page.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").line();
    page.open("meta", "http-equiv", "Content-Security-Policy", "content",
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'").line();
    page.element("title", "Census of " + run.title()).line();
    page.open("style").trusted(resource("report.css")).close("style").line().close("head").line();
    page.open("body").line().open("main").line();
    header();
    figures();
    timeline();
    page.open("div", "class", "columns").line();
    table("Most called methods", "method", "calls", run.census().methods().top(TOP),
        name -> MethodName.parse(name).readable());
    table("Most used classes", "class", "classes that use it", run.census().usedClasses().top(TOP),
        name -> name);
    page.close("div").line();
    workers();
    skips();
    page.close("main").line().open("div", "id", "tip", "role", "status", "hidden", "").close("div")
        .line();
    page.open("script").trusted(resource("report.js")).close("script").line().close("body").line()
        .close("html").line();
  }

  private void header() {
    page.open("header").element("p", "Heddle", "class", "mark").element("h1",
        "Census of " + run.title());
    page.element("p", WHEN.format(run.started()) + " · Java " + Runtime.version() + " · "
        + Figures.counted(run.workers().size(), "worker"))
        .close("header").line();
  }

  private void figures() {
    var census = run.census();
    page.open("section", "class", "figures", "aria-label", "summary");
    figure(Figures.count(census.classes()), "classes",
        Figures.bytes(census.sizeBytes()) + " of class files");
    figure(Figures.count(census.invocations()), "invocations",
        Figures.count(census.dynamicInvocations())
            + " of them dynamic");
    figure(Figures.count(census.methods().size()), "methods called",
        Figures.count(census.usedClasses().size())
            + " classes used");
    figure(Figures.duration(run.elapsed()), "from start to end",
        Figures.count(run.classesPerSecond())
            + " classes a second");
    run.speedup().ifPresent(factor -> figure(Figures.times(factor), "as fast as one thread",
        "which took " + alone() + "; each JVM warms up by itself"));
    figure(Figures.count(run.tasks().size()), "tasks",
        Figures.bytes(run.bytesBetweenWorkers()) + " in "
            + Figures.counted(run.transfers().size(), "move") + " between workers");
    page.close("section").line();
  }

  private String alone() {
    var alone = run.oneThread();
    return alone == null ? "an unknown time" : Figures.duration(alone);
  }

  private void figure(String value, String name, String note) {
    page.open("div").element("b", value).element("span", name).element("small", note).close("div")
        .line();
  }

  private void timeline() {
    if (!run.tasks().isEmpty()) {
      page.open("section").element("h2", "Who ran and moved what, when").line()
          .trusted(Timeline.of(run)).close("section")
          .line();
    }
  }

  private void table(String title, String what, String measure, List<Counts.Count> rows,
      UnaryOperator<String> readable) {
    var most = rows.isEmpty() ? 1 : Math.max(1, rows.getFirst().count());
    page.open("section").element("h2", title).line().open("table").open("thead").open("tr")
        .element("th", what)
        .element("th", measure, "class", "number").close("tr").close("thead").open("tbody").line();
    for (var row : rows) {
      page.open("tr").open("td").open("code", "title", row.name()).name(readable.apply(row.name()))
          .close("code")
          .open("i", "class",
              "share", "style", "width:" + Math.round(1_000.0 * row.count() / most) / 10.0 + "%")
          .close("i").close("td");
      page.element("td", Figures.count(row.count()), "class", "number").close("tr").line();
    }
    page.close("tbody").close("table").close("section").line();
  }

  private void workers() {
    if (run.workers().isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Where values lived").line();
    for (var incident : run.incidents()) {
      page.element("p", incident, "class", "note").line();
    }
    page.open("table").open("thead")
        .open("tr");
    page.element("th", "worker");
    for (var name : List.of("tasks", "busy", "values held", "bytes held")) {
      page.element("th", name, "class", "number");
    }
    page.close("tr").close("thead").open("tbody").line();
    for (var worker : run.workers()) {
      page.open("tr").element("td", worker.name());
      for (var cell : List.of(Figures.count(run.tasksOf(worker.name())),
          Figures.percent(run.busyOf(worker.name())),
          Figures.count(worker.values()), Figures.bytes(worker.bytes()))) {
        page.element("td", cell, "class", "number");
      }
      page.close("tr").line();
    }
    page.close("tbody").close("table").close("section").line();
  }

  private void skips() {
    var skips = run.allSkips();
    if (skips.total() == 0) {
      return;
    }
    page.open("section").element("h2", "Not counted").line().open("ul");
    skips.counts().forEach(
        (reason, count) -> page.element("li", Figures.count(count) + " × " + reason.text()).line());
    page.close("ul").open("details").element("summary", "for example").open("ul");
    for (var skip : skips.examples()) {
      page.open("li").element("code", skip.where()).text(": " + skip.reason().text()
          + (skip.detail().isEmpty() ? "" : ", " + skip.detail())).close("li").line();
    }
    page.close("ul").close("details").close("section").line();
  }

  private static String resource(String name) {
    try (var in = Report.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "dev/heddle/examples/" + name + " is missing on the class path of heddle-examples");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read dev/heddle/examples/" + name, e);
    }
  }
}
