package dev.heddle.cli;

import dev.heddle.metadata.MetadataStore;
import dev.heddle.metadata.redis.RedisAddress;
import dev.heddle.metadata.redis.RedisMetadataStore;
import dev.heddle.metrics.Metrics;
import dev.heddle.scheduler.Scheduler;
import dev.heddle.scheduler.SchedulerOptions;
import dev.heddle.wire.Address;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "scheduler", mixinStandardHelpOptions = true, description = {
    "Run a scheduler: it takes tasks from clients and gives them to workers.",
    "It is the metadata store of its workers too, unless that is in Redis."})
final class SchedulerCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;
  @Option(names = {"-p",
      "--port"}, paramLabel = "PORT", defaultValue = "8786", description = "the port to listen on, 0 for any that is free (default: ${DEFAULT-VALUE})")
  private int port;
  @Option(names = "--advertise", paramLabel = "HOST[:PORT]", description = "the host under which others reach it, where that is not --host; with a port, where that is another too")
  private Optional<String> advertise = Optional.empty();
  @Option(names = "--redis", paramLabel = "ADDRESS", description = "keep who has what in Redis: redis://[user:password@]host:port/db; workers are then"
      + " started with the same address")
  private Optional<String> redis = Optional.empty();
  @Mixin
  private DashboardOption dashboard;
  @Mixin
  private ListenOptions listen;
  @Mixin
  private MetricsOptions metrics;
  @Mixin
  private Cluster cluster;

  @Override
  public Integer call() throws Exception {
    var signals = Signals.taken();
    var options = SchedulerOptions.of(cluster.secret()).withListen(listen.address(port));
    if (advertise.isPresent()) {
      options = options.withAdvertisedHost(advertise.get());
    }
    if (redis.isPresent()) {
      try (MetadataStore store = RedisMetadataStore.open(RedisAddress.parse(redis.get()))) {
        return serve(options.withMetadata(store), signals);
      }
    }
    return serve(options, signals);
  }

  /// The address for this very process, to which the advertised one may not lead.
  private static Address reachable(Address listen) {
    var anywhere = listen.host().equals("0.0.0.0") || listen.host().equals("::");
    return new Address(anywhere ? "127.0.0.1" : listen.host(), listen.port());
  }

  private int serve(SchedulerOptions options, Signals signals) throws Exception {
    try (var scheduler = Scheduler.start(options)) {
      return serve(scheduler, Metrics.of(scheduler), options, signals);
    }
  }

  private int serve(Scheduler scheduler, Metrics figures, SchedulerOptions options,
      Signals signals) throws Exception {
    var out = spec.commandLine().getOut();
    try (var serving = metrics.serve(figures, options.name(), listen, options.secret())) {
      out.println("scheduler at " + scheduler.address());
      serving.tell(out);
      out.flush();
      try (var page = dashboard.serve(reachable(scheduler.listensAt()), options.secret(),
          figures::addTo, out::println).orElse(null)) {
        if (page != null) {
          scheduler.announcePage(page.uri(), page.asksForToken());
        }
        out.flush();
        signals.await();
      }
    }
    return 0;
  }
}
