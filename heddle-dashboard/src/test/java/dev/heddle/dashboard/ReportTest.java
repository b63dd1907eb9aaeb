package dev.heddle.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Client;
import dev.heddle.RemoteFuture;
import dev.heddle.TaskOptions;
import dev.heddle.cluster.LocalCluster;
import dev.heddle.web.WebServer;
import dev.heddle.wire.Address;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The file about a job that is over: what is in it, and how a real browser shows it.
@Timeout(300)
class ReportTest {
  private static final Path SHOTS = Path.of("target", "screenshots");
  private static final int BLOCKS = 24;
  private static final String DRAWN = "globalThis.heddleStream.size > 50"
      + " && document.querySelectorAll('.matrix td').length >= 4"
      + " && document.querySelector('#memory').innerText.includes('double[]')";

  @TempDir
  private static @Nullable Path directory;
  private static @Nullable LocalCluster cluster;
  private static String text = "";
  private static final List<Object> HELD = new ArrayList<>();

  @BeforeAll
  static void work() throws Exception {
    cluster = LocalCluster.inJvm(2, 2);
    var client = cluster.client();
    job(client);
    client.report(file());
    text = Files.readString(file());
  }

  private static void job(Client client) throws Exception {
    var all = IntStream.range(0, BLOCKS).boxed().toList();
    var blocks = client.map(all, i -> new double[40_000 + i], TaskOptions.named("load_block"));
    var sums = new ArrayList<RemoteFuture<Integer>>();
    for (var i = 0; i < blocks.size(); i++) {
      sums.add(client.submit((double[] a, double[] b) -> {
        Thread.sleep(5);
        return a.length + b.length;
      }, blocks.get(i), blocks.get((7 * i + 3) % blocks.size()), TaskOptions.named("correlate")));
    }
    var total = client.reduce(sums, Integer::sum, TaskOptions.named("sum"));
    assertThat(total.get()).isPositive();
    var word = client.submit(() -> "private-" + "word-" + (4000 + 711));
    assertThat(word.get()).endsWith("4711");
    var wrong = client.submit(() -> {
      throw new IllegalStateException("the order <b>4712</b> has no price</script>");
    }, TaskOptions.named("check_order"));
    assertThatThrownBy(wrong::get).isInstanceOf(ExecutionException.class);
    var again = client.submit(() -> {
      throw new IllegalStateException("not this time");
    }, TaskOptions.named("try").retries(1));
    assertThatThrownBy(again::get).isInstanceOf(ExecutionException.class);
    HELD.addAll(List.of(blocks, sums, total, word, wrong, again));
  }

  private static LocalCluster cluster() {
    return Objects.requireNonNull(cluster);
  }

  private static Path file() {
    return Objects.requireNonNull(directory).resolve("report.html");
  }

  @AfterAll
  static void end() {
    HELD.clear();
    cluster().close();
  }

  private static JsonNode found() {
    var from = text.indexOf("id=\"found\">") + "id=\"found\">".length();
    return JsonMapper.shared().readTree(text.substring(from, text.indexOf("</script>", from)));
  }

  @Test
  void aStrangerReadsHowItWentBeforeAnythingIsDrawn() {
    var summary = text.substring(text.indexOf("Summary"), text.indexOf("id=\"names\""));
    assertThat(summary).contains("2 workers with 4 slots")
        .contains("ran 56 functions").containsPattern("\\d+ % went into correlate")
        .contains("2 tasks failed or were cancelled")
        .contains("once a task was given to a worker again, after it had failed");
    assertThat(text).containsPattern("(?s)<td class=\"full\">correlate</td>\\s*<td[^>]*>"
        + BLOCKS + "</td>");
    assertThat(text).doesNotContain("What is not in this file");
    assertThat(text).contains("worker-1", "worker-2", "allowed failures", "spill directory",
        Runtime.version().toString());
  }

  @Test
  void aFailureHasItsStackAndTheLineThatSubmittedIt() {
    var failures = text.substring(text.indexOf("id=\"failures\""));
    assertThat(failures)
        .contains("IllegalStateException: the order &lt;b&gt;4712&lt;/b&gt; has no price")
        .containsPattern("submitted at ReportTest\\.java:\\d+ in ReportTest\\.job")
        .contains("attempt 2 of 2");
  }

  @Test
  void whatIsDrawnIsThere() {
    var found = found();
    var spans = found.get("stream");
    assertThat(spans.get("s").size()).isEqualTo(spans.get("count").asInt());
    assertThat(found.get("details").get("rest").size()).isEqualTo(spans.get("s").size());
    var sizes = new ArrayList<Long>();
    found.get("network").get("recent").forEach(each -> sizes.add(each.get("bytes").asLong()));
    assertThat(sizes).isNotEmpty().isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(found.get("values").get("count").asInt()).isGreaterThan(BLOCKS);
  }

