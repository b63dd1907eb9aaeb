package dev.heddle.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Client;
import dev.heddle.ClientClosedException;
import dev.heddle.scheduler.Scheduler;
import dev.heddle.scheduler.SchedulerOptions;
import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import tools.jackson.databind.json.JsonMapper;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class HeddleAutoConfigurationTest {
  @TempDir
  private Path directory;

  private final ApplicationContextRunner application = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(HeddleAutoConfiguration.class,
          HeddleHealthAutoConfiguration.class, HeddleMetricsAutoConfiguration.class));

  @Test
  void withoutAnAddressThereIsNothing() {
    application.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Client.class)
        .doesNotHaveBean(HealthIndicator.class).doesNotHaveBean(HeddleMetrics.class));
  }

  @Test
  void aLocalClusterComputesAndEndsWithTheContext() {
    var kept = new AtomicReference<Client>();
    application.withPropertyValues("heddle.address=local").run(context -> {
      var client = context.getBean(Client.class);
      kept.set(client);
      assertThat(client.submit(() -> 20 + 1).get()).isEqualTo(21);
      assertThat(health(context.getBean(HealthIndicator.class)).getStatus())
          .isEqualTo(Status.UP);
    });
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> kept.get().submit(() -> 1).get())
        .isInstanceOf(ClientClosedException.class);
  }

  private static Health health(HealthIndicator indicator) {
    return Objects.requireNonNull(indicator.health());
  }

  @Test
  void aClusterElsewhereIsReachedWithItsSecretAndItsHealthIsTheApplications() throws Exception {
    var secretFile = directory.resolve("secret");
    var secret = Secret.create(secretFile);
    try (var scheduler = Scheduler
        .start(SchedulerOptions.of(secret).withListen(new Address("127.0.0.1", 0)))) {
      application.withPropertyValues("heddle.address=" + scheduler.address(),
          "heddle.secret-file=" + secretFile, "heddle.patience=7s",
          "spring.application.name=orders").run(context -> {
            var client = context.getBean(Client.class);
            assertThat(client.info().clients()).containsExactly("orders");
            assertThat(context.getBean(HeddleProperties.class).patience())
                .isEqualTo(Duration.ofSeconds(7));
            var health = context.getBean(HealthIndicator.class);
            assertThat(health(health).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
            try (var _ = Worker.start(WorkerOptions.of("one", secret), scheduler.store())) {
              assertThat(client.submit(() -> 1).get()).isEqualTo(1);
              assertThat(health(health).getStatus()).isEqualTo(Status.UP);
              assertThat(health(health).getDetails()).containsEntry("workers", 1)
                  .containsEntry("scheduler", scheduler.address().toString());
            }
            scheduler.close();
            assertThat(health(health).getStatus()).isEqualTo(Status.DOWN);
          });
    }
  }

  @Test
  void anAddressWhereNobodyIsStopsTheApplicationAndSaysSo() {
    application.withPropertyValues("heddle.address=heddle://127.0.0.1:1").run(context -> assertThat(
        context.getStartupFailure()).rootCause().hasMessageContaining("refused"));
  }

  @Test
  void theApplicationsOwnClientWins() {
    application.withPropertyValues("heddle.address=heddle://127.0.0.1:1")
        .withBean(Client.class, () -> {
          try {
            return dev.heddle.Heddle.local(1);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        }).run(context -> assertThat(context).hasSingleBean(Client.class).hasNotFailed());
  }

  @Test
  void whereMetricsAreTakenTheClusterIsAmongThem() {
    application.withPropertyValues("heddle.address=local").run(context -> {
      var registry = new SimpleMeterRegistry();
      context.getBean(HeddleMetrics.class).bindTo(registry);
      var _ = context.getBean(ClusterLooker.class).look(Duration.ofSeconds(10));
      assertThat(registry.get("heddle.workers").gauge().value()).isEqualTo(1);
      assertThat(registry.get("heddle.memory.max").gauge().value()).isPositive();
      assertThat(registry.get("heddle.tasks").tag("state", "processing").gauge().value()).isZero();
    });
  }

  @Test
  void withoutHealthAndMetricsOnTheClassPathTheClientIsThereAllTheSame() {
    application.withPropertyValues("heddle.address=local")
        .withClassLoader(new FilteredClassLoader("org.springframework.boot.health",
            "io.micrometer"))
        .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Client.class)
            .doesNotHaveBean("heddleHealthIndicator").doesNotHaveBean("heddleMetrics"));
  }

  @Test
  void healthCanBeSwitchedOff() {
    application
        .withPropertyValues("heddle.address=local", "management.health.heddle.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean("heddleHealthIndicator"));
  }

  @Test
  void theMetadataAreThoseOfTheProperties() throws Exception {
    try (var in = HeddleProperties.class
        .getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
      var names = JsonMapper.builder().build().readTree(in).get("properties").values().stream()
          .map(property -> property.get("name").asString()).toList();
      assertThat(names).containsExactlyInAnyOrderElementsOf(
          Arrays.stream(HeddleProperties.class.getRecordComponents()).map(component -> "heddle."
              + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT))
              .toList());
    }
  }

  @Test
  void theConfigurationsAreFoundByTheirFile() throws Exception {
    try (var in = HeddleProperties.class.getResourceAsStream("/META-INF/spring/"
        + "org.springframework.boot.autoconfigure.AutoConfiguration.imports")) {
      for (var name : new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
          .lines().toList()) {
        assertThat(Class.forName(name)).hasAnnotation(
            org.springframework.boot.autoconfigure.AutoConfiguration.class);
      }
    }
  }
}
