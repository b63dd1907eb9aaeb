package dev.heddle.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Client;
import dev.heddle.RemoteFuture;
import dev.heddle.TaskOptions;
import dev.heddle.cluster.LocalCluster;
import dev.heddle.wire.Address;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Activity;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The page in a real browser, on a cluster that runs a job.
@Timeout(300)
class PageTest {
  /// For so long the values of a round are there to be looked at.
  private static final int ROUNDS_HELD = 8;
  private static final int FAILS_EVERY = 10;
  private static final Path SHOTS = Path.of("target", "screenshots");
  /// What each view shows once it knows the job.
  private static final List<View> VIEWS = List.of(
      new View("overview", "document.querySelectorAll('#panel .card').length >= 5"
          + " && document.body.innerText.includes('load_block')"
          + " && document.querySelector('.failures li')"),
      new View("stream", "globalThis.heddleStream.size > 50"
          + " && !document.querySelector('.stage').hidden"),
      new View("graph", "document.querySelectorAll('svg .node').length > 2"),
      new View("network", "document.querySelectorAll('.matrix td').length >= 4"
          + " && document.querySelectorAll('#panel tbody tr').length > 3"),
      new View("processes", "document.querySelectorAll('svg .box').length > 5"
          + " && document.querySelectorAll('#panel tbody tr').length > 5"),
      new View("memory", "document.body.innerText.includes('double[]')"));

  private record View(String id, String shown) {}

  private static @Nullable LocalCluster cluster;
  private static @Nullable Dashboard dashboard;
  private static @Nullable Browser browser;
  private static @Nullable Thread job;
  /// Whoever has it is the only one for whom something changes.
  private static final ReentrantLock WORKING = new ReentrantLock();
  private static final CountDownLatch OVER = new CountDownLatch(1);

  @BeforeAll
  static void start() throws Exception {
    var program = Browser.installed();
    if (program.isEmpty() && System.getenv("CI") == null) {
      assumeTrue(false, "there is no browser here: install chromium to test the page");
    }
    cluster = LocalCluster.inJvm(2, 2);
    dashboard = Dashboard.start(DashboardOptions.of(cluster.address(), cluster.secret())
        .withListen(new Address("127.0.0.1", 0), 0));
    job = Thread.ofPlatform().name("job").start(PageTest::work);
    browser = new Browser(program.orElseThrow(
        () -> new AssertionError("there is no browser here: install chromium to test the page")));
  }

  /// Tasks that give and take values, on both workers, and some that fail: again and again.
  private static void work() {
    try {
      var client = cluster().client();
      var held = new ArrayDeque<Object>();
      for (var round = 0; !OVER.await(300, TimeUnit.MILLISECONDS); round++) {
        WORKING.lockInterruptibly();
        try {
          round(client, round, held);
        } finally {
          WORKING.unlock();
        }
      }
    } catch (Exception e) {
      if (OVER.getCount() > 0) {
        throw new AssertionError(e);
      }
    }
  }

  private static void round(Client client, int round, ArrayDeque<Object> held)
      throws Exception {
    var all = IntStream.range(0, 24).boxed().toList();
    var blocks = client.map(all, i -> new double[40_000 + i], TaskOptions.named("load_block"));
    var sums = new ArrayList<RemoteFuture<Integer>>();
    for (var i = 0; i < blocks.size(); i++) {
      sums.add(client.submit((double[] a, double[] b) -> a.length + b.length, blocks.get(i),
          blocks.get((7 * i + 3) % blocks.size()), TaskOptions.named("correlate")));
    }
    var total = client.reduce(sums, Integer::sum, TaskOptions.named("sum"));
    var _ = total.get();
    held.addLast(List.of(blocks, sums));
    if (round % FAILS_EVERY == 0) {
      var wrong = client.submit(() -> {
        throw new IllegalStateException("the order 4711 has no price");
      }, TaskOptions.named("check_order"));
      assertThatThrownBy(wrong::get).hasMessageContaining("4711");
      held.addLast(wrong);
    }
    if (held.size() > ROUNDS_HELD) {
      held.removeFirst();
    }
  }

  private static LocalCluster cluster() {
    return Objects.requireNonNull(cluster);
  }

