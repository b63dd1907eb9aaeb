package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.cluster.HeddleClassPath;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the README shows is done as it is shown: a scheduler, two workers and the program, a process each.
class ReadmeTest {
  private static final Pattern FIRST_EXAMPLE = Pattern.compile("```java\\n(.*?)```",
      Pattern.DOTALL);

  @TempDir
  Path home;

  @Test
  void theFirstExampleCompilesAndPrintsWhatItSays() throws Exception {
    var heddle = System.getProperty("java.class.path");
    var main = Main.class.getName();
    var scheduler = start(heddle, main, "scheduler", "--port", "0");
    try (var out = scheduler.inputReader()) {
      var address = addressIn(out.readLine());
      var worker = start(heddle, main, "worker", address, "--port", "0");
      var other = start(heddle, main, "worker", address, "--port", "0");
      try (var workerOut = worker.inputReader(); var otherOut = other.inputReader()) {
        assertThat(addressIn(workerOut.readLine())).startsWith("heddle://127.0.0.1:");
        assertThat(addressIn(otherOut.readLine())).startsWith("heddle://127.0.0.1:");
        compile(address);
        var program = start(HeddleClassPath.ofPrograms() + File.pathSeparator + home, "MyApp");
        try (var printed = program.inputReader()) {
          assertThat(printed.readLine()).isEqualTo("28");
        }
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).isZero();
      } finally {
        worker.destroyForcibly();
        other.destroyForcibly();
      }
    } finally {
      scheduler.destroyForcibly();
    }
  }

  private Process start(String classPath, String... mainAndArguments) throws IOException {
    var command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Duser.home=" + home,
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath));
    command.addAll(List.of(mainAndArguments));
    var builder = new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().keySet().removeIf(name -> name.startsWith("HEDDLE_"));
    return builder.start();
  }

  private static String addressIn(String line) {
    var matcher = Pattern.compile("heddle://[^, ]+").matcher(line);
    assertThat(matcher.find()).as(line).isTrue();
    return matcher.group();
  }

  private void compile(String address) throws IOException {
    var example = FIRST_EXAMPLE.matcher(Files.readString(Path.of("..", "README.md")));
    assertThat(example.find()).isTrue();
    var source = Files.writeString(home.resolve("MyApp.java"),
        example.group(1).replace("heddle://localhost:8786", address));
    assertThat(ToolProvider.getSystemJavaCompiler().run(null, System.out, System.err, "--release",
        "25", "-Xlint:all", "-Werror", "-d", home.toString(), "-cp", HeddleClassPath.ofPrograms(),
        source.toString())).isZero();
  }
}
