package dev.heddle.spring;

import dev.heddle.Client;
import dev.heddle.ClientOptions;
import dev.heddle.Heddle;
import java.io.IOException;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/// Gives the application a [Client] where `heddle.address` says of what, unless it makes one itself.
@AutoConfiguration
@ConditionalOnProperty("heddle.address")
@EnableConfigurationProperties(HeddleProperties.class)
public final class HeddleAutoConfiguration {
  private static final String LOCAL = "local";

  /// @throws IOException if nobody answers there, or it has another secret; says what to do
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  Client heddleClient(HeddleProperties properties, Environment environment) throws IOException {
    var address = String.valueOf(properties.address());
    return address.equals(LOCAL)
        ? Heddle.local()
        : Heddle.connect(address, options(properties, environment));
  }

  private static ClientOptions options(HeddleProperties properties, Environment environment) {
    var options = ClientOptions.DEFAULT.patience(properties.patience());
    var name = properties.name() == null
        ? environment.getProperty("spring.application.name")
        : properties.name();
    if (name != null && !name.isBlank()) {
      options = options.name(name);
    }
    return properties.secretFile() == null ? options : options.secretFile(properties.secretFile());
  }

  @Bean
  @ConditionalOnMissingBean
  ClusterLooker heddleClusterLooker(Client client) {
    return new ClusterLooker(client);
  }
}