  @Test
  void nothingSecretAndNoValueIsInItAndNothingOutsideIsNeeded() {
    assertThat(text).doesNotContain(WebServer.tokenOf(cluster().secret()))
        .doesNotContain("private-word");
    var links = Pattern
        .compile("(?:src|href|url|import)\\s*[=(]\\s*[\"']?([^#\\s\"'>)][^\\s\"'>)]*)")
        .matcher(text.substring(0, text.indexOf("<script>"))).results()
        .map(each -> each.group(1)).toList();
    assertThat(links).isEmpty();
    assertThat(text.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:");
    assertThat(text).contains("default-src 'none'");
  }

  @Test
  void aFileIsWrittenWholeOrNotAtAll() throws Exception {
    var place = Files.createTempDirectory(Objects.requireNonNull(directory), "errors");
    var there = Files.writeString(place.resolve("there.html"), "mine");
    var nowhere = place.resolve("nowhere").resolve("x.html");
    var below = there.resolve("x.html");
    var client = cluster().client();
    assertThatThrownBy(() -> client.report(there)).isInstanceOf(IOException.class)
        .hasMessage("cannot write the report to " + there
            + ": it is there already; remove it, or name another (HDL-0053)");
    assertThatThrownBy(() -> client.report(nowhere)).isInstanceOf(IOException.class)
        .hasMessage("cannot write the report to " + nowhere + ": there is no directory "
            + nowhere.getParent() + " (HDL-0053)");
    assertThatThrownBy(() -> client.report(below)).isInstanceOf(IOException.class)
        .hasMessageContaining("is no directory (HDL-0053)");
    try (var socket = new ServerSocket(0)) {
      var port = socket.getLocalPort();
      socket.close();
      assertThatThrownBy(() -> Report.write(new Address("127.0.0.1", port), cluster().secret(),
          place.resolve("x.html"))).isInstanceOf(IOException.class)
          .hasMessageContaining("(HDL-0001)");
    }
    var worker = client.workers().getFirst().address();
    assertThatThrownBy(() -> Report.write(Address.parse(worker), cluster().secret(),
        place.resolve("x.html"))).isInstanceOf(IOException.class)
        .hasMessageContaining("is no scheduler but a worker").hasMessageContaining("(HDL-0008)");
    assertThat(Files.readString(there)).isEqualTo("mine");
    try (var files = Files.list(place)) {
      assertThat(files).containsExactly(there);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"app", "report"})
  void everyModuleOfThePageFitsIntoOneScript(String module) {
    assertThat(Scripts.of(module)).doesNotContain("\nimport ", "\nexport ", "</script", "<!--");
  }

  private static Browser browser() throws Exception {
    var program = Browser.installed();
    if (program.isEmpty() && System.getenv("CI") == null) {
      assumeTrue(false, "there is no browser here: install chromium to test the report");
    }
    return new Browser(program.orElseThrow(() -> new AssertionError(
        "there is no browser here: install chromium to test the report")));
  }

  @ParameterizedTest
  @CsvSource({"1280, 900, light", "1280, 900, dark", "390, 844, light", "390, 844, dark"})
  void aBrowserShowsItFromTheDiskAtEachWidthInEachColour(int width, int height, String scheme)
      throws Exception {
    try (var browser = browser()) {
      browser.size(width, height, scheme);
      browser.open(file().toUri());
      browser.await(DRAWN);
      var _ = browser.evaluate("document.querySelector('#failures details').open = true");
      assertThat(browser.pale().values()).isEmpty();
      assertThat(browser.evaluate("document.documentElement.scrollWidth - innerWidth").asInt())
          .as("it is wider than the screen by").isLessThanOrEqualTo(0);
      browser.screenshot(SHOTS.resolve("report-" + width + "-" + scheme + ".png"));
      browser.screenshotOfAll(SHOTS.resolve("report-whole-" + width + "-" + scheme + ".png"));
      assertThat(browser.complaints()).isEmpty();
      assertThat(browser.requests()).isNotEmpty().allMatch(
          url -> url.equals(file().toUri().toString()) || url.equals("about:blank"));
    }
  }

  @Test
  void whoPointsAtABlockLearnsItsKey() throws Exception {
    try (var browser = browser()) {
      browser.size(1280, 900, "light");
      browser.open(file().toUri());
      browser.await(DRAWN);
      var shown = browser
          .evaluate(
              """
                  new Promise((done) => {
                    const stage = document.querySelector('.stage');
                    stage.scrollIntoView({ block: 'center' });
                    requestAnimationFrame(() => requestAnimationFrame(() => {
                      const canvas = stage.querySelector('canvas');
                      const box = canvas.getBoundingClientRect();
                      for (let y = 30; y < box.height; y += 8) {
                        for (let x = 155; x < box.width; x += 2) {
                          canvas.dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + x, clientY: box.top + y }));
                          if (document.getElementById('tip').innerText.startsWith('correlate')) {
                            setTimeout(() => done(document.getElementById('tip').innerText), 200);
                            return;
                          }
                        }
                      }
                      done('nothing of that name');
                    }));
                  })""")
          .asString();
      assertThat(shown).containsPattern("correlate-\\S+-\\d+").contains("slot ");
      browser.pdf(SHOTS.resolve("report.pdf"));
      assertThat(browser.complaints()).isEmpty();
    }
  }
}
