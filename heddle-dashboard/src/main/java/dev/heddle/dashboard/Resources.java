package dev.heddle.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;

/// The files of the page.
final class Resources {
  private Resources() {}

  /// @param name of a file in `static`
  static String text(String name) {
    try (var in = Resources.class.getResourceAsStream("static/" + name)) {
      if (in == null) {
        throw new IllegalStateException(
            "there is no dev/heddle/dashboard/static/" + name + " on the class path");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read static/" + name, e);
    }
  }
}
