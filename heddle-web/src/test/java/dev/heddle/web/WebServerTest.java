package dev.heddle.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WebServerTest {
  private static final Secret SECRET = Secret.generate();
  private static final Address ANYWHERE = new Address("0.0.0.0", 0);

  private static WebOptions options() {
    return WebOptions.of("node", SECRET)
        .withRoute("/", StaticFiles.of(WebServerTest.class, List.of("index.html", "a.js")))
        .withRoute("/say", request -> WebResponse.text(200,
            request.parameter("what").orElse("nothing")))
        .withRoute("/fail", _ -> {
          throw new IllegalStateException("broken");
        });
  }

  record Response(int statusCode, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  private static Response get(WebServer server, String path, String... headers)
      throws IOException {
    var lines = new ArrayList<>(List.of("GET " + path + " HTTP/1.0", "Host: 127.0.0.1"));
    for (var i = 0; i < headers.length; i += 2) {
      lines.add(headers[i] + ": " + headers[i + 1]);
    }
    var text = raw(server, lines.toArray(String[]::new));
    var head = text.substring(0, text.indexOf("\r\n\r\n"));
    var found = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    head.lines().skip(1).forEach(line -> found.put(line.substring(0, line.indexOf(':')),
        line.substring(line.indexOf(':') + 1).strip()));
    return new Response(Integer.parseInt(head.substring(9, 12)), found,
        text.substring(head.length() + 4));
  }

  /// A request as we write it, for headers that a proper client does not let us set.
  private static String raw(WebServer server, String... lines) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.address().port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream()
          .write((String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n").getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private static String status(String response) {
    return response.substring(0, response.indexOf('\r'));
  }

  @Test
  void onLoopbackItsUserIsLetInUnasked() throws Exception {
    try (var server = WebServer.start(options())) {
      assertThat(get(server, "/say?what=a%20b").body()).isEqualTo("a b");
      assertThat(server.uriWithToken()).isEqualTo(server.uri());
    }
  }

  @Test
  void onLoopbackANameThatLeadsHereIsNotEnough() throws Exception {
    try (var server = WebServer.start(options())) {
      assertThat(status(raw(server, "GET / HTTP/1.1", "Host: evil.example:8787"))).contains("421");
      assertThat(status(raw(server, "GET / HTTP/1.1", "Host: localhost:9999"))).contains("200");
      assertThat(status(raw(server, "GET / HTTP/1.1", "Host: [::1]:9999"))).contains("200");
    }
  }

  @Test
  void aPageOfAnotherSiteMayNotAsk() throws Exception {
    try (var server = WebServer.start(options())) {
      var host = "Host: localhost:1";
      assertThat(status(raw(server, "GET /say HTTP/1.1", host, "Origin: http://evil.example")))
          .contains("403");
      assertThat(status(raw(server, "GET /say HTTP/1.1", host, "Origin: null"))).contains("403");
      assertThat(status(raw(server, "GET /say HTTP/1.1", host, "Sec-Fetch-Site: cross-site",
          "Sec-Fetch-Mode: cors"))).contains("403");
      assertThat(status(raw(server, "GET /say HTTP/1.1", host, "Origin: http://localhost:1")))
          .contains("200");
      assertThat(status(raw(server, "GET /say HTTP/1.1", host, "Sec-Fetch-Site: cross-site",
          "Sec-Fetch-Mode: navigate"))).contains("200");
    }
  }

  @Test
  void itChangesNothingAndSaysSo() throws Exception {
    try (var server = WebServer.start(options())) {
      assertThat(status(raw(server, "POST /say HTTP/1.1", "Host: localhost", "Content-Length: 0")))
          .contains("405");
    }
  }

  @Test
  void whereOthersReachItTheTokenIsAskedFor() throws Exception {
    try (var server = WebServer.start(options().withListen(ANYWHERE)
        .withOpenRoute("/health/live", _ -> WebResponse.text(200, "live")))) {
      var token = SECRET.token("heddle web");
      assertThat(get(server, "/say").statusCode()).isEqualTo(401);
      assertThat(get(server, "/say?token=" + "0".repeat(64)).statusCode()).isEqualTo(401);
      assertThat(get(server, "/say", "Authorization", "Bearer " + token).statusCode())
          .isEqualTo(200);
      assertThat(get(server, "/say", "Authorization", "Basic " + Base64.getEncoder()
          .encodeToString(("prometheus:" + token).getBytes(UTF_8))).statusCode()).isEqualTo(200);
      assertThat(get(server, "/say", "Authorization", "Basic ???").statusCode()).isEqualTo(401);
      assertThat(get(server, "/health/live").body()).isEqualTo("live");
    }
  }

  @Test
  void theTokenGoesFromTheAddressIntoACookie() throws Exception {
    try (var server = WebServer.start(options().withListen(ANYWHERE))) {
      var query = server.uriWithToken().getQuery();
      var first = get(server, "/?" + query, "Accept", "text/html");
      assertThat(first.statusCode()).isEqualTo(303);
      assertThat(first.headers().get("location")).isEqualTo("/");
      var cookie = first.header("set-cookie");
      assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict");
      assertThat(get(server, "/", "Cookie", "a=b; " + cookie.substring(0, cookie.indexOf(';')))
          .statusCode()).isEqualTo(200);
      for (var path : new String[]{"//elsewhere.example/", "/%5Celsewhere.example/",
          "/%0d%0aX:%20y"}) {
        var target = get(server, path + "?" + query, "Accept", "text/html").header("location");
        assertThat(target).as(path).startsWith("/").doesNotStartWith("//").doesNotContain("\\");
      }
    }
  }

  @Test
  void theSecretOfTheUserServesOnLoopbackAlone(@TempDir Path home) throws Exception {
    // Only the one in the home directory was not given on purpose.
    var user = UserSecret.in(home);
    assertThatThrownBy(
        () -> WebServer.start(WebOptions.of("node", user).withListen(ANYWHERE)).close())
        .isInstanceOf(IOException.class).hasMessageContaining("heddle secret FILE")
        .hasMessageContaining("http://0.0.0.0:0/");
    WebServer.start(WebOptions.of("node", user)).close();
  }

  @Test
  void aPortThatIsTakenIsAnErrorOrTheNextOneIs() throws Exception {
    try (var first = WebServer.start(options())) {
      assertThatThrownBy(() -> WebServer.start(options().withListen(first.address())).close())
          .isInstanceOf(IOException.class).hasMessageContaining("choose another port");
      try (var next = WebServer.start(options().withListen(first.address()).withMorePorts(100))) {
        assertThat(next.address().port()).isBetween(first.address().port() + 1,
            first.address().port() + 100);
      }
    }
  }

  @Test
  void filesHaveTheirTypeAndAreSentOnce() throws Exception {
    try (var server = WebServer.start(options())) {
      var script = get(server, "/a.js");
      assertThat(script.headers().get("content-type")).isEqualTo("text/javascript; charset=utf-8");
      var tag = script.header("etag");
      assertThat(get(server, "/a.js", "If-None-Match", tag).statusCode()).isEqualTo(304);
      assertThat(get(server, "/").body()).contains("<title>");
      assertThat(get(server, "/../WebServerTest.class").statusCode()).isEqualTo(404);
      assertThat(get(server, "/none").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void everyResponseForbidsWhatThePageDoesNotNeed() throws Exception {
    try (var server = WebServer.start(options())) {
      var headers = get(server, "/").headers();
      assertThat(headers.get("content-security-policy"))
          .contains("default-src 'none'").contains("frame-ancestors 'none'")
          .doesNotContain("unsafe-inline").doesNotContain("http:");
      assertThat(headers.get("x-content-type-options")).isEqualTo("nosniff");
      assertThat(headers.get("access-control-allow-origin")).isNull();
    }
  }

  @Test
  void aHandlerThatFailsIsAnAnswer() throws Exception {
    try (var server = WebServer.start(options())) {
      var response = get(server, "/fail");
      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.body()).contains("broken");
      assertThat(get(server, "/say").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whoeverListensGetsTheNewestOfEachAndTheEnd() throws Exception {
    try (var feed = new EventFeed(1);
        var server = WebServer.start(options().withRoute("/events",
            _ -> new WebResponse.Events(feed)))) {
      feed.publish("figures", "1");
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.address().port())) {
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
            .write("GET /events HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        awaitLine(in, "data: 1");
        assertThat(feed.listeners()).isEqualTo(1);
        assertThat(get(server, "/events").statusCode()).isEqualTo(503);
        feed.publish("figures", "2");
        awaitLine(in, "data: 2");
        feed.close();
        assertThat(in.lines().filter(line -> line.startsWith("data"))).isEmpty();
      }
    }
  }

  private static void awaitLine(BufferedReader in, String expected) throws IOException {
    String line;
    do {
      line = in.readLine();
      assertThat(line).as("before " + expected).isNotNull();
    } while (!line.equals(expected));
  }

  @Test
  void whoeverIsSlowMissesWhatCameBetween() throws Exception {
    try (var feed = new EventFeed(2); var slow = Objects.requireNonNull(feed.listen())) {
      for (var i = 1; i <= 1_000; i++) {
        feed.publish("figures", String.valueOf(i));
      }
      assertThat(slow.take(0)).containsOnly(Map.entry("figures", "1000"));
      assertThat(slow.skipped()).isEqualTo(999);
      assertThat(slow.take(0)).isEmpty();
    }
  }

  @Test
  void closingEndsStreamsAndLeavesNoProcess() throws Exception {
    var feed = new EventFeed(4);
    var server = WebServer.start(options().withRoute("/events",
        _ -> new WebResponse.Events(feed)));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.address().port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream()
          .write("GET /events HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      awaitLine(in, ": heddle");
      server.close();
      assertThat(feed.listeners()).isZero();
      assertThatThrownBy(() -> get(server, "/say"))
          .isInstanceOf(IOException.class);
    }
  }
}
