package dev.heddle.scheduler;

import dev.heddle.metadata.MetadataStore;
import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What a scheduler is told when it starts.
///
/// @param name how it is known to people
/// @param listen where it listens; port 0 for any that is free
/// @param advertisedHost the host under which others reach it, where that is not `listen`'s; or `HOST:PORT`
/// @param secret the cluster's secret
/// @param metadata the store of who has what, which stays the caller's to close; where none is
///     given, the scheduler is one itself
/// @param settings changes what the core is told; gets the defaults
public record SchedulerOptions(String name, Address listen, Optional<String> advertisedHost,
    Secret secret, Optional<MetadataStore> metadata, UnaryOperator<SchedulerConfig> settings) {

  /// A scheduler on the loopback address, at the port where everybody looks for it, which keeps who
  /// has what itself.
  public static SchedulerOptions of(Secret secret) {
    return new SchedulerOptions("scheduler", new Address("127.0.0.1", Address.PORT_DEFAULT),
        Optional.empty(), secret, Optional.empty(), UnaryOperator.identity());
  }

  public SchedulerOptions withName(String newName) {
    return new SchedulerOptions(newName, listen, advertisedHost, secret, metadata, settings);
  }

  public SchedulerOptions withListen(Address address) {
    return new SchedulerOptions(name, address, advertisedHost, secret, metadata, settings);
  }

  public SchedulerOptions withAdvertisedHost(String host) {
    return new SchedulerOptions(name, listen, Optional.of(host), secret, metadata, settings);
  }

  /// With a store that is elsewhere, such as Redis, in which workers register.
  public SchedulerOptions withMetadata(MetadataStore store) {
    return new SchedulerOptions(name, listen, advertisedHost, secret, Optional.of(store), settings);
  }

  public SchedulerOptions withSettings(UnaryOperator<SchedulerConfig> change) {
    return new SchedulerOptions(name, listen, advertisedHost, secret, metadata, change);
  }
}
