package dev.heddle.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Client;
import dev.heddle.ClientOptions;
import dev.heddle.Heddle;
import dev.heddle.TaskOptions;
import dev.heddle.scheduler.Scheduler;
import dev.heddle.scheduler.SchedulerOptions;
import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The page of a cluster with many workers and tasks. As many as `-Dheddle.crowd.workers=1000` and
/// `-Dheddle.crowd.tasks=1000000` say, and then it prints how long things took.
@Timeout(900)
class CrowdTest {
  private static final String WORKERS_PROPERTY = "heddle.crowd.workers";
  private static final int WORKERS = Integer.getInteger(WORKERS_PROPERTY, 40);
  private static final int TASKS = Integer.getInteger("heddle.crowd.tasks", 10_000);
  private static final int NAMES = 20;
  private static final int LOOKS = Integer.getInteger("heddle.crowd.looks", 10);
  private static final Path SHOTS = Path.of("target", "screenshots");
  private static final List<List<String>> VIEWS = List.of(
      List.of("overview", "document.querySelectorAll('#panel .card').length >= 5"
          + " && document.querySelectorAll('#panel tbody tr').length >= " + Math.min(WORKERS, 200)),
      List.of("stream", "globalThis.heddleStream.size > 50"),
      List.of("graph", "document.querySelectorAll('svg .node').length >= " + NAMES),
      List.of("network", "document.querySelector('.matrixcanvas')"),
      List.of("processes", "document.querySelectorAll('svg .box').length > 2"),
      List.of("memory", "document.body.innerText.includes('double[]')"));

  @TempDir
  private Path directory;

  @Test
  void thePageOfManyWorkersAndTasksIsDrawnAndTheSchedulerGoesOn() throws Exception {
    var program = Browser.installed();
    if (program.isEmpty() && System.getenv("CI") == null) {
      assumeTrue(false, "there is no browser here: install chromium to test the page");
    }
    var secret = Secret.generate();
    try (
        var scheduler = Scheduler.start(
            SchedulerOptions.of(secret).withListen(new Address("127.0.0.1", 0)));
        var _ = new Crowd(scheduler, secret, WORKERS);
        var client = Heddle.connect(scheduler.address().toString(),
            ClientOptions.DEFAULT.secret(secret));
        var dashboard = Dashboard.start(DashboardOptions.of(scheduler.address(), secret)
            .withListen(new Address("127.0.0.1", 0), 0));
        var browser = new Browser(program.orElseThrow())) {
      await().atMost(Duration.ofMinutes(3)).until(() -> client.workers().size() == WORKERS);
      var held = work(client);
      new Waits(client).during("nobody looks", 4 * LOOKS);
      browser.size(1280, 900, "light");
      browser.open(dashboard.uri());
      for (var view : VIEWS) {
        var began = System.nanoTime();
        browser.click("#tab-" + view.getFirst());
        browser.await(view.getLast());
        tell(view.getFirst(), began);
        new Waits(client).during("somebody looks at the " + view.getFirst(), LOOKS);
        browser.screenshot(SHOTS.resolve("crowd-" + view.getFirst() + ".png"));
      }
      browser.click("#tab-overview");
      var began = System.nanoTime();
      var file = directory.resolve("report.html");
      client.report(file);
      tell("report of " + Files.size(file) + " bytes", began);
      browser.open(file.toUri());
      browser
          .await("globalThis.heddleStream?.size > 50 && document.querySelector('.matrixcanvas')");
      browser.screenshot(SHOTS.resolve("crowd-report.png"));
      assertThat(Files.size(file)).isLessThan(16L << 20);
      assertThat(browser.complaints()).isEmpty();
      assertThat(held).hasSize(NAMES);
      browser.leave();
    }
  }

  @Test
  void aReportNamesTheWorkersThatDoNotSayWhatTheyDid() throws Exception {
    var secret = Secret.generate();
    try (
        var scheduler = Scheduler.start(
            SchedulerOptions.of(secret).withListen(new Address("127.0.0.1", 0)));
        var crowd = new Crowd(scheduler, secret, 2);
        var client = Heddle.connect(scheduler.address().toString(),
            ClientOptions.DEFAULT.secret(secret))) {
      await().atMost(Duration.ofMinutes(1)).until(() -> client.workers().size() == 2);
      crowd.hush();
      var file = directory.resolve("report.html");

      var written = Report.write(scheduler.address(), secret, file);

      assertThat(written.silent()).containsOnlyKeys("crowd-1", "crowd-2");
      assertThat(Files.readString(file)).contains("crowd-1 did not say what it did: ",
          "Nothing has run on the workers that there are.");
    }
  }

  private static void tell(String what, long beganNanos) {
    print(String.format(Locale.ROOT, "%s: %.2f s", what,
        (System.nanoTime() - beganNanos) / 1e9));
  }

  private static void print(String line) {
    if (System.getProperty(WORKERS_PROPERTY) != null) {
      System.out.println(line);
    }
  }

  private static List<Object> work(Client client) throws Exception {
    var held = new ArrayList<Object>();
    var began = System.nanoTime();
    for (var name = 0; name < NAMES; name++) {
      held.add(client.map(IntStream.range(0, TASKS / NAMES).boxed().toList(), i -> new double[i],
          TaskOptions.named("step_" + name)));
    }
    await().atMost(Duration.ofMinutes(5)).until(
        () -> client.info().tasks().getOrDefault("memory", 0L) == TASKS);
    tell(TASKS + " tasks on " + WORKERS + " workers", began);
    return held;
  }

  /// Asks the scheduler something small again and again, and notes for how long it had to wait.
  private record Waits(Client client) {
    void during(String what, int count) throws InterruptedException {
      var millis = new ArrayList<Double>();
      for (var i = 0; i < count; i++) {
        var began = System.nanoTime();
        var _ = client.published();
        millis.add((System.nanoTime() - began) / 1e6);
        Thread.sleep(2);
      }
      millis.sort(null);
      print(String.format(Locale.ROOT,
          "  waits for the scheduler while %s: half of %,d up to %.2f ms, 99 %% up to %.1f ms, the"
              + " longest %.1f ms",
          what, count, millis.get(count / 2), millis.get(count * 99 / 100),
          millis.getLast()));
    }
  }
}
