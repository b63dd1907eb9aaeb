package dev.heddle.wire;

import java.util.Optional;

/// What an [Endpoint] is told once.
///
/// @param role what this node is, for its peers
/// @param name its own name: `worker-1`; also the first part of its threads' names
/// @param secret which only the nodes of one cluster know
/// @param secretGiven whether somebody chose that secret for this cluster; without, only loopback
///     addresses are listened on
/// @param advertisedHost the host by which others reach this node, where that is not the one it
///     listens on; or `HOST:PORT` where the port is another too, as behind a proxy or a mapped port
/// @param heddleVersion told to peers
/// @param limits how much the node takes on
/// @param timeouts how long it waits for its peers
public record EndpointConfig(Hello.Role role, String name, Secret secret, boolean secretGiven,
    Optional<String> advertisedHost, String heddleVersion, Limits limits, Timeouts timeouts) {

  /// The version of this build, as far as it is known.
  private static final String VERSION = Optional
      .ofNullable(EndpointConfig.class.getPackage().getImplementationVersion())
      .orElse("0.1.0");

  public EndpointConfig {
    if (name.isBlank() || name.length() > 128) {
      throw new IllegalArgumentException(
          "the node name '" + name + "' is not 1 to 128 characters; choose another with --name");
    }
  }

  /// With every limit and timeout at its default.
  public static EndpointConfig of(Hello.Role role, String name, Secret secret) {
    return new EndpointConfig(role, name, secret, secret.isGiven(), Optional.empty(), VERSION,
        Limits.DEFAULT, Timeouts.DEFAULT);
  }

  public EndpointConfig withLimits(Limits newLimits) {
    return new EndpointConfig(role, name, secret, secretGiven, advertisedHost, heddleVersion,
        newLimits, timeouts);
  }

  public EndpointConfig withTimeouts(Timeouts newTimeouts) {
    return new EndpointConfig(role, name, secret, secretGiven, advertisedHost, heddleVersion,
        limits, newTimeouts);
  }

  public EndpointConfig withSecretGiven(boolean given) {
    return new EndpointConfig(role, name, secret, given, advertisedHost, heddleVersion, limits,
        timeouts);
  }

  public EndpointConfig withAdvertisedHost(String host) {
    return new EndpointConfig(role, name, secret, secretGiven, Optional.of(host), heddleVersion,
        limits, timeouts);
  }
}
