package dev.heddle.metrics;

import dev.heddle.scheduler.Scheduler;
import dev.heddle.web.WebOptions;
import dev.heddle.web.WebRequest;
import dev.heddle.web.WebResponse;
import dev.heddle.worker.Worker;
import io.prometheus.metrics.config.PrometheusProperties;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// What a node tells monitoring, as routes of a [dev.heddle.web.WebServer]: its figures at
/// [#METRICS_PATH], as Prometheus text or as OpenMetrics, and whether it is well at
/// [#LIVE_PATH] and [#READY_PATH].
///
/// ```java
/// var options = Metrics.of(worker).addTo(WebOptions.of("worker-1", secret));
/// try (var server = WebServer.start(options)) { … }
/// ```
///
/// For any number of threads.
public final class Metrics {
  public static final String METRICS_PATH = "/metrics";
  public static final String LIVE_PATH = "/health/live";
  public static final String READY_PATH = "/health/ready";

  private final NodeMetrics metrics;
  private final Health health;

  private Metrics(Watched node) {
    metrics = new NodeMetrics(node);
    health = new Health(node, System::nanoTime);
  }

  /// @param scheduler stays the caller's to close
  public static Metrics of(Scheduler scheduler) {
    return new Metrics(new WatchedScheduler(scheduler));
  }

  /// @param worker stays the caller's to close
  public static Metrics of(Worker worker) {
    return new Metrics(new WatchedWorker(worker));
  }

  /// With these routes too. Figures are behind the server's door; whether the node is well is told to
  /// whoever can connect, since whatever starts nodes brings no token.
  public WebOptions addTo(WebOptions options) {
    return options.withRoute(METRICS_PATH, this::scrape)
        .withOpenRoute(LIVE_PATH, _ -> health.live())
        .withOpenRoute(READY_PATH, _ -> health.ready());
  }

  private WebResponse scrape(WebRequest request) throws IOException, InterruptedException {
    var writer = writerFor(request.accept());
    var text = new ByteArrayOutputStream(1 << 16);
    writer.write(text, metrics.scrape().snapshots());
    return WebResponse.of(writer.getContentType(), text.toByteArray());
  }

  /// OpenMetrics for those who know it, or else the text that everybody knows.
  private static ExpositionFormatWriter writerFor(String accept) {
    var open = Formats.ALL.getOpenMetricsTextFormatWriter();
    return open.accepts(accept) ? open : Formats.ALL.getPrometheusTextFormatWriter();
  }

  /// Loaded by the first scrape.
  private static final class Formats {
    static final ExpositionFormats ALL = ExpositionFormats.init(PrometheusProperties.get());
  }
}
