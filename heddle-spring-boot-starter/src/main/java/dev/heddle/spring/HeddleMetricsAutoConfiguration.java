package dev.heddle.spring;

import dev.heddle.Client;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/// Gives the application's meter registries, where there are any, what [HeddleMetrics] tells.
@AutoConfiguration(after = HeddleAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean({Client.class, ClusterLooker.class})
public final class HeddleMetricsAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean(name = "heddleMetrics")
  MeterBinder heddleMetrics(ClusterLooker cluster) {
    return new HeddleMetrics(cluster);
  }
}
