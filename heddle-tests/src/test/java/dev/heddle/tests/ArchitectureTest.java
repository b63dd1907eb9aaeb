package dev.heddle.tests;

import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds the modules to the drawing in `docs/architecture.md`.
class ArchitectureTest {
  private static final String ROOT = "dev.heddle";
  /// The users' own package has no name of its own.
  private static final String CLIENT = "";
  private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
      Map.entry("process", Set.of()),
      Map.entry("wire", Set.of("process")),
      Map.entry("values", Set.of("wire", "process")),
      Map.entry("code", Set.of("wire", "process")),
      Map.entry("metadata", Set.of("wire", "process")),
      Map.entry("web", Set.of("wire", "process")),
      Map.entry("metadata.redis", Set.of("metadata", "wire", "process")),
      Map.entry("worker", Set.of("values", "code", "metadata", "wire", "process")),
      Map.entry("scheduler", Set.of("metadata", "wire", "process")),
      Map.entry(CLIENT, Set.of("values", "code", "wire", "process")),
      Map.entry("opentelemetry", Set.of("code", "wire")),
      Map.entry("metrics", Set.of("web", "scheduler", "worker", "wire", "process")),
      Map.entry("cluster", Set.of(CLIENT, "scheduler", "worker", "values", "code", "metadata",
          "wire", "process")),
      Map.entry("spring", Set.of(CLIENT, "wire")),
      Map.entry("dashboard", Set.of(CLIENT, "cluster", "web", "wire", "process")),
      Map.entry("junit", Set.of(CLIENT, "cluster", "scheduler", "worker", "values", "code",
          "metadata", "wire", "process")),
      Map.entry("examples", Set.of(CLIENT, "cluster", "scheduler", "worker", "values", "code",
          "metadata", "wire", "process")),
      Map.entry("cli",
          Set.of(CLIENT, "dashboard", "web", "examples", "cluster", "scheduler", "worker", "values",
              "code", "metadata", "metadata.redis", "metrics", "simulation", "wire", "process")));
  private static final Set<String> LIBRARIES = Set.of("process", "wire", "values", "code",
      "web", "metadata", "metadata.redis", "worker", "scheduler", "metrics", CLIENT, "cluster",
      "dashboard", "opentelemetry");
  /// They decide, and do nothing.
  private static final Map<String, List<String>> CORES = Map.of(
      "worker", List.of("WorkerState", "Computing", "Collecting", "Gathering", "Keeping",
          "Departure", "Memory", "Relief", "Schedulers", "Ledger", "Outbox", "Entry", "Story",
          "Search", "Computation", "Tally",
          "PutInProgress", "KeyState", "WorkerEvent", "WorkerCommand", "WorkerConfig"),
      "scheduler", List.of("SchedulerState", "Settling", "Submitting", "Placing", "Losing",
          "Releasing", "Wanting", "Reviving", "Attending", "Keeping", "Telling", "Stealing",
          "Ending", "Tasks", "Task", "Member", "Queues", "Lanes", "Pool", "Crew", "Explaining",
          "Defining", "Looking", "GraphSurvey", "ValueSurvey", "Mishaps", "Summing", "Tally",
          "Recording", "Failing",
          "Posting", "Story", "Outbox", "SchedulerEvent",
          "SchedulerCommand", "SchedulerConfig"),
      "metadata", List.of("MetadataState", "RegistrarState", "MetadataQueue"));

  private static final JavaClasses ALL = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .withImportOption(location -> !location.contains("/dev/heddle/tests/"))
      // It stands beside them all, and inside their packages, to reach what nobody else may.
      .withImportOption(location -> !location.contains("/heddle-simulation"))
      .importPackages("dev.heddle");

  @Test
  void everyModuleIsOneFlatPackageThatTheDrawingHas() {
    assertThat(ALL.stream().map(JavaClass::getPackageName).distinct())
        .containsExactlyInAnyOrderElementsOf(
            ARROWS.keySet().stream().map(ArchitectureTest::packageOf).toList());
  }

  private static String packageOf(String module) {
    return module.equals(CLIENT) ? ROOT : ROOT + "." + module;
  }

  @Test
  void arrowsBetweenModulesPointDown() {
    ARROWS.forEach((module, below) -> noClasses().that().resideInAPackage(packageOf(module))
        .should(dependOnClassesThat(new DescribedPredicate<JavaClass>(
            "reside in another module than " + below) {
          @Override
          public boolean test(JavaClass to) {
            var name = to.getPackageName();
            return (name.equals(ROOT) || name.startsWith(ROOT + "."))
                && !name.equals(packageOf(module))
                && below.stream().map(ArchitectureTest::packageOf).noneMatch(name::equals);
          }
        })).check(ALL));
  }

  @Test
  void noModuleNeedsItself() {
    SlicesRuleDefinition.slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(ALL);
  }

  @Test
  void librariesShowNoTypesOfOthers() {
    classes().that().resideInAnyPackage(
        LIBRARIES.stream().map(ArchitectureTest::packageOf).toArray(String[]::new))
        .and(new DescribedPredicate<>("can be seen from outside") {
          @Override
          public boolean test(JavaClass type) {
            return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(this::test).orElse(true);
          }
        })
        .should(new ArchCondition<JavaClass>("show only types of the JDK and of Heddle") {
          @Override
          public void check(JavaClass type, ConditionEvents events) {
            shownBy(type).filter(shown -> !isKnown(shown)).forEach(shown -> events.add(
                SimpleConditionEvent.violated(type, type.getName() + " shows " + shown)));
          }
        }).check(ALL);
  }

  private static boolean isKnown(String type) {
    return !type.contains(".") || type.startsWith("java.") || type.startsWith("javax.")
        || type.startsWith("dev.heddle.");
  }

  private static Stream<String> shownBy(JavaClass type) {
    var shown = new ArrayList<JavaClass>(type.getRawInterfaces());
    type.getRawSuperclass().ifPresent(shown::add);
    type.getFields().stream().filter(field -> isShown(field.getModifiers()))
        .flatMap(field -> field.getAllInvolvedRawTypes().stream()).forEach(shown::add);
    Stream.concat(type.getMethods().stream(), type.getConstructors().stream())
        .map(JavaCodeUnit.class::cast).filter(unit -> isShown(unit.getModifiers()))
        .flatMap(unit -> Stream.concat(unit.getAllInvolvedRawTypes().stream(),
            unit.getExceptionTypes().stream()))
        .forEach(shown::add);
    return shown.stream().map(JavaClass::getBaseComponentType).map(JavaClass::getName).distinct();
  }

  private static boolean isShown(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  @Test
  void coresTouchNoClockNoThreadNoSocketAndNoLog() {
    var cores = new ArrayList<String>();
    CORES.forEach(
        (module, names) -> names.forEach(name -> cores.add(packageOf(module) + "." + name)));
    assertThat(cores).allSatisfy(core -> assertThat(ALL.contain(core)).as(core).isTrue());
    var core = new DescribedPredicate<JavaClass>("are cores") {
      @Override
      public boolean test(JavaClass type) {
        return cores.stream().anyMatch(
            name -> type.getName().equals(name) || type.getName().startsWith(name + "$"));
      }
    };
    noClasses().that(core).should().dependOnClassesThat().resideInAnyPackage("java.net..",
        "java.nio.channels..", "java.nio.file..", "java.util.concurrent.locks..",
        "java.util.concurrent.atomic..", "org.slf4j..")
        .orShould(dependOnClassesThat(new DescribedPredicate<JavaClass>("are of processes") {
          @Override
          public boolean test(JavaClass to) {
            // Durations are plain numbers, which whoever has the turn counts.
            return to.getPackageName().equals(packageOf("process"))
                && !to.getName().startsWith(packageOf("process") + ".Durations");
          }
        }))
        .orShould().dependOnClassesThat().areAssignableTo(Thread.class)
        .orShould().dependOnClassesThat().areAssignableTo(java.util.concurrent.Executor.class)
        .orShould().dependOnClassesThat().areAssignableTo(java.util.Random.class)
        .orShould().dependOnClassesThat().areAssignableTo(java.time.Clock.class)
        .orShould().callMethod(System.class, "nanoTime")
        .orShould().callMethod(System.class, "currentTimeMillis")
        .orShould().callMethod(java.time.Instant.class, "now")
        .check(ALL);
  }
}
