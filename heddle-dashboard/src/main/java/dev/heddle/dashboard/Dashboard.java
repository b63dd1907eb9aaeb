package dev.heddle.dashboard;

import dev.heddle.process.Kind;
import dev.heddle.process.ProcessFailedException;
import dev.heddle.process.ProcessScope;
import dev.heddle.web.EventFeed;
import dev.heddle.web.StaticFiles;
import dev.heddle.web.WebOptions;
import dev.heddle.web.WebResponse;
import dev.heddle.web.WebServer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The page of one cluster; see the package's drawing.
///
/// For any number of threads.
public final class Dashboard implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Dashboard.class);
  private static final int LISTENERS_MAX = 64;
  private static final List<String> FILES = List.of("index.html", "app.css", "app.js", "core.js",
      "charts.js", "overview.js", "stream.js", "graph.js", "network.js", "processes.js",
      "memory.js", "task.js", "icon.svg");

  private final ProcessScope scope;
  private final Cluster cluster;
  private final EventFeed feed = new EventFeed(LISTENERS_MAX);
  private final Collector collector;
  private final WebServer server;
  private final Spans spans = new Spans();

  /// Starts it: when this returns, the page can be opened.
  ///
  /// @throws IOException if it cannot listen there, or other machines would reach it and nobody chose
  ///     the secret on purpose; the message says what to do
  public static Dashboard start(DashboardOptions options) throws IOException {
    return new Dashboard(options);
  }

  private Dashboard(DashboardOptions options) throws IOException {
    cluster = new Cluster("dashboard", options.scheduler(), options.secret());
    var traffic = Traffic.ofLatest();
    var history = new History();
    collector = new Collector(cluster, feed, spans, traffic, history);
    var views = new Views(cluster, collector, spans, traffic, history);
    scope = ProcessScope.supervising("dashboard", Dashboard::failed);
    try {
      server = WebServer.start(options.more().apply(
          WebOptions.of("dashboard", options.secret()).withListen(options.listen())
              .withMorePorts(options.morePorts())
              .withRoute("/", StaticFiles.of(Dashboard.class, FILES))
              .withRoute("/api/events", _ -> {
                collector.watched();
                return new WebResponse.Events(feed);
              })
              .withRoute("/api/history", views::history)
              .withRoute("/api/stream", views::stream)
              .withRoute("/api/span", views::span)
              .withRoute("/api/graph", views::graph)
              .withRoute("/api/network", views::network)
              .withRoute("/api/processes", views::processes)
              .withRoute("/api/values", views::values)
              .withRoute("/api/task", views::task)));
    } catch (IOException | RuntimeException e) {
      cluster.close();
      scope.close();
      throw e;
    }
    scope.start("dashboard/collect", Kind.VIRTUAL, collector);
  }

  private static void failed(ProcessFailedException failure) {
    log.error("the page shows nothing new any more, by a defect of its own", failure);
  }

  /// What a browser of this user on this host opens.
  public URI uri() {
    return server.uri();
  }

  /// For tests: what the stream shows.
  Spans spans() {
    return spans;
  }

  /// What any browser opens: with the token, where one is asked for. To be kept as the secret is.
  public URI uriWithToken() {
    return server.uriWithToken();
  }

  /// Whether browsers need the token.
  public boolean asksForToken() {
    return server.asksForToken();
  }

  /// Ends the page. The cluster goes on.
  @Override
  public void close() {
    collector.done();
    feed.close();
    server.close();
    cluster.close();
    scope.stop();
    scope.close();
  }
}
