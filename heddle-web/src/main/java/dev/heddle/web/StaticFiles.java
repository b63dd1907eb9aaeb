package dev.heddle.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Files of the class path, read once, each with its type and a hash of its content by which a browser
/// knows whether it has it. Only what was named is served.
public final class StaticFiles implements WebHandler {
  private static final Map<String, String> TYPES = Map.of(
      "html", "text/html; charset=utf-8",
      "js", "text/javascript; charset=utf-8",
      "css", "text/css; charset=utf-8",
      "svg", "image/svg+xml",
      "json", "application/json",
      "png", "image/png",
      "txt", "text/plain; charset=utf-8");

  private final Map<String, WebResponse.Whole> byPath;

  private StaticFiles(Map<String, WebResponse.Whole> byPath) {
    this.byPath = byPath;
  }

  /// @param beside the class in whose package's directory `static` they are
  /// @param names of the files; `index.html` is served as `/` too
  /// @throws IllegalStateException if one is not on the class path
  public static StaticFiles of(Class<?> beside, List<String> names) {
    var byPath = new LinkedHashMap<String, WebResponse.Whole>();
    for (var name : names) {
      var response = new WebResponse.Whole(200, typeOf(name), read(beside, name), Map.of());
      var tag = Map.of("ETag", "\"" + hash(response.body()) + "\"", "Cache-Control", "no-cache");
      response = new WebResponse.Whole(200, response.type(), response.body(), tag);
      byPath.put("/" + name, response);
      if (name.equals("index.html")) {
        byPath.put("/", response);
      }
    }
    return new StaticFiles(byPath);
  }

  private static byte[] read(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream("static/" + name)) {
      if (in == null) {
        throw new IllegalStateException("there is no static/" + name + " beside "
            + beside.getName() + " on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read static/" + name, e);
    }
  }

  private static String typeOf(String name) {
    var type = TYPES.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    if (type == null) {
      throw new IllegalArgumentException("no type is known for the file " + name);
    }
    return type;
  }

  private static String hash(byte[] content) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  @Override
  public WebResponse answer(WebRequest request) {
    WebResponse.@Nullable Whole found = byPath.get(request.path());
    return found == null
        ? new WebResponse.Whole(404, "text/plain; charset=utf-8",
            ("there is no page " + request.path() + "\n").getBytes(UTF_8), Map.of())
        : found;
  }
}
