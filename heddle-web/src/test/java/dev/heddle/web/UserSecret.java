package dev.heddle.web;

import dev.heddle.wire.Secret;
import java.io.IOException;
import java.nio.file.Path;

/// A secret that nobody chose, as every program of a user takes it.
final class UserSecret {
  private UserSecret() {}

  static Secret in(Path home) throws IOException {
    var was = System.getProperty("user.home");
    System.setProperty("user.home", home.toString());
    try {
      return Secret.user();
    } finally {
      System.setProperty("user.home", was);
    }
  }
}
