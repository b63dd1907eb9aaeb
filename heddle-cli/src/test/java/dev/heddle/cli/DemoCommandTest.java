package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class DemoCommandTest {
  @TempDir
  Path directory;

  @Test
  void theCensusOfADirectoryIsPrintedAsJsonAndLeavesAPage() throws IOException {
    var own = Path.of(DemoCommand.class.getProtectionDomain().getCodeSource().getLocation()
        .getPath());
    var page = directory.resolve("page.html");
    var ended = demo("--json", "--report", page.toString(), own.toString());
    assertThat(ended.status()).as(ended.err()).isZero();
    var facts = JsonMapper.shared().readTree(ended.out());
    assertThat(facts.propertyNames()).startsWith("classes").contains("invocations", "topMethods",
        "workers", "tasks", "bytesBetweenWorkers", "seconds");
    assertThat(facts.get("classes").asLong()).isEqualTo(classFiles(own));
    assertThat(facts.get("workers").asInt()).isEqualTo(2);
    assertThat(facts.get("seconds").asDouble()).isPositive();
    assertThat(facts.get("oneThreadSeconds").asDouble()).isPositive();
    assertThat(facts.get("topMethods").get(0).get("count").asLong()).isPositive();
    assertThat(page).content().startsWith("<!doctype html>");
  }

  private static long classFiles(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      return files.map(Path::toString)
          .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class")).count();
    }
  }

  @Test
  void aPageThatCannotBeWrittenIsNoticedBeforeAnythingRuns() throws IOException {
    var file = Files.createFile(directory.resolve("file"));
    for (var page : new Path[]{directory, file.resolve("page.html")}) {
      assertThat(demo("--report", page.toString(), directory.toString()).err())
          .startsWith("heddle: cannot write the page to " + page + ": ").hasLineCount(1);
    }
  }

  @Test
  void aPathWithoutClassesIsSaidInOneLine() throws IOException {
    var text = Files.writeString(directory.resolve("text.jar"), "no jar");
    var page = directory.resolve("page.html").toString();
    assertThat(demo("--report", page, directory.toString()).err())
        .startsWith("heddle: no class file in " + directory).hasLineCount(1);
    assertThat(demo("--report", page, text.toString()).err())
        .startsWith("heddle: cannot read " + text + " as a jar").hasLineCount(1);
    assertThat(demo("--report", page, "/no/such/path").err())
        .startsWith("heddle: no such file or directory: /no/such/path").hasLineCount(1);
  }

  private static CommandLines.Ended demo(String... arguments) {
    var all = new String[arguments.length + 1];
    all[0] = "demo";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return new CommandLines(Map.of()).run(all);
  }
}
