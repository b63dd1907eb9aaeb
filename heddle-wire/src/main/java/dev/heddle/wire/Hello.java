package dev.heddle.wire;

/// How a node introduces itself before anything else.
///
/// @param role what it is
/// @param name its own name: `worker-1`
/// @param heddleVersion such as `0.1.0`
/// @param javaVersion such as `25.0.3+9`
/// @param listening where it can be reached, where it can
public record Hello(Role role, String name, String heddleVersion, String javaVersion,
    java.util.Optional<Address> listening) {
  /// What a node is. The order is the code on the wire.
  public enum Role {
    CLIENT, WORKER, SCHEDULER, METADATA
  }
}