  private static Browser browser() {
    return Objects.requireNonNull(browser);
  }

  private static URI page(String view) {
    return Objects.requireNonNull(dashboard).uri().resolve("/#" + view);
  }

  @AfterAll
  static void end() throws Exception {
    OVER.countDown();
    if (browser != null) {
      browser.close();
    }
    if (job != null) {
      job.join(20_000);
    }
    if (dashboard != null) {
      dashboard.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void anew() {
    browser().forget();
  }

  @ParameterizedTest
  @CsvSource({"1280, 900, light", "1280, 900, dark", "390, 844, light", "390, 844, dark"})
  void everyViewShowsTheJobAtEachWidthInEachColour(int width, int height, String scheme)
      throws Exception {
    browser().size(width, height, scheme);
    browser().open(page(""));
    for (var view : VIEWS) {
      browser().click("#tab-" + view.id());
      try {
        browser().await("document.querySelector('#tab-" + view.id()
            + "').getAttribute('aria-selected') === 'true' && " + view.shown());
      } catch (AssertionError e) {
        throw new AssertionError(view.id() + " does not show; the page complains of "
            + browser().complaints(), e);
      }
      assertThat(browser().pale().values()).as(view.id()).isEmpty();
      assertThat(browser().evaluate("document.documentElement.scrollWidth - innerWidth").asInt())
          .as(view.id() + " is wider than the screen by").isLessThanOrEqualTo(0);
      if (width < 500) {
        assertThat(browser().evaluate("Math.max(0, ...[...document.querySelectorAll('.drawing')]"
            + ".map((each) => each.scrollWidth - each.clientWidth))").asInt())
            .as("the drawing of " + view.id() + " is wider than its place by").isZero();
      }
      browser().screenshot(SHOTS.resolve(view.id() + "-" + width + "-" + scheme + ".png"));
    }
    assertThat(browser().complaints()).isEmpty();
  }

  @Test
  void nothingIsAskedOfAnybodyElse() throws Exception {
    browser().size(1280, 900, "light");
    browser().open(page("overview"));
    browser().await(VIEWS.getFirst().shown());
    assertThat(browser().requests()).isNotEmpty().allMatch(
        url -> url.startsWith(page("").resolve("/").toString()) || url.equals("about:blank"));
  }

  @Test
  void theTabsAreWalkedWithTheKeyboard() throws Exception {
    browser().size(1280, 900, "light");
    browser().open(page("overview"));
    browser().await(VIEWS.getFirst().shown());
    for (var i = 0; i < 3; i++) {
      browser().press("Tab");
    }
    assertThat(focused()).isEqualTo("tab-overview");
    assertThat(browser().evaluate("getComputedStyle(document.activeElement).outlineStyle")
        .asString()).isEqualTo("solid");
    browser().press("ArrowRight");
    browser().await("document.activeElement.id === 'tab-stream' && location.hash === '#stream'");
    browser().press("End");
    browser().await("document.activeElement.id === 'tab-memory' && location.hash === '#memory'");
    browser().press("ArrowRight");
    browser().await("document.activeElement.id === 'tab-overview'");
    // One stop for all tabs; the next is in the view.
    browser().press("Tab");
    assertThat(focused()).isNotEqualTo("tab-stream");
  }

  private static String focused() throws Exception {
    return browser().evaluate("document.activeElement.id").asString();
  }

  @Test
  void aFailedTaskTellsWhyWithItsStackAndItsStory() throws Exception {
    browser().size(1280, 900, "light");
    browser().open(page("overview"));
    browser().await(VIEWS.getFirst().shown());
    browser().await(
        "document.querySelector('.failures').innerText.includes('submitted at PageTest.java:')");
    browser().click(".failures .keylink");
    browser().await("document.querySelector('dialog').open"
        + " && document.querySelector('dialog .story tbody tr')");
    var text = browser().evaluate("document.querySelector('dialog').innerText").asString();
    assertThat(text).contains("the order 4711 has no price")
        .containsPattern("submitted at PageTest\\.java:\\d+ in PageTest\\.round")
        .contains("because").contains("worker-");
    assertThat(browser().pale().values()).isEmpty();
    browser().screenshot(SHOTS.resolve("failure-1280-light.png"));
    browser().press("Escape");
    browser().await("!document.querySelector('dialog').open");
    assertThat(browser().complaints()).isEmpty();
  }

  @Test
  void aTaskOfTheGraphTellsOfItsInputsAndWhereTheyAre() throws Exception {
    browser().size(1280, 900, "dark");
    browser().open(page("graph"));
    browser().await(VIEWS.get(2).shown());
    browser().await("document.querySelector('svg .node[aria-label^=correlate]')");
    WORKING.lockInterruptibly();
    try {
      aTaskOfTheGraphTells();
    } finally {
      WORKING.unlock();
    }
  }

  private static void aTaskOfTheGraphTells() throws Exception {
    if (browser().evaluate("document.body.innerText.includes('Choose a name')").asBoolean()) {
      browser().click("svg .node[aria-label^=correlate]");
      browser().await("location.hash === '#graph/correlate'"
          + " && document.querySelector('svg .node[aria-label^=correlate-]')");
    }
    var _ = browser()
        .evaluate("document.querySelector('svg .node[aria-label^=correlate-]').focus()");
    browser().press("Enter");
    browser().await("document.querySelector('dialog').open"
        + " && document.querySelector('dialog').innerText.includes('Inputs (2)')");
    assertThat(browser().evaluate("document.querySelector('dialog .links').innerText").asString())
        .contains("load_block-").contains("worker-");
    browser().click("dialog .links .keylink");
    browser().await("document.querySelector('#task-title').innerText.startsWith('load_block-')");
    browser().press("Escape");
    assertThat(browser().complaints()).isEmpty();
  }

  @Test
  void theColoursCanBeChosen() throws Exception {
    browser().size(1280, 900, "light");
    browser().open(page("overview"));
    var light = background();
    browser().click("#theme");
    browser().click("#theme");
    browser().await("document.documentElement.dataset.theme === 'dark'");
    assertThat(background()).isNotEqualTo(light);
    browser().click("#theme");
    browser().await("!document.documentElement.dataset.theme");
  }

  private static String background() throws Exception {
    return browser().evaluate("getComputedStyle(document.body).backgroundColor").asString();
  }

  @Test
  void aHundredThousandTasksAreDrawnSmoothly() throws Exception {
    try (var full = Dashboard.start(DashboardOptions.of(cluster().address(), cluster().secret())
        .withListen(new Address("127.0.0.1", 0), 0))) {
      var start = System.currentTimeMillis() * 1_000 - 60_000_000;
      for (var slot = 0; slot < 20; slot++) {
        var ran = new ArrayList<Activity>();
        for (var i = 0; i < Spans.COUNT_MAX / 20; i++) {
          ran.add(new Activity.Ran(Key.of("step" + i % 7 + "-abcdefghi-" + i), 1 + slot % 4,
              start + i * 10_000L, start + i * 10_000L + 8_000, i % 1_000 != 0));
        }
        full.spans().add("many-" + slot / 4, ran, false);
      }
      browser().size(1280, 900, "light");
      browser().open(full.uri().resolve("/#stream"));
      browser().await("globalThis.heddleStream?.size >= 90000");
      browser().click(".tools button:nth-child(2)");
      browser().await("globalThis.heddleStream.millis > 0");
      var drawn = new ArrayList<Double>();
      for (var i = 0; i < 9; i++) {
        browser().press(i % 2 == 0 ? "+" : "-");
        drawn.add(browser()
            .evaluate(
                """
                    new Promise((done) => {
                      dispatchEvent(new Event('resize'));
                      document.querySelector('.tools button:nth-child(2)').click();
                      requestAnimationFrame(() => requestAnimationFrame(() => done(globalThis.heddleStream.millis)));
                    })""")
            .asDouble());
      }
      // On a quiet machine about 10 ms each; where others are at work, the least tells most.
      assertThat(drawn.stream().mapToDouble(Double::doubleValue).min().orElseThrow())
          .as("milliseconds to draw all: %s", drawn).isLessThan(150.0);
      browser().screenshot(SHOTS.resolve("stream-100000.png"));
      assertThat(browser().complaints()).isEmpty();
      browser().leave();
    }
  }
}
