package dev.heddle.spring;

import dev.heddle.ClusterInfo;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// How the cluster is, as gauges of the application: by its scheduler's word, at most 5 s old.
final class HeddleMetrics implements MeterBinder {
  private static final List<String> STATES = List.of("waiting", "queued", "processing", "memory",
      "erred");

  private final ClusterLooker cluster;

  HeddleMetrics(ClusterLooker cluster) {
    this.cluster = cluster;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(registry, "heddle.workers", "workers of the cluster", "workers",
        info -> info.workers().size());
    gauge(registry, "heddle.threads", "functions that they can run at once", "threads",
        info -> info.workers().stream().mapToInt(ClusterInfo.Worker::threads).sum());
    gauge(registry, "heddle.memory.used", "what values take in the workers' memory", "bytes",
        info -> info.workers().stream().mapToLong(ClusterInfo.Worker::memoryBytes).sum());
    gauge(registry, "heddle.memory.max", "what they may take there", "bytes",
        info -> info.workers().stream().mapToLong(ClusterInfo.Worker::memoryBytesMax).sum());
    gauge(registry, "heddle.disk.used", "what workers have written to disk", "bytes",
        info -> info.workers().stream().mapToLong(ClusterInfo.Worker::diskBytes).sum());
    for (var state : STATES) {
      Gauge.builder("heddle.tasks", cluster, looker -> value(looker,
          info -> info.tasks().getOrDefault(state, 0L))).description("tasks of all clients")
          .baseUnit("tasks").tag("state", state).register(registry);
    }
  }

  private void gauge(MeterRegistry registry, String name, String description, String unit,
      ToDoubleFunction<ClusterInfo> figure) {
    Gauge.builder(name, cluster, looker -> value(looker, figure)).description(description)
        .baseUnit(unit).register(registry);
  }

  private static double value(ClusterLooker looker, ToDoubleFunction<ClusterInfo> figure) {
    var info = looker.lately();
    return info == null ? Double.NaN : figure.applyAsDouble(info);
  }
}
