package dev.heddle.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Decides who may ask.
///
/// Where other machines reach the server, whoever brings the token, which is made of the secret and
/// tells nothing of it. On loopback, the programs of this node's user: those of others need the token. A page
/// of another site is turned away in either case, by the name under which it looks for us (so that a name of
/// its own that leads here serves for nothing) and by what its browser says of where it comes from.
final class Door {
  private static final String BEARER = "bearer ";
  private static final String BASIC = "basic ";

  /// What it says to a request.
  enum Answer {
    COME_IN,
    /// It has to bring the token.
    WHO_ARE_YOU,
    /// It comes from a page of another site.
    FOREIGN,
    /// It looks for somebody else.
    MISDIRECTED
  }

  /// What a request brings, of what counts here; null for what is missing.
  record Visitor(InetSocketAddress from, InetSocketAddress to, @Nullable String host,
      @Nullable String origin, @Nullable String fetchSite, @Nullable String fetchMode,
      @Nullable String authorization, @Nullable String token) {}

  private final String token;
  private final boolean loopback;
  private final Neighbours neighbours;

  Door(Secret secret, boolean loopback, Neighbours neighbours) {
    token = tokenOf(secret);
    this.loopback = loopback;
    this.neighbours = neighbours;
  }

  static String tokenOf(Secret secret) {
    return secret.webToken();
  }

  /// What lets in.
  String token() {
    return token;
  }

  Answer ask(Visitor visitor, boolean open) {
    var host = hostOf(visitor.host());
    if (host == null || (loopback && !new Address(host, 0).isLoopback())) {
      return Answer.MISDIRECTED;
    }
    if (isForeign(visitor)) {
      return Answer.FOREIGN;
    }
    if (open || brings(visitor)
        || (loopback && neighbours.areOurs(visitor.from(), visitor.to()))) {
      return Answer.COME_IN;
    }
    return Answer.WHO_ARE_YOU;
  }

  private static boolean isForeign(Visitor visitor) {
    var origin = visitor.origin();
    if (origin != null && !origin.toLowerCase(Locale.ROOT).endsWith("://" + visitor.host())) {
      return true;
    }
    // A link on another page may lead here; what a page fetches by itself may not.
    return "cross-site".equals(visitor.fetchSite()) && !"navigate".equals(visitor.fetchMode());
  }

  private boolean brings(Visitor visitor) {
    return isToken(visitor.token()) || isToken(given(visitor.authorization()));
  }

  private static @Nullable String given(@Nullable String authorization) {
    if (authorization == null) {
      return null;
    }
    if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return authorization.substring(BEARER.length()).strip();
    }
    if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return null;
    }
    try {
      var pair = new String(
          Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip()), UTF_8);
      return pair.substring(pair.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private boolean isToken(@Nullable String text) {
    return text != null && MessageDigest.isEqual(token.getBytes(UTF_8), text.getBytes(UTF_8));
  }

  /// Without its port.
  private static @Nullable String hostOf(@Nullable String header) {
    if (header == null || header.isBlank()) {
      return null;
    }
    try {
      var host = URI.create("http://" + header).getHost();
      if (host == null || host.isBlank()) {
        return null;
      }
      return host.startsWith("[")
          ? host.substring(1, host.length() - 1)
          : host.toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
