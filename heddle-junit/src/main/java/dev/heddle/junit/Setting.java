package dev.heddle.junit;

import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.ClusterOptions;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/// What the annotations of a test ask for.
///
/// @param seed of the faults, where there are any
record Setting(ClusterOptions cluster, Set<Leak> leaks, List<Pattern> threadsThatMayStay,
    Set<Fault> faults, int crashes, Optional<Long> seed) {
  /// As many deaths as no task sees.
  private static final int ALLOWED_FAILURES = 1_000_000;
  /// What tests need, as small as it goes.
  private static final ChildOptions CHILD = ChildOptions.DEFAULT.withHeapBytesMax(256L << 20)
      .withJavaOptions(List.of("-XX:TieredStopAtLevel=1"));

  static Setting of(ExtensionContext context, Optional<Long> seed) {
    var test = find(context, HeddleTest.class).orElseThrow();
    var cluster = ClusterOptions.DEFAULT.withThreads(test.threads()).withChecks(test.checks());
    cluster = test.processes() > 0
        ? cluster.withWorkers(test.processes()).withChildren(CHILD)
        : cluster.withWorkers(test.workers());
    var faults = find(context, Faults.class);
    if (faults.isPresent()) {
      cluster = cluster.withAllowedFailures(ALLOWED_FAILURES);
    }
    return new Setting(cluster, setOf(Leak.class, test.leaks()),
        List.of(test.threadsThatMayStay()).stream().map(Pattern::compile).toList(),
        faults.map(its -> setOf(Fault.class, its.kinds())).orElse(Set.of()),
        faults.map(Faults::crashes).orElse(0), seed);
  }

  private static <E extends Enum<E>> Set<E> setOf(Class<E> type, E[] values) {
    var set = EnumSet.noneOf(type);
    set.addAll(List.of(values));
    return set;
  }

  /// What the method says, or else its class, or a class around it.
  static <A extends Annotation> Optional<A> find(ExtensionContext context,
      Class<A> type) {
    var places = new ArrayList<AnnotatedElement>();
    context.getTestMethod().ifPresent(places::add);
    places.add(context.getRequiredTestClass());
    places.addAll(context.getEnclosingTestClasses().reversed());
    return places.stream().flatMap(place -> AnnotationSupport.findAnnotation(place, type).stream())
        .findFirst();
  }

  static void check(Faults faults, String test) {
    if (faults.repeat() < 1 || faults.crashes() < 0) {
      throw new ExtensionConfigurationException("@Faults of " + test + ": repeat is "
          + faults.repeat() + " and crashes " + faults.crashes()
          + "; give a repeat of at least 1, and no negative number of crashes");
    }
  }
}
