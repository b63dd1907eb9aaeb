package dev.heddle.metadata.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What Redis runs for us, each call atomic. The sources are the resources of these names.
enum Script {
  JOIN, RENEW, LEAVE, REGISTER, UNREGISTER, WHOHAS, HASWHAT, WORKERS, TICK, SWEEP;

  private final String source;
  private final String sha;

  Script() {
    source = resource("common") + resource(name().toLowerCase(java.util.Locale.ROOT));
    sha = sha1(source);
  }

  String source() {
    return source;
  }

  /// By what Redis knows it once it was loaded.
  String sha() {
    return sha;
  }

  private static String resource(String name) {
    try (var in = Script.class.getResourceAsStream(name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + ".lua is not beside "
            + Script.class.getName() + "; this build of Heddle is not complete");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(String text) {
    try {
      return HexFormat.of().formatHex(
          MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-1", e);
    }
  }
}
