package dev.heddle.wire;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/// Where a node listens, written `heddle://host:port`.
///
/// @param host a host name or IP address; an IPv6 address without its brackets
/// @param port 0 (any free port, when listening) to 65535
public record Address(String host, int port) {
  /// The port of a scheduler or metadata store when none is given.
  public static final int PORT_DEFAULT = 8786;

  private static final Pattern LOOPBACK = Pattern
      .compile("127(\\.[0-9]{1,3}){3}|::1|0:0:0:0:0:0:0:1");

  public Address {
    if (host.isBlank()) {
      throw new IllegalArgumentException(
          ErrorCode.BAD_ADDRESS.of("an address has no host; write it as heddle://host:port"));
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(ErrorCode.BAD_ADDRESS
          .of("port " + port + " of " + host + " is not between 0 and 65535"));
    }
  }

  /// Reads `heddle://host:port`, `host:port`, `host` or `[ipv6]:port`.
  ///
  /// @throws IllegalArgumentException if `text` is none of these; the message says what is wrong
  public static Address parse(String text) {
    var trimmed = text.strip();
    var scheme = trimmed.indexOf("://");
    if (scheme >= 0 && !trimmed.regionMatches(true, 0, "heddle", 0, Math.max(scheme, 6))) {
      throw new IllegalArgumentException(ErrorCode.BAD_ADDRESS.of("cannot read the address '" + text
          + "': its scheme is '" + trimmed.substring(0, scheme)
          + "', expected heddle://host:port"));
    }
    var rest = scheme >= 0 ? trimmed.substring(scheme + 3) : trimmed;
    if (rest.endsWith("/")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    try {
      var uri = new URI("heddle://" + rest).parseServerAuthority();
      var host = uri.getHost();
      if (host == null || uri.getUserInfo() != null || !uri.getPath().isEmpty()
          || uri.getQuery() != null || uri.getFragment() != null) {
        throw new IllegalArgumentException(ErrorCode.BAD_ADDRESS
            .of("cannot read the address '" + text + "'; write it as heddle://host:port"));
      }
      if (host.startsWith("[")) {
        host = host.substring(1, host.length() - 1);
      }
      return new Address(host, uri.getPort() < 0 ? PORT_DEFAULT : uri.getPort());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(ErrorCode.BAD_ADDRESS.of("cannot read the address '" + text
          + "': " + e.getReason() + "; write it as heddle://host:port"), e);
    }
  }

  /// Whether this is an address that only programs on this machine can reach.
  public boolean isLoopback() {
    return host.equals("localhost") || LOOPBACK.matcher(host).matches();
  }

  @Override
  public String toString() {
    return "heddle://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
