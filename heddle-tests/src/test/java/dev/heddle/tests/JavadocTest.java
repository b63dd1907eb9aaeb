package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The API reference can be made without a warning, and is left in `target/apidocs`.
@Timeout(300)
class JavadocTest {
  private static final List<String> MODULES = List.of("client", "cluster", "junit", "code",
      "values", "wire", "worker", "scheduler", "metadata", "metadata-redis", "metrics", "web",
      "dashboard", "process");
  private static final Path TO = Path.of("target", "apidocs");

  @Test
  void theReferenceIsMadeWithoutAWarning() throws IOException {
    var arguments = new ArrayList<>(List.of("-quiet", "-Werror", "-Xdoclint:all,-missing",
        "-Xmaxwarns", "1000", "-encoding", "UTF-8", "-d", TO.toString(), "-cp",
        JvmProcess.classPathOfHeddle(), "-windowtitle", "Heddle", "-doctitle", "Heddle", "-group",
        "For programs", "dev.heddle:dev.heddle.cluster:dev.heddle.junit", "-group",
        "For codecs, and for other systems on the worker network",
        "dev.heddle.code:dev.heddle.values:dev.heddle.wire:dev.heddle.worker:dev.heddle.metadata*",
        "-group", "Nodes", "dev.heddle.*"));
    for (var module : MODULES) {
      arguments.addAll(sourcesOf(module));
    }
    var said = new StringWriter();
    var to = new PrintWriter(said);
    var status = ToolProvider.findFirst("javadoc").orElseThrow().run(to, to,
        arguments.toArray(String[]::new));

    assertThat(said.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(TO.resolve("dev/heddle/Client.html")).content().contains("asCompleted");
  }

  private static List<String> sourcesOf(String module) throws IOException {
    try (var files = Files.walk(Page.root().resolve("heddle-" + module + "/src/main/java"))) {
      return files.map(Path::toString).filter(name -> name.endsWith(".java"))
          .filter(name -> !name.endsWith("module-info.java")).toList();
    }
  }
}
