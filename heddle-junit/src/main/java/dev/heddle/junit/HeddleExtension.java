package dev.heddle.junit;

import dev.heddle.Client;
import dev.heddle.cluster.LocalCluster;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/// What stands behind [HeddleTest] and [Faults].
final class HeddleExtension
    implements
      BeforeEachCallback,
      AfterEachCallback,
      ParameterResolver,
      TestExecutionExceptionHandler,
      TestTemplateInvocationContextProvider {
  private static final Namespace NAMESPACE = Namespace.create(HeddleExtension.class);
  private static final String SEED = "seed";
  /// Short enough to be typed again.
  private static final long SEEDS = 1_000_000_000L;

  HeddleExtension() {}

  // --- one test after another

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return AnnotationSupport.isAnnotated(context.getTestMethod(), HeddleTest.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    var method = context.getRequiredTestMethod();
    if (method.isAnnotationPresent(Test.class)) {
      throw new ExtensionConfigurationException(name(method)
          + " has @Test beside @HeddleTest, and would run twice; remove @Test");
    }
    var faults = Setting.find(context, Faults.class);
    if (faults.isEmpty()) {
      return Stream.of(new Invocation(method.getName(), Optional.empty()));
    }
    Setting.check(faults.get(), name(method));
    var seeds = new ArrayList<Long>();
    for (var i = 0; i < faults.get().repeat(); i++) {
      var given = givenSeeds(faults.get());
      seeds.addAll(given.isEmpty() ? List.of(drawn()) : given);
    }
    return seeds.stream().map(seed -> new Invocation("seed " + seed, Optional.of(seed)));
  }

  private record Invocation(String name, Optional<Long> seed)
      implements
        TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int number) {
      return name;
    }

    @Override
    public void prepareInvocation(ExtensionContext context) {
      seed.ifPresent(known -> context.getStore(NAMESPACE).put(SEED, known));
    }
  }

  private static List<Long> givenSeeds(Faults faults) {
    var property = System.getProperty(Faults.SEED_PROPERTY, "");
    if (property.isBlank()) {
      return java.util.Arrays.stream(faults.seed()).boxed().toList();
    }
    try {
      return List.of(Long.parseLong(property.strip()));
    } catch (NumberFormatException e) {
      throw new ExtensionConfigurationException("-D" + Faults.SEED_PROPERTY + "=" + property
          + " is no number", e);
    }
  }

  private static long drawn() {
    return ThreadLocalRandom.current().nextLong(SEEDS);
  }

  // --- one test

  @Override
  public void beforeEach(ExtensionContext context) {
    trial(context);
  }

  private static Trial trial(ExtensionContext context) {
    return context.getStore(NAMESPACE).computeIfAbsent(Trial.class,
        _ -> new Trial(nameOf(context), Setting.of(context, seed(context))), Trial.class);
  }

  private static Optional<Long> seed(ExtensionContext context) {
    var faults = Setting.find(context, Faults.class);
    if (faults.isEmpty()) {
      return Optional.empty();
    }
    var ofRun = context.getStore(NAMESPACE).get(SEED, Long.class);
    if (ofRun != null) {
      return Optional.of(ofRun);
    }
    var method = context.getRequiredTestMethod();
    Setting.check(faults.get(), name(method));
    var given = givenSeeds(faults.get());
    if (given.size() > 1 || faults.get().repeat() > 1) {
      throw new ExtensionConfigurationException("@Faults of " + name(method)
          + " asks for several runs; put @HeddleTest on the method in the place of @Test, or use"
          + " @RepeatedTest");
    }
    return Optional.of(given.isEmpty() ? drawn() : given.getFirst() + repetitions(context));
  }

  /// How many runs were before this one; each has a seed of its own.
  private static long repetitions(ExtensionContext context) {
    var parts = context.getUniqueId().split("test-template-invocation:#", 2);
    return parts.length < 2 || !AnnotationSupport.isAnnotated(context.getTestMethod(),
        org.junit.jupiter.api.RepeatedTest.class)
            ? 0
            : Long.parseLong(parts[1].replaceFirst("\\D.*", "")) - 1;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return (type == Client.class || type == LocalCluster.class)
        && !parameter.getDeclaringExecutable().isAnnotationPresent(
            org.junit.jupiter.api.BeforeAll.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    if (context.getTestMethod().isEmpty()
        || parameter.getDeclaringExecutable() instanceof java.lang.reflect.Constructor) {
      throw new ParameterResolutionException("a cluster is one test's, so that "
          + parameter.getDeclaringExecutable() + " cannot have one; let the test method, or a"
          + " @BeforeEach method, take it");
    }
    try {
      var trial = trial(context);
      return parameter.getParameter().getType() == Client.class ? trial.client() : trial.cluster();
    } catch (IOException e) {
      throw new ParameterResolutionException("the cluster of " + nameOf(context)
          + " does not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ParameterResolutionException("interrupted while the cluster of "
          + nameOf(context) + " started", e);
    }
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    trial(context).faultsPlayed().ifPresent(played -> {
      failure.addSuppressed(played);
      System.err.println(nameOf(context) + " failed " + played.getMessage());
      context.publishReportEntry(Faults.SEED_PROPERTY, String.valueOf(played.seed()));
    });
    throw failure;
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    trial(context).end(context.getExecutionException().isEmpty());
  }

  private static String nameOf(ExtensionContext context) {
    return context.getTestMethod().map(HeddleExtension::name).orElseGet(context::getDisplayName);
  }

  private static String name(Method method) {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }
}
