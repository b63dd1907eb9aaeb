package dev.heddle.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real browser without a window, driven over its DevTools protocol, as far as our tests need it: one
/// page, real clicks and keys, and what its console says.
final class Browser implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<String> NAMES = List.of("chromium", "chromium-browser",
      "google-chrome", "google-chrome-stable");
  private static final long ANSWER_SECONDS = 60;
  private static final long START_SECONDS = 60;

  /// Of every text that shows: what it says, where its colour and what lies behind are too alike.
  private static final String PALE = """
      (() => {
        const parse = (color) => {
          const parts = color.match(/[\\d.]+/g).map(Number);
          return { r: parts[0], g: parts[1], b: parts[2], a: parts[3] ?? 1 };
        };
        const over = (top, below) => ({ r: top.r * top.a + below.r * (1 - top.a),
          g: top.g * top.a + below.g * (1 - top.a), b: top.b * top.a + below.b * (1 - top.a), a: 1 });
        const light = ({ r, g, b }) => [r, g, b].map((part) => part / 255)
          .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
          .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
        const behind = (element) => {
          const layers = [];
          for (let at = element; at; at = at.parentElement) {
            const style = getComputedStyle(at);
            layers.push(parse(style.backgroundColor));
          }
          return layers.reverse().reduce((below, top) => over(top, below), { r: 255, g: 255, b: 255, a: 1 });
        };
        const pale = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        let seen = 0;
        while (walker.nextNode()) {
          const element = walker.currentNode.parentElement;
          const words = walker.currentNode.textContent.trim();
          if (!words || ['SCRIPT', 'NOSCRIPT', 'OPTION', 'TITLE', 'title'].includes(element.tagName) || !element.checkVisibility()) continue;
          const style = getComputedStyle(element);
          const inDrawing = element instanceof SVGElement;
          const back = behind(inDrawing ? element.closest('svg').parentElement : element);
          const front = over(parse(inDrawing ? style.fill : style.color), back);
          const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
          const large = parseFloat(style.fontSize) >= 24;
          seen++;
          if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5)) pale.push(`${words.slice(0, 40)}: ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
        }
        return seen < 5 ? ['there is hardly any text'] : pale;
      })()""";

  private final Process process;
  private final Path profile;
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final List<String> complaints = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private volatile CompletableFuture<@Nullable Void> loaded = new CompletableFuture<>();

  /// Where one is installed.
  static Optional<Path> installed() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
        .filter(Files::isExecutable).findFirst();
  }

  Browser(Path program) throws Exception {
    profile = Files.createTempDirectory("heddle-browser");
    process = new ProcessBuilder(program.toString(), "--headless", "--no-sandbox",
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--hide-scrollbars",
        "--remote-debugging-port=0", "--user-data-dir=" + profile, "about:blank")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    var port = URI.create(devTools()).getPort();
    var page = JSON.readTree(client.send(HttpRequest
        .newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
        .method("PUT", HttpRequest.BodyPublishers.noBody()).build(), BodyHandlers.ofString())
        .body());
    socket = client.newWebSocketBuilder()
        .buildAsync(URI.create(page.get("webSocketDebuggerUrl").asString()), new Listener())
        .get(START_SECONDS, TimeUnit.SECONDS);
    for (var domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  private String devTools() throws Exception {
    var found = new CompletableFuture<String>();
    Thread.ofVirtual().start(() -> {
      var address = Pattern.compile("ws://\\S+");
      try (var lines = new BufferedReader(new InputStreamReader(process.getErrorStream(),
          UTF_8))) {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
          var match = address.matcher(line);
          if (match.find()) {
            found.complete(match.group());
          }
        }
      } catch (IOException e) {
        found.completeExceptionally(e);
      }
      found.completeExceptionally(new IOException("the browser ended before it listened"));
    });
    return found.get(START_SECONDS, TimeUnit.SECONDS);
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        heard(JSON.readTree(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private void heard(JsonNode message) {
    if (message.has("id")) {
      var asked = waiting.remove(message.get("id").asInt());
      if (asked != null) {
        asked.complete(message);
      }
      return;
    }
    var parameters = message.get("params");
    switch (message.get("method").asString()) {
      case "Page.loadEventFired" -> loaded.complete(null);
      case "Runtime.exceptionThrown" -> complain(parameters.toString());
      case "Log.entryAdded" -> {
        if (parameters.get("entry").get("level").asString().equals("error")) {
          complain(parameters.toString());
        }
      }
      case "Runtime.consoleAPICalled" -> {
        if (List.of("error", "warning", "assert").contains(parameters.get("type").asString())) {
          complain(parameters.toString());
        }
      }
      case "Network.requestWillBeSent" -> {
        synchronized (requests) {
          requests.add(parameters.get("request").get("url").asString());
        }
      }
      default -> {
        // Many things happen in a browser.
      }
    }
  }

  private void complain(String what) {
    synchronized (complaints) {
      complaints.add(what);
    }
  }

  /// Errors and warnings of the console so far.
  List<String> complaints() {
    synchronized (complaints) {
      return List.copyOf(complaints);
    }
  }

  /// What was asked for so far, wherever.
  List<String> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /// As if nothing had been said or asked for yet.
  void forget() {
    synchronized (complaints) {
      complaints.clear();
    }
    synchronized (requests) {
      requests.clear();
    }
  }

  private JsonNode call(String method, Map<String, ?> parameters) throws Exception {
    var number = calls.incrementAndGet();
    var answer = new CompletableFuture<JsonNode>();
    waiting.put(number, answer);
    socket.sendText(JSON.writeValueAsString(
        Map.of("id", number, "method", method, "params", parameters)), true)
        .get(ANSWER_SECONDS, TimeUnit.SECONDS);
    var message = answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    if (message.has("error")) {
      throw new IOException(method + ": " + message.get("error"));
    }
    return message.get("result");
  }

  void size(int width, int height, String scheme) throws Exception {
    call("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height,
        "deviceScaleFactor", 1, "mobile", width < 500));
    call("Emulation.setEmulatedMedia", Map.of("features",
        List.of(Map.of("name", "prefers-color-scheme", "value", scheme),
            Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /// Leaves the page that is open.
  void leave() throws Exception {
    call("Page.navigate", Map.of("url", "about:blank"));
    await("location.href === 'about:blank'");
  }

  void open(URI page) throws Exception {
    leave();
    loaded = new CompletableFuture<>();
    call("Page.navigate", Map.of("url", page.toString()));
    loaded.get(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  /// What an expression gives; a promise is waited for.
  JsonNode evaluate(String expression) throws Exception {
    var result = call("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true,
        "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + result.get("exceptionDetails"));
    }
    return result.get("result").has("value")
        ? result.get("result").get("value")
        : JSON.nullNode();
  }

  /// Of every text that shows: what it says, where its colour and what lies behind are too alike.
  JsonNode pale() throws Exception {
    return evaluate(PALE);
  }

  /// Waits until an expression is true.
  void await(String condition) throws Exception {
    var _ = evaluate("""
        new Promise((done, failed) => {
          const end = Date.now() + 45000;
          (function look() {
            if (%s) done(true);
            else if (Date.now() > end) failed(new Error('not in time, the page says: '
                + document.body.innerText.slice(0, 2000)));
            else setTimeout(look, 40);
          })();
        })""".formatted(condition));
  }

  /// Presses the mouse in the middle of the first element that fits.
  void click(String selector) throws Exception {
    var point = evaluate("""
        (() => {
          const element = document.querySelector(%s);
          element.scrollIntoView({ block: 'center', inline: 'center' });
          const { left, top, width, height } = element.getBoundingClientRect();
          return [left + width / 2, top + height / 2];
        })()""".formatted(JSON.writeValueAsString(selector)));
    click(point.get(0).asDouble(), point.get(1).asDouble());
  }

  void click(double x, double y) throws Exception {
    move(x, y);
    for (var type : List.of("mousePressed", "mouseReleased")) {
      call("Input.dispatchMouseEvent", Map.of("type", type, "x", x, "y", y, "button", "left",
          "clickCount", 1));
    }
  }

  void move(double x, double y) throws Exception {
    call("Input.dispatchMouseEvent", Map.of("type", "mouseMoved", "x", x, "y", y));
  }

  /// Presses a key: `Tab`, `ArrowRight`, `Escape`, `Enter`, or a character.
  void press(String key) throws Exception {
    var code = switch (key) {
      case "Tab" -> 9;
      case "Enter" -> 13;
      case "Escape" -> 27;
      case "End" -> 35;
      case "Home" -> 36;
      case "ArrowLeft" -> 37;
      case "ArrowRight" -> 39;
      default -> (int) Character.toUpperCase(key.charAt(0));
    };
    var text = key.equals("Enter") ? "\r" : key.length() == 1 ? key : "";
    call("Input.dispatchKeyEvent", Map.of("type", text.isEmpty() ? "rawKeyDown" : "keyDown",
        "key", key, "code", key, "windowsVirtualKeyCode", code, "text", text));
    call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key,
        "windowsVirtualKeyCode", code));
  }

  void screenshot(Path file) throws Exception {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, Base64.getDecoder().decode(
        call("Page.captureScreenshot", Map.of()).get("data").asString()));
  }

  /// Of the whole page, also what one has to scroll to.
  void screenshotOfAll(Path file) throws Exception {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, Base64.getDecoder()
        .decode(call("Page.captureScreenshot", Map.of("captureBeyondViewport", true)).get("data")
            .asString()));
  }

  /// As it would be printed.
  void pdf(Path file) throws Exception {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, Base64.getDecoder().decode(
        call("Page.printToPDF", Map.of("printBackground", false)).get("data").asString()));
  }

  @Override
  public void close() throws Exception {
    socket.abort();
    client.shutdownNow();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor(ANSWER_SECONDS, TimeUnit.SECONDS);
    try (Stream<Path> files = Files.walk(profile)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      // The browser's last child writes while it dies; the rest is the system's to clear.
      profile.toFile().deleteOnExit();
    }
  }
}
