package dev.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportTest {
  @TempDir
  Path directory;

  @Test
  void thePageHoldsTheFiguresTheTablesAndWhoDidWhat() {
    var page = Report.html(Runs.small());
    assertThat(page).contains("Census of JDK 25", "1,000", "1,502", "502 of them dynamic", "500 ms",
        "2,000 classes a second", "1.80×", "which took 900 ms", "3.0 kB in 1 move between",
        "java.<wbr>util.<wbr>List.<wbr>add(<wbr>Object)",
        "java.<wbr>lang.<wbr>Object", "not a valid class file", "a.jar/B.class", "5.0 kB");
  }

  @Test
  void thePictureHasABarForEachTaskAndTransferAndAThreadBetweenWorkers() throws Exception {
    var svg = svg(Runs.small());
    assertThat(byClass(svg.getElementsByTagName("rect"), "bar k0")).isEqualTo(2);
    assertThat(byClass(svg.getElementsByTagName("rect"), "bar k1")).isEqualTo(1);
    assertThat(byClass(svg.getElementsByTagName("rect"), "bar moved")).isEqualTo(1);
    assertThat(byClass(svg.getElementsByTagName("path"), "thread")).isEqualTo(1);
    assertThat(svg.getElementsByTagName("rect").item(2).getAttributes().getNamedItem("data-t")
        .getNodeValue())
        .contains("3.0 kB from worker-1 to worker-2");
  }

  @Test
  void allTextIsEscapedWhereverItComesFrom() {
    var evil = "<script>alert(1)</script>\"' onload=x &\u0000";
    var census = Runs.census(evil + ".m:()V");
    var run = new Run(evil, Instant.EPOCH, Duration.ofSeconds(1), null, census,
        Skips.of(List.of(new Skips.Skip(Skips.Reason.BROKEN, evil, evil))), List.of(evil),
        List.of(new Run.WorkerShare(evil, 0, 0)),
        List.of(new TaskSpan(evil, 0, evil, evil, 0, 1)),
        List.of(new TransferSpan(evil, evil, evil, 1, 0, 1)));
    var page = Report.html(run);
    assertThat(page).doesNotContain("<script>alert").doesNotContain("\u0000")
        .doesNotContain("\"' onload");
    assertThat(Pattern.compile("<script").matcher(page).results().count()).isEqualTo(1);
  }

  @Test
  void thePageAsksNoOneForAnything() {
    assertThat(Report.html(Runs.small())).contains("default-src &#39;none&#39;").doesNotContain(
        "http://",
        "https://", "src=",
        "@import", "url(", "<link");
  }

  @Test
  void aRunOfManyTasksDrawsTheLongest() throws Exception {
    var many = IntStream.range(0, Timeline.BARS_MAX + 10)
        .mapToObj(i -> new TaskSpan("w", 0, "count", "k" + i, i, i + 1L + i % 7)).toList();
    var run = new Run("many", Instant.EPOCH, Duration.ofSeconds(1), null, PartialCensus.NONE,
        Skips.NONE, List.of(), List.of(), many,
        List.of());
    assertThat(byClass(svg(run).getElementsByTagName("rect"), "bar k0"))
        .isEqualTo(Timeline.BARS_MAX);
    assertThat(Report.html(run))
        .contains("The longest 4,000 tasks are drawn; 10 shorter ones are not.");
  }

  @Test
  void aRunWithoutTasksHasNoPicture() {
    var run = new Run("none", Instant.EPOCH, Duration.ofNanos(1), null, PartialCensus.NONE,
        Skips.NONE, List.of(), List.of(), List.of(), List.of());
    assertThat(Report.html(run)).doesNotContain("<svg").contains("Census of none");
  }

  @Test
  void anOlderPageIsReplacedAndNothingElseIsLeft() throws IOException {
    var file = directory.resolve("deep/er/report.html");
    Report.write(Runs.small(), file);
    Report.write(Runs.of("another", "w", PartialCensus.NONE), file);
    assertThat(file).content().contains("Census of another");
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aPlaceWhereNoFileCanBeIsAnErrorThatNamesIt() throws IOException {
    var file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> Report.write(Runs.small(), file.resolve("report.html")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aSpanThatEndsBeforeItBeginsIsRefused() {
    assertThatThrownBy(() -> new TaskSpan("w", 0, "count", "k", 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("k on w", "from 2 to 1 ns");
    assertThatThrownBy(() -> new TransferSpan("a", "b", "k", -1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Document svg(Run run) throws Exception {
    var timeline = Timeline.of(run);
    var svg = timeline.substring(timeline.indexOf("<svg"), timeline.indexOf("</svg>") + 6);
    return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static long byClass(NodeList elements, String name) {
    return IntStream.range(0, elements.getLength())
        .filter(
            i -> elements.item(i).getAttributes().getNamedItem("class").getNodeValue().equals(name))
        .count();
  }

  @Test
  void aPageGoesThroughALinkAndIntoADeviceRatherThanInItsPlace() throws IOException {
    var target = Files.writeString(directory.resolve("target.html"), "old");
    var link = Files.createSymbolicLink(directory.resolve("link.html"), target);
    Report.write(Runs.small(), link);
    assertThat(link).isSymbolicLink();
    assertThat(target).content().startsWith("<!doctype html>");
    Report.check(Path.of("/dev/null"));
    Report.write(Runs.small(), Path.of("/dev/null"));
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
  }

  @Test
  void aFullDiskIsAnErrorThatNamesThePage() {
    var full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    assertThatThrownBy(() -> Report.write(Runs.small(), full))
        .hasMessage("cannot write the page to /dev/full: No space left on device; name another"
            + " file with --report");
    assertThat(Files.isRegularFile(full)).isFalse();
  }

  @Test
  void aCheckLeavesNothingBehindAndAnOlderPageAsItIs() throws IOException {
    var older = Files.writeString(directory.resolve("page.html"), "old");
    Report.check(older);
    assertThat(directory).isDirectoryNotContaining("glob:**.report*");
    assertThat(older).hasContent("old");
    assertThatThrownBy(() -> Report.check(directory)).hasMessageContaining("it is a directory");
    assertThatThrownBy(() -> Report.check(older.resolve("page.html")))
        .hasMessageStartingWith("cannot write the page to " + older);
  }
}
