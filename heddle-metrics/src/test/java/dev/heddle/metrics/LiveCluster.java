package dev.heddle.metrics;

import dev.heddle.Client;
import dev.heddle.ClientOptions;
import dev.heddle.Heddle;
import dev.heddle.scheduler.Scheduler;
import dev.heddle.scheduler.SchedulerOptions;
import dev.heddle.web.WebOptions;
import dev.heddle.web.WebServer;
import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/// A scheduler and two workers that serve what they measure, and a client. Real sockets are between them.
@SuppressWarnings("try") // A test that is interrupted while it closes ends there.
final class LiveCluster implements AutoCloseable {
  static final String OPEN_METRICS = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";

  final Secret secret = Secret.generate();
  final Scheduler scheduler;
  final Worker anna;
  final Worker bert;
  final WebServer ofScheduler;
  final WebServer ofAnna;
  final WebServer ofBert;
  final Client client;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ArrayDeque<AutoCloseable> toClose = new ArrayDeque<>();

  LiveCluster() throws IOException, InterruptedException {
    scheduler = closing(Scheduler.start(
        SchedulerOptions.of(secret).withListen(new Address("127.0.0.1", 0))));
    anna = closing(Worker.start(WorkerOptions.of("anna", secret).withThreads(1),
        scheduler.store()));
    bert = closing(Worker.start(WorkerOptions.of("bert", secret).withThreads(1),
        scheduler.store()));
    ofScheduler = serve(Metrics.of(scheduler));
    ofAnna = serve(Metrics.of(anna));
    ofBert = serve(Metrics.of(bert));
    client = closing(Heddle.connect(scheduler.address().toString(),
        ClientOptions.DEFAULT.secret(secret)));
  }

  private WebServer serve(Metrics metrics) throws IOException {
    return closing(WebServer.start(metrics.addTo(WebOptions.of("node", secret))));
  }

  private <T extends AutoCloseable> T closing(T resource) {
    toClose.push(resource);
    return resource;
  }

  HttpResponse<String> get(WebServer server, String path, String accept)
      throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(URI.create(server.uri() + path.substring(1)))
        .header("Accept", accept).timeout(Duration.ofSeconds(30)).build(),
        BodyHandlers.ofString());
  }

  Exposition scrape(WebServer server) throws IOException, InterruptedException {
    return Exposition.parse(get(server, "/metrics", "text/plain").body(), false);
  }

  /// All that there is to query of the whole cluster.
  Set<String> sampleNames() throws IOException, InterruptedException {
    var names = new HashSet<>(scrape(ofScheduler).sampleNames());
    names.addAll(scrape(ofAnna).sampleNames());
    return names;
  }

  @Override
  public void close() throws Exception {
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }
}
