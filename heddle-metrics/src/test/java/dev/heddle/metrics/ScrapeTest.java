package dev.heddle.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// What a scraper finds on a cluster that has worked.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScrapeTest {
  private static final int MAPPED = 20;
  private static final long BLOCK_BYTES = 100_000;

  private LiveCluster cluster;

  @BeforeAll
  void work() throws Exception {
    cluster = new LiveCluster();
    var client = cluster.client;
    client.gather(client.map(IntStream.range(0, MAPPED).boxed(), x -> 2 * x,
        TaskOptions.named("twice")));
    var block = client.submit(() -> new byte[(int) BLOCK_BYTES],
        TaskOptions.named("block").workers("anna"));
    client.submit(bytes -> bytes.length, block, TaskOptions.named("length").workers("bert")).get();
    var broken = client.submit(ScrapeTest::broken, TaskOptions.named("broken").retries(1));
    var dependent = client.submit(value -> value + 1, broken);
    assertThatThrownBy(dependent::get).isInstanceOf(ExecutionException.class);
    var slow = client.submit(() -> new CountDownLatch(1).await(),
        TaskOptions.named("slow").timeout(Duration.ofMillis(50)));
    assertThatThrownBy(slow::get).isInstanceOf(ExecutionException.class);
  }

  private static int broken() {
    throw new IllegalStateException("broken");
  }

  @AfterAll
  void close() throws Exception {
    cluster.close();
  }

  @Test
  void everyMeasureOfANodeIsInItsScrapeAndNothingElse() throws Exception {
    var scheduler = cluster.scrape(cluster.ofScheduler);
    var worker = cluster.scrape(cluster.ofBert);

    assertThat(scheduler.families().keySet()).containsExactlyInAnyOrderElementsOf(
        familiesOf(Measure.Node.SCHEDULER));
    assertThat(worker.families().keySet())
        .containsExactlyInAnyOrderElementsOf(familiesOf(Measure.Node.WORKER));
  }

  /// In the text of Prometheus, in which a counter's family has the name of its samples.
  private static List<String> familiesOf(Measure.Node node) {
    return Measure.ALL.stream()
        .filter(measure -> measure.node() == node || measure.node() == Measure.Node.ANY)
        .map(Measure::sampleName).toList();
  }

  @Test
  void openMetricsIsForWhoeverAsksForIt() throws Exception {
    var response = cluster.get(cluster.ofAnna, "/metrics", LiveCluster.OPEN_METRICS);

    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text");
    var parsed = Exposition.parse(response.body(), true);
    for (var measure : Measure.ALL) {
      if (measure.node() != Measure.Node.SCHEDULER) {
        assertThat(parsed.families()).hasEntrySatisfying(measure.family(), family -> {
          assertThat(family.type()).isEqualTo(measure.type().text());
          assertThat(family.unit()).isEqualTo(measure.unit());
          assertThat(family.help()).isNotBlank();
        });
      }
    }
    assertThat(cluster.get(cluster.ofAnna, "/metrics", "*/*").headers()
        .firstValue("Content-Type").orElseThrow()).startsWith("text/plain; version=0.0.4");
  }

  @Test
  void whatTheSchedulerCountsIsWhatHappened() throws Exception {
    var scrape = cluster.scrape(cluster.ofScheduler);

    assertThat(scrape.value("heddle_tasks_succeeded_total")).isGreaterThanOrEqualTo(MAPPED + 2);
    assertThat(scrape.value("heddle_task_runs_total", "task", "twice")).isEqualTo(MAPPED);
    assertThat(scrape.value("heddle_task_runs_total", "task", "broken")).isEqualTo(2);
    assertThat(scrape.value("heddle_task_run_seconds_total", "task", "twice")).isPositive();
    assertThat(scrape.value("heddle_task_failures_total", "kind", "exception")).isEqualTo(1);
    assertThat(scrape.value("heddle_task_failures_total", "kind", "time_limit")).isEqualTo(1);
    assertThat(scrape.value("heddle_task_failures_total", "kind", "dependency")).isEqualTo(1);
    assertThat(scrape.value("heddle_task_reruns_total", "cause", "retried")).isEqualTo(1);
    assertThat(scrape.value("heddle_workers", "state", "running")).isEqualTo(2);
    assertThat(scrape.value("heddle_slots", "state", "busy")
        + scrape.value("heddle_slots", "state", "free")).isEqualTo(2);
    assertThat(scrape.value("heddle_clients", "state", "connected")).isEqualTo(1);
    assertThat(scrape.value("heddle_turn_available")).isEqualTo(1);
    assertThat(scrape.value("heddle_task_queue_duration_seconds_count")).isPositive();
  }

  @Test
  void whatAWorkerCountsIsWhatHappened() throws Exception {
    var anna = cluster.scrape(cluster.ofAnna);
    var bert = cluster.scrape(cluster.ofBert);

    assertThat(anna.value("heddle_task_duration_seconds_count", "result", "succeeded")
        + bert.value("heddle_task_duration_seconds_count", "result", "succeeded"))
        .isGreaterThanOrEqualTo(MAPPED + 2);
    assertThat(anna.value("heddle_worker_queue_duration_seconds_count")).isPositive();
    assertThat(bert.value("heddle_transfer_duration_seconds_count")).isPositive();
    assertThat(bert.value("heddle_transfer_bytes_total")).isGreaterThan(BLOCK_BYTES);
    assertThat(bert.value("heddle_transfer_values_total")).isPositive();
    assertThat(anna.value("heddle_worker_slots")).isEqualTo(1);
    assertThat(anna.value("heddle_processes", "process", "slot", "state", "waiting")
        + anna.value("heddle_processes", "process", "slot", "state", "running")).isPositive();
    assertThat(anna.value("heddle_channel_capacity_items", "channel", "servings")).isPositive();
    assertThat(anna.value("heddle_memory_bytes", "kind", "heap")).isPositive();
    assertThat(anna.value("heddle_store_reached")).isEqualTo(1);
  }

  @Test
  void aFunctionThatWasInterruptedCountsAsFailedOnItsWorker() throws Exception {
    Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10))
        .untilAsserted(() -> assertThat(failures()).isEqualTo(3));
  }

  private double failures() throws Exception {
    return cluster.scrape(cluster.ofAnna).value("heddle_task_duration_seconds_count", "result",
        "failed")
        + cluster.scrape(cluster.ofBert).value("heddle_task_duration_seconds_count", "result",
            "failed");
  }

  @Test
  void noLabelHasMoreValuesThanAGraphCanBear() throws Exception {
    for (var server : List.of(cluster.ofScheduler, cluster.ofAnna)) {
      var scrape = cluster.scrape(server);
      for (var name : scrape.sampleNames()) {
        assertThat(scrape.all(name)).as(name).hasSizeLessThan(110);
      }
    }
  }
}
