package dev.heddle.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.heddle.process.Kind;
import dev.heddle.process.ProcessFailedException;
import dev.heddle.process.ProcessScope;
import dev.heddle.process.ScopeStoppedException;
import dev.heddle.wire.Address;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves pages and figures of a node to people and scrapers; see the package's drawing.
///
/// For any number of threads.
public final class WebServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WebServer.class);
  private static final int BACKLOG = 64;
  /// How often a browser to which there is nothing to say is written to, so that it shows when it is gone.
  private static final long COMMENT_MILLIS = 10_000;
  private static final long END_WITHIN_MILLIS = 200;
  private static final int GZIP_FROM_BYTES = 4 << 10;
  private static final String TOKEN = "token";
  private static final String PLAIN = "text/plain; charset=utf-8";

  /// Scripts, styles and figures from here alone, nothing inline, and in nobody's frame.
  private static final Map<String, String> HEADERS = Map.of(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "X-Content-Type-Options", "nosniff",
      "X-Frame-Options", "DENY",
      "Referrer-Policy", "no-referrer",
      "Cross-Origin-Resource-Policy", "same-origin",
      "Cross-Origin-Opener-Policy", "same-origin");

  private final WebOptions options;
  private final HttpServer server;
  private final ProcessScope scope;
  private final Door door;
  private final Address address;
  private final boolean loopback;
  private final Semaphore places = new Semaphore(WebOptions.REQUESTS_MAX);
  private final AtomicBoolean closed = new AtomicBoolean();

  /// Starts it: when this returns, it answers.
  ///
  /// @throws IOException if it cannot listen there, or other machines would reach it and nobody chose
  ///     the secret on purpose; the message says what to do
  public static WebServer start(WebOptions options) throws IOException {
    return new WebServer(options);
  }

  /// For a process that has no other server of the JDK: bounds how many connections it takes, and how
  /// long somebody may take to ask, unless the properties of the JDK say otherwise. To be called before
  /// the first server is started.
  public static void boundConnections() {
    setUnlessSet("jdk.httpserver.maxConnections", "512");
    setUnlessSet("sun.net.httpserver.maxReqTime", "30");
    setUnlessSet("sun.net.httpserver.maxReqHeaders", "64");
    setUnlessSet("sun.net.httpserver.maxReqHeaderSize", "32768");
  }

  /// What whoever asks from another host, or as another user, has to bring: made of the secret, of which it
  /// tells nothing. It lets see, and change nothing.
  public static String tokenOf(Secret secret) {
    return Door.tokenOf(secret);
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private WebServer(WebOptions options) throws IOException {
    this.options = options;
    var where = options.listen();
    var host = new InetSocketAddress(where.host(), where.port());
    if (host.isUnresolved()) {
      throw new UnknownHostException(
          "cannot listen on " + url(where) + ": there is no host " + where.host());
    }
    loopback = host.getAddress().isLoopbackAddress();
    if (!loopback && !options.secret().isGiven()) {
      throw new IOException(ErrorCode.SECRET_NEEDED.of("cannot listen on " + url(where)
          + ", which other machines reach, with the secret that every program of this user takes;"
          + " make one for this cluster with 'heddle secret FILE' and set " + Secret.FILE_VARIABLE
          + "=FILE, or listen on localhost"));
    }
    door = new Door(options.secret(), loopback, Neighbours.ofThisHost());
    server = bind(host.getAddress());
    address = new Address(where.host(), server.getAddress().getPort());
    scope = ProcessScope.supervising(options.name() + "/web", WebServer::failed);
    server.createContext("/", this::serve);
    server.setExecutor(this::execute);
    server.start();
  }

  private HttpServer bind(InetAddress host) throws IOException {
    var port = options.listen().port();
    var last = Math.min(65_535, port == 0 ? 0 : port + options.morePorts());
    for (var next = port;; next++) {
      try {
        return HttpServer.create(new InetSocketAddress(host, next), BACKLOG);
      } catch (BindException e) {
        if (next >= last) {
          throw (IOException) new BindException(ErrorCode.PORT_IN_USE.of("cannot listen on "
              + url(options.listen())
              + (last > port ? " nor on the next " + (last - port) + " ports" : "") + ": "
              + e.getMessage() + "; stop the other process, or choose another port, 0 for any that"
              + " is free")).initCause(e);
        }
      }
    }
  }

  private static void failed(ProcessFailedException failure) {
    log.error("a request ended by a defect", failure);
  }

  private void execute(Runnable request) {
    try {
      scope.start(options.name() + "/web request", Kind.VIRTUAL, request::run);
    } catch (ScopeStoppedException e) {
      // The JDK's server closes the connection of what it cannot have done.
      throw new RejectedExecutionException(e);
    }
  }

  /// Where it listens.
  public Address address() {
    return address;
  }

  /// What a person opens: the address, for a browser of this node's user on this host.
  public URI uri() {
    return URI.create(url(address));
  }

  /// What a person opens who has to bring the token: the address with the token, which is to be kept as
  /// the secret is. On loopback, the address alone.
  public URI uriWithToken() {
    return loopback ? uri() : URI.create(url(address) + "?" + TOKEN + "=" + door.token());
  }

  /// Whether it asks people of other hosts, and so for the token.
  public boolean asksForToken() {
    return !loopback;
  }

  private static String url(Address at) {
    return at.toString().replaceFirst("heddle", "http") + "/";
  }

  /// Ends the streams and stops listening.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      letEnd();
      scope.stop();
      server.stop(0);
      scope.close();
    }
  }

  /// What is being answered may be done in a moment: streams whose feed has ended.
  private void letEnd() {
    try {
      var _ = places.tryAcquire(WebOptions.REQUESTS_MAX, END_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // --- a request

  private void serve(HttpExchange exchange) throws IOException {
    if (!places.tryAcquire()) {
      try (exchange) {
        write(exchange, busy());
      }
      return;
    }
    try (exchange) {
      var response = responseTo(exchange);
      switch (response) {
        case WebResponse.Whole whole -> write(exchange, whole);
        case WebResponse.Events(var feed) -> stream(exchange, feed);
      }
    } finally {
      places.release();
    }
  }

  private static WebResponse.Whole busy() {
    return new WebResponse.Whole(503, PLAIN,
        "as many are served as may be at a time; close some pages, or try again\n".getBytes(UTF_8),
        Map.of("Retry-After", "5"));
  }

  private WebResponse responseTo(HttpExchange exchange) throws IOException {
    var method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return new WebResponse.Whole(405, PLAIN, "only GET and HEAD are answered\n".getBytes(UTF_8),
          Map.of("Allow", "GET, HEAD"));
    }
    var asked = exchange.getRequestURI();
    if (asked.toString().length() > WebOptions.TARGET_MAX) {
      return WebResponse.text(414, "the address is longer than " + WebOptions.TARGET_MAX + "\n");
    }
    if (exchange.getRequestBody()
        .readNBytes(WebOptions.BODY_BYTES_MAX + 1).length > WebOptions.BODY_BYTES_MAX) {
      return WebResponse.text(413, "nothing has to be sent here\n");
    }
    var path = asked.getPath() == null ? "/" : asked.getPath();
    var parameters = parameters(asked.getRawQuery());
    var answer = door.ask(visitor(exchange, parameters.get(TOKEN)), options.open().contains(path));
    return switch (answer) {
      case COME_IN -> {
        if (parameters.containsKey(TOKEN) && accept(exchange).contains("text/html")) {
          yield signedIn(asked.getRawPath());
        }
        yield handle(path, parameters, accept(exchange));
      }
      case WHO_ARE_YOU -> new WebResponse.Whole(401, PLAIN, ("this asks for the token of the"
          + " cluster; `heddle dashboard` prints the address with it. A scraper sends it as the"
          + " password of HTTP Basic, or as a bearer.\n").getBytes(UTF_8),
          Map.of("WWW-Authenticate", "Basic realm=\"heddle\", charset=\"UTF-8\""));
      case FOREIGN -> WebResponse.text(403, "a page of another site may not ask this\n");
      case MISDIRECTED -> WebResponse.text(421,
          "this is not the host that was asked for; open " + url(address) + "\n");
    };
  }

  private Door.Visitor visitor(HttpExchange exchange, @Nullable String token) {
    var headers = exchange.getRequestHeaders();
    return new Door.Visitor(exchange.getRemoteAddress(), exchange.getLocalAddress(),
        headers.getFirst("Host"), headers.getFirst("Origin"), headers.getFirst("Sec-Fetch-Site"),
        headers.getFirst("Sec-Fetch-Mode"), headers.getFirst("Authorization"),
        token == null ? cookie(headers.getFirst("Cookie")) : token);
  }

  private @Nullable String cookie(@Nullable String header) {
    if (header == null) {
      return null;
    }
    var name = cookieName() + "=";
    for (var each : header.split(";", -1)) {
      if (each.strip().startsWith(name)) {
        return each.strip().substring(name.length());
      }
    }
    return null;
  }

  /// Cookies are shared by all the ports of a host.
  private String cookieName() {
    return "heddle-" + address.port();
  }

  /// The token goes into a cookie, out of the address, which people show to each other.
  private WebResponse signedIn(String path) {
    return new WebResponse.Whole(303, PLAIN, new byte[0],
        Map.of("Location", path.startsWith("//") ? "/" : path, "Set-Cookie", cookieName() + "="
            + door.token() + "; Path=/; HttpOnly; SameSite=Strict"));
  }

  private static String accept(HttpExchange exchange) {
    var accept = exchange.getRequestHeaders().getFirst("Accept");
    return accept == null ? "" : accept;
  }

  private static Map<String, String> parameters(@Nullable String query) {
    var parameters = new LinkedHashMap<String, String>();
    if (query != null) {
      for (var pair : query.split("&", -1)) {
        var at = pair.indexOf('=');
        try {
          parameters.put(URLDecoder.decode(at < 0 ? pair : pair.substring(0, at), UTF_8),
              at < 0 ? "" : URLDecoder.decode(pair.substring(at + 1), UTF_8));
        } catch (IllegalArgumentException e) {
          // A percent sign that stands for nothing.
          log.debug("a parameter is left out: {}", e.getMessage());
        }
      }
    }
    return parameters;
  }

  private WebResponse handle(String path, Map<String, String> parameters, String accept) {
    var handler = handlerOf(path);
    if (handler == null) {
      return WebResponse.text(404, "there is no page " + path + "\n");
    }
    try {
      return handler.answer(new WebRequest(path, parameters, accept));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return WebResponse.text(503, options.name() + " is ending\n");
    } catch (Exception e) {
      log.warn("{} could not answer {}", options.name(), path, e);
      return WebResponse.text(500,
          "this could not be answered: " + e.getMessage() + "\n");
    }
  }

  private @Nullable WebHandler handlerOf(String path) {
    var found = options.routes().get(path);
    var longest = 0;
    for (var route : options.routes().entrySet()) {
      var prefix = route.getKey();
      if (found == null && prefix.endsWith("/") && path.startsWith(prefix)
          && prefix.length() > longest) {
        longest = prefix.length();
      }
    }
    return found == null ? options.routes().get(path.substring(0, longest)) : found;
  }

  // --- the response

  private void write(HttpExchange exchange, WebResponse.Whole whole) throws IOException {
    var headers = exchange.getResponseHeaders();
    HEADERS.forEach(headers::set);
    headers.set("Cache-Control", "no-store");
    headers.set("Content-Type", whole.type());
    whole.headers().forEach(headers::set);
    var tag = whole.headers().get("ETag");
    if (tag != null && tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      exchange.sendResponseHeaders(304, -1);
      return;
    }
    var body = whole.body();
    var encodings = exchange.getRequestHeaders().getFirst("Accept-Encoding");
    if (body.length >= GZIP_FROM_BYTES && encodings != null && encodings.contains("gzip")
        && !exchange.getRemoteAddress().getAddress().isLoopbackAddress()) {
      headers.set("Content-Encoding", "gzip");
      headers.set("Vary", "Accept-Encoding");
      body = zipped(body);
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", String.valueOf(body.length));
      exchange.sendResponseHeaders(whole.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(whole.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static byte[] zipped(byte[] body) throws IOException {
    var bytes = new ByteArrayOutputStream(body.length / 4);
    try (var zip = new GZIPOutputStream(bytes)) {
      zip.write(body);
    }
    return bytes.toByteArray();
  }

  private void stream(HttpExchange exchange, EventFeed feed) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      write(exchange, new WebResponse.Whole(200, "text/event-stream", new byte[0], Map.of()));
      return;
    }
    try (var listener = feed.listen()) {
      if (listener == null) {
        write(exchange, busy());
        return;
      }
      var headers = exchange.getResponseHeaders();
      HEADERS.forEach(headers::set);
      headers.set("Cache-Control", "no-store");
      headers.set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      var out = exchange.getResponseBody();
      out.write(": heddle\n\n".getBytes(UTF_8));
      out.flush();
      for (var events = listener.take(COMMENT_MILLIS); events != null; events = listener
          .take(COMMENT_MILLIS)) {
        var text = new StringBuilder(events.isEmpty() ? ":\n\n" : "");
        events.forEach((name, data) -> text.append("event: ").append(name).append("\ndata: ")
            .append(data).append("\n\n"));
        out.write(text.toString().getBytes(UTF_8));
        out.flush();
      }
    } catch (InterruptedException e) {
      // The server ends, and this process with it.
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      log.debug("a browser is gone: {}", e.toString());
    }
  }
}
