package dev.heddle.cluster;

import dev.heddle.Client;
import dev.heddle.code.RemoteFunction;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.process.Channel;
import dev.heddle.scheduler.Scheduler;
import dev.heddle.values.Values;
import dev.heddle.wire.Key;
import dev.heddle.worker.Worker;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What to put on a class path: Heddle's own jars, as this JVM has loaded them, and no more.
public final class HeddleClassPath {
  private static final List<Class<?>> OWN = List.of(HeddleClassPath.class, Client.class,
      Scheduler.class, Worker.class, MetadataStore.class, Values.class, RemoteFunction.class,
      Key.class, Channel.class,
      org.slf4j.Logger.class);
  /// The logging that the `heddle` command comes with; a program that embeds Heddle has its own.
  private static final List<String> LOGGING = List.of("ch.qos.logback.classic.Logger",
      "ch.qos.logback.core.Appender");

  /// What records traces, where somebody has put it on the class path.
  private static final List<String> TRACING = List.of(
      "dev.heddle.opentelemetry.OpenTelemetryTracing", "io.opentelemetry.api.OpenTelemetry",
      "io.opentelemetry.context.Context", "io.opentelemetry.common.ComponentLoader");

  /// The page of a cluster inside a program's JVM.
  private static final List<String> PAGE = List.of("dev.heddle.dashboard.Dashboard",
      "dev.heddle.web.WebServer");

  private HeddleClassPath() {}

  /// For a worker or a scheduler in a process of its own.
  public static String ofNodes() {
    var paths = own();
    // Without, the worker logs as SLF4J does without a backend.
    addKnown(LOGGING, paths);
    addKnown(TRACING, paths);
    return joined(paths);
  }

  /// For a user's program.
  public static String ofPrograms() {
    var paths = own();
    addKnown(PAGE, paths);
    return joined(paths);
  }

  /// Those that are here.
  private static void addKnown(List<String> types, Set<Path> to) {
    for (var name : types) {
      try {
        to.add(pathOf(Class.forName(name, false, HeddleClassPath.class.getClassLoader())));
      } catch (ClassNotFoundException e) {
        return;
      }
    }
  }

  private static Set<Path> own() {
    var paths = new LinkedHashSet<Path>();
    OWN.forEach(type -> paths.add(pathOf(type)));
    return paths;
  }

  private static String joined(Set<Path> paths) {
    return String.join(File.pathSeparator, paths.stream().map(Path::toString).toList());
  }

  private static Path pathOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(type + " was loaded from a place that is no file: "
          + type.getProtectionDomain().getCodeSource().getLocation(), e);
    }
  }
}
