package dev.heddle.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/// What a handler answers.
public sealed interface WebResponse {
  /// All of it at once.
  ///
  /// @param status of HTTP
  /// @param type as in `Content-Type`
  /// @param body not to be changed
  /// @param headers further ones
  @SuppressWarnings("ArrayRecordComponent") // It is only written out; nobody compares responses.
  record Whole(int status, String type, byte[] body, Map<String, String> headers)
      implements
        WebResponse {
    public Whole {
      headers = Map.copyOf(headers);
    }
  }

  /// Server-sent events, for as long as the browser stays.
  record Events(EventFeed feed) implements WebResponse {}

  static WebResponse of(String type, byte[] body) {
    return new Whole(200, type, body, Map.of());
  }

  static WebResponse json(String json) {
    return of("application/json", json.getBytes(UTF_8));
  }

  static WebResponse text(int status, String text) {
    return new Whole(status, "text/plain; charset=utf-8", text.getBytes(UTF_8), Map.of());
  }
}
