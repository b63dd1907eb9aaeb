package dev.heddle.spring;

import dev.heddle.Client;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/// Has the cluster count for the application's health, unless `management.health.heddle.enabled` is false.
@AutoConfiguration(after = HeddleAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean({Client.class, ClusterLooker.class})
public final class HeddleHealthAutoConfiguration {
  @Bean
  @ConditionalOnEnabledHealthIndicator("heddle")
  @ConditionalOnMissingBean(name = "heddleHealthIndicator")
  HealthIndicator heddleHealthIndicator(ClusterLooker cluster) {
    return new HeddleHealthIndicator(cluster);
  }
}
