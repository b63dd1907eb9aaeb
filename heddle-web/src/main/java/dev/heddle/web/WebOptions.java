package dev.heddle.web;

import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What a [WebServer] is told once.
///
/// @param name of the node; the first part of its threads' names
/// @param listen where; with port 0, any that is free
/// @param morePorts how many ports after that one are tried when it is taken
/// @param secret the cluster's: what the token is made of
/// @param routes handlers by path; of several that a path begins with, the longest. One that does not
///     end with `/` is for that very path.
/// @param open the paths among them that ask nobody for a token, such as those of health checks
public record WebOptions(String name, Address listen, int morePorts, Secret secret,
    Map<String, WebHandler> routes, Set<String> open) {

  /// How many requests are answered at a time, event streams among them; others are told to come back.
  static final int REQUESTS_MAX = 128;
  /// How much of a request's body is read, and thrown away; one that is longer ends the connection.
  static final int BODY_BYTES_MAX = 64 << 10;
  /// The longest path with its query, in characters.
  static final int TARGET_MAX = 8 << 10;

  public WebOptions {
    routes = Map.copyOf(routes);
    open = Set.copyOf(open);
  }

  /// On loopback, without routes.
  public static WebOptions of(String name, Secret secret) {
    return new WebOptions(name, new Address("127.0.0.1", 0), 0, secret, Map.of(),
        Set.of());
  }

  public WebOptions withListen(Address where) {
    return new WebOptions(name, where, morePorts, secret, routes, open);
  }

  public WebOptions withMorePorts(int count) {
    return new WebOptions(name, listen, count, secret, routes, open);
  }

  public WebOptions withRoute(String path, WebHandler handler) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("the path '" + path + "' does not begin with /");
    }
    var more = new LinkedHashMap<>(routes);
    more.put(path, handler);
    return new WebOptions(name, listen, morePorts, secret, more, open);
  }

  /// One that answers whoever can connect.
  public WebOptions withOpenRoute(String path, WebHandler handler) {
    var more = new HashSet<>(open);
    more.add(path);
    var with = withRoute(path, handler);
    return new WebOptions(name, listen, morePorts, secret, with.routes, more);
  }
}
