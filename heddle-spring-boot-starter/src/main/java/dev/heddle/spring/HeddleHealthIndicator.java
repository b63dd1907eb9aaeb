package dev.heddle.spring;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Up while the scheduler answers and has a worker; out of service while it has none; down while it does not answer.
final class HeddleHealthIndicator implements HealthIndicator {
  private static final Duration WITHIN = Duration.ofSeconds(2);

  private final ClusterLooker cluster;

  HeddleHealthIndicator(ClusterLooker cluster) {
    this.cluster = cluster;
  }

  @Override
  public Health health() {
    var address = cluster.client().address().toString();
    try {
      var info = cluster.look(WITHIN);
      return (info.workers().isEmpty() ? Health.outOfService() : Health.up())
          .withDetail("scheduler", address).withDetail("workers", info.workers().size())
          .withDetail("tasks", info.tasks()).build();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Health.unknown().withDetail("scheduler", address).build();
    } catch (TimeoutException e) {
      return Health.down().withDetail("scheduler", address)
          .withDetail("reason", "no answer within " + WITHIN.toSeconds() + " s").build();
    } catch (ExecutionException e) {
      return Health.down(e.getCause() == null ? e : e.getCause()).withDetail("scheduler", address)
          .build();
    }
  }
}
