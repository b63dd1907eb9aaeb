package dev.heddle.metadata.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a Redis is and which part of it is ours, written
/// `redis://user:password@host:port/database?namespace=name`; `rediss://` means TLS.
///
/// @param user
///          empty for the default user
/// @param database
///          the number of a database, 0 unless given
/// @param namespace
///          1 to 64 letters, digits, `_`, `.` or `-`: clusters that share a Redis differ in it
public record RedisAddress(boolean tls, String host, int port, Optional<String> user,
    Optional<String> password, int database, String namespace) {
  public static final int PORT_DEFAULT = 6379;
  public static final String NAMESPACE_DEFAULT = "default";
  private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final Pattern USER_INFO = Pattern.compile("//.*@");
  private static final String EXPECTED = "; write it as redis://user:password@host:port/database?namespace=name (only the host is "
      + "needed; rediss:// for TLS; characters such as @ and / in a password as %40 and %2F)";

  public RedisAddress {
    if (host.isBlank() || port < 1 || port > 65535 || database < 0) {
      throw new IllegalArgumentException("host '" + host + "', port " + port + ", database "
          + database + " is no place of a Redis" + EXPECTED);
    }
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw new IllegalArgumentException("the namespace '" + namespace
          + "' is not 1 to 64 letters, digits, '_', '.' or '-'");
    }
    if (user.isPresent() && password.isEmpty()) {
      throw new IllegalArgumentException(
          "the Redis user '" + user.get() + "' comes without a password" + EXPECTED);
    }
  }

  /// Whether `text` begins like the address of a Redis.
  public static boolean isRedis(String text) {
    return text.startsWith("redis://") || text.startsWith("rediss://");
  }

  /// @throws IllegalArgumentException
  ///           if `text` is no such address; the message has no password in it
  public static RedisAddress parse(String text) {
    var uri = uri(text);
    if (!isRedis(text) || uri.getHost() == null || uri.getFragment() != null) {
      throw new IllegalArgumentException("cannot read '" + redacted(text) + "'" + EXPECTED);
    }
    var host = uri.getHost().startsWith("[")
        ? uri.getHost().substring(1, uri.getHost().length() - 1)
        : uri.getHost();
    var userInfo = Optional.ofNullable(uri.getRawUserInfo());
    return new RedisAddress(text.startsWith("rediss:"), host,
        uri.getPort() < 0 ? PORT_DEFAULT : uri.getPort(), userInfo.flatMap(RedisAddress::user),
        userInfo.map(RedisAddress::password), database(uri, text), namespace(uri, text));
  }

  public RedisAddress withNamespace(String other) {
    return new RedisAddress(tls, host, port, user, password, database, other);
  }

  private static URI uri(String text) {
    try {
      return new URI(text).parseServerAuthority();
    } catch (URISyntaxException e) {
      // Not as the cause: its message holds the whole text.
      throw new IllegalArgumentException(
          "cannot read '" + redacted(text) + "': " + e.getReason() + EXPECTED);
    }
  }

  private static Optional<String> user(String userInfo) {
    var colon = userInfo.indexOf(':');
    return colon <= 0 ? Optional.empty() : Optional.of(decoded(userInfo.substring(0, colon)));
  }

  private static String password(String userInfo) {
    return decoded(userInfo.substring(userInfo.indexOf(':') + 1));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static int database(URI uri, String text) {
    var path = uri.getPath();
    if (path.isEmpty() || path.equals("/")) {
      return 0;
    }
    try {
      return Integer.parseInt(path.substring(1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("cannot read '" + redacted(text) + "': '"
          + path.substring(1) + "' is no number of a database" + EXPECTED, e);
    }
  }

  private static String namespace(URI uri, String text) {
    var query = uri.getQuery();
    if (query == null) {
      return NAMESPACE_DEFAULT;
    }
    if (!query.startsWith("namespace=")) {
      throw new IllegalArgumentException(
          "cannot read '" + redacted(text) + "': unknown option '" + query + "'" + EXPECTED);
    }
    return query.substring("namespace=".length());
  }

  private static String redacted(String text) {
    return USER_INFO.matcher(text).replaceFirst("//***@");
  }

  /// What all its keys begin with.
  String prefix() {
    return "heddle:" + namespace + ":";
  }

  /// Without user and password.
  @Override
  public String toString() {
    return (tls ? "rediss://" : "redis://") + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
        + ":" + port + "/" + database
        + (namespace.equals(NAMESPACE_DEFAULT) ? "" : "?namespace=" + namespace);
  }
}
