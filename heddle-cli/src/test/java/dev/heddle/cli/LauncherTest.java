package dev.heddle.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in a tree of fakes: a `java` that prints its arguments, and an `mvnw` that counts
/// its builds.
class LauncherTest {
  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

  @TempDir
  Path temporary;
  private Path tree;
  private Path jdk;

  @BeforeEach
  void makeTree() throws IOException {
    tree = temporary.resolve("a tree");
    jdk = fakeJdk("jdk 25", "25.0.1");
    var launcher = Path.of("..", "heddle");
    // No JDK of this machine is to be found by accident.
    script(tree.resolve("heddle"),
        Files.readString(launcher).replace("/usr/lib/jvm ", "/nowhere "));
    fakeBuild("""
        echo "build $*" >> builds
        mkdir -p heddle-cli/target
        echo jar > heddle-cli/target/heddle-cli.jar
        date -u +%Y-%m-%dT%H:%M:%SZ > heddle-cli/target/built
        """);
    write(tree.resolve("pom.xml"), "");
    write(tree.resolve("heddle-cli/pom.xml"), "");
    write(source(), "");
    age(tree);
  }

  @Test
  void aFirstRunBuildsAndThenRunsTheCommandWithItsArguments() throws Exception {
    var run = run("who has", "x");
    assertThat(run.err()).startsWith("heddle: building (first run, about a minute)");
    assertThat(run.out()).endsWith("dev.heddle.cli.Main|who has|x|\n");
    assertThat(run.status()).isEqualTo(7);
    assertThat(builds()).hasSize(1);
  }

  @Test
  void nothingIsBuiltAgainWhileNoSourceIsNewer() throws Exception {
    run("--version");
    assertThat(run("--version").err()).isEmpty();
    assertThat(builds()).hasSize(1);
  }

  @Test
  void aNewerSourceIsBuilt() throws Exception {
    run("--version");
    Files.setLastModifiedTime(source(), FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(run("--version").err()).startsWith("heddle: building (sources changed)");
    assertThat(builds()).hasSize(2);
  }

  @Test
  void aRunningNodeKeepsTheJarThatItHasOpenWhileANewOneIsBuilt() throws Exception {
    run("--version");
    try (var open = Files.newInputStream(tree.resolve("heddle-cli/target/heddle-cli.jar"))) {
      fakeBuild("echo another > heddle-cli/target/heddle-cli.jar");
      Files.setLastModifiedTime(source(), FileTime.from(Instant.now().plusSeconds(60)));
      run("--version");
      assertThat(open.readAllBytes()).isEqualTo("jar\n".getBytes(UTF_8));
    }
    assertThat(tree.resolve("heddle-cli/target/heddle-cli.jar")).hasContent("another");
  }

  @Test
  void aDeletedSourceIsNoticed() throws Exception {
    run("--version");
    Files.delete(source());
    Files.setLastModifiedTime(source().getParent(), FileTime.from(Instant.now().plusSeconds(60)));
    run("--version");
    assertThat(builds()).hasSize(2);
  }

  @Test
  void twoAtOnceBuildOnce() throws Exception {
    var runs = List.of(start(List.of("--version")), start(List.of("--version")),
        start(List.of("--version")));
    for (var run : runs) {
      assertThat(ended(run).out()).contains("dev.heddle.cli.Main");
    }
    assertThat(builds()).hasSize(1);
  }

  @Test
  void aLockWhoseOwnerDiedIsTaken() throws Exception {
    var dead = new ProcessBuilder("true").start();
    assertThat(dead.waitFor(10, TimeUnit.SECONDS)).isTrue();
    Files.createDirectories(tree.resolve(".heddle"));
    Files.createSymbolicLink(tree.resolve(".heddle/build.lock"),
        Path.of(Long.toString(dead.pid())));
    assertThat(run("--version").out()).contains("dev.heddle.cli.Main");
    assertThat(tree.resolve(".heddle/build.lock")).doesNotExist();
  }

  @Test
  void aFailedBuildShowsItsErrorsAndRunsNothing() throws Exception {
    fakeBuild(
        "[ \"$1\" = --version ] && exit 0; echo '[INFO] fine'; echo '[ERROR] Fetcher.java:[3,7] no such field'; exit 1");
    var run = run("--version");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("the build failed", "Fetcher.java:[3,7] no such field", ".heddle/build.log")
        .doesNotContain("[INFO]");
    assertThat(tree.resolve(".heddle/build.lock")).doesNotExist();
  }

  @Test
  void aFailureWithoutErrorLinesShowsTheEndOfTheLog() throws Exception {
    fakeBuild("echo 'cannot fetch Maven'; exit 1");
    assertThat(run("--version").err()).contains("cannot fetch Maven");
  }

  @Test
  void itIsCalledThroughALinkFromElsewhere() throws Exception {
    var link = Files.createSymbolicLink(temporary.resolve("link"), Path.of("a tree", "heddle"));
    var process = process(List.of(link.toString(), "--version")).directory(temporary.toFile())
        .start();
    assertThat(ended(process).out())
        .contains(tree + "/heddle-cli/target/heddle-cli.jar|dev.heddle.cli.Main|--version|");
  }

  @Test
  void javaOptionsFromTheEnvironmentReplaceTheTuningOfShortCommands() throws Exception {
    assertThat(run("ping").out()).contains("|-XX:+UseSerialGC|");
    var process = process(List.of(tree.resolve("heddle").toString(), "ping"));
    process.environment().put("HEDDLE_JAVA_OPTS", "-Xmx64m  -XX:+UseZGC");
    assertThat(ended(process.start()).out()).contains("|-Xmx64m|-XX:+UseZGC|")
        .doesNotContain("UseSerialGC");
  }

  @Test
  void aRoleThatLastsIsNotTunedForAShortLife() throws Exception {
    assertThat(run("worker").out()).doesNotContain("UseSerialGC");
  }

  @Test
  void anOlderJavaHomeIsPassedOverForAJdk25OnThePath() throws Exception {
    var process = process(List.of(tree.resolve("heddle").toString(), "--version"));
    process.environment().put("JAVA_HOME", fakeJdk("old", "17.0.2").toString());
    process.environment().merge("PATH", jdk + "/bin", (path, bin) -> bin + ":" + path);
    assertThat(ended(process.start()).out()).contains("dev.heddle.cli.Main");
  }

  @Test
  void withoutAJdk25ItSaysWhatItFoundAndWhatToDo() throws Exception {
    var old = fakeJdk("old", "17.0.2");
    var headless = fakeJdk("jre", "25.0.1");
    Files.delete(headless.resolve("bin/javac"));
    var process = process(List.of(tree.resolve("heddle").toString(), "--version"));
    process.environment()
        .putAll(Map.of("JAVA_HOME", old.toString(), "JAVA_HOME_25_X64", headless.toString()));
    var run = ended(process.start());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("no JDK 25 found", "JAVA_HOME: " + old + " is Java 17.0.2",
        headless + " is Java 25.0.1 without a compiler", "Looked at JAVA_HOME", "apt-get install");
    assertThat(builds()).isEmpty();
  }

  @Test
  void aSignalStopsTheBuild() throws Exception {
    var begun = fifo("begun");
    fakeBuild("[ \"$1\" = --version ] && exit 0; echo > '" + begun + "'; exec sleep 60");
    for (var signal : SIGNALS.entrySet()) {
      var process = start(List.of("worker"));
      Files.readAllBytes(begun);
      signal(process, signal.getKey());
      var run = ended(process);
      assertThat(run.status()).isEqualTo(signal.getValue());
      assertThat(run.err()).endsWith("heddle: build stopped\n");
      assertThat(run.out()).isEmpty();
      assertThat(tree.resolve(".heddle/build.lock")).doesNotExist();
    }
  }

  @Test
  void aSignalWhileAnArchiveOfClassesIsMadeIsNotLost() throws Exception {
    var begun = fifo("begun");
    script(jdk.resolve("bin/java"), "#!/bin/sh\necho > '" + begun + "'; exec sleep 60\n");
    for (var signal : SIGNALS.entrySet()) {
      var process = start(List.of("worker"));
      Files.readAllBytes(begun);
      signal(process, signal.getKey());
      assertThat(ended(process).status()).isEqualTo(signal.getValue());
    }
  }

  @Test
  void itBecomesTheJavaThatSignalsAreFor() throws Exception {
    script(jdk.resolve("bin/java"), "#!/bin/sh\necho \"pid $$\"\n");
    var process = start(List.of("worker"));
    assertThat(ended(process).out()).isEqualTo("pid " + process.pid() + "\n");
  }

  private static final Map<String, Integer> SIGNALS = Map.of("INT", 130, "TERM", 143);

  private static void signal(Process process, String name) throws Exception {
    var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).isZero();
  }

  /// Whoever reads it waits until somebody writes it.
  private Path fifo(String name) throws Exception {
    var path = temporary.resolve(name);
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    return path;
  }

  private record Run(int status, String out, String err) {}

  private Run run(String... arguments) throws Exception {
    return ended(start(List.of(arguments)));
  }

  private Process start(List<String> arguments) throws IOException {
    var command = new ArrayList<>(List.of(tree.resolve("heddle").toString()));
    command.addAll(arguments);
    return process(command).start();
  }

  private ProcessBuilder process(List<String> command) {
    var builder = new ProcessBuilder(command);
    builder.environment().keySet()
        .removeIf(name -> name.startsWith("JAVA") || name.startsWith("HEDDLE"));
    builder.environment().putAll(Map.of("JAVA_HOME", jdk.toString(), "HOME", temporary.toString()));
    return builder;
  }

  private static Run ended(Process process) throws Exception {
    var err = new StringBuilder();
    var reader = Thread.ofVirtual()
        .start(() -> process.errorReader().lines().forEach(line -> err.append(line).append('\n')));
    var out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("the launcher ends").isTrue();
    reader.join();
    return new Run(process.exitValue(), out, err.toString());
  }

  private List<String> builds() throws IOException {
    var builds = tree.resolve("builds");
    return Files.exists(builds)
        ? Files.readAllLines(builds).stream().filter(line -> !line.contains("--version")).toList()
        : List.of();
  }

  private Path source() {
    return tree.resolve("heddle-cli/src/main/java/Main.java");
  }

  private Path fakeJdk(String name, String version) throws IOException {
    var home = temporary.resolve(name);
    write(home.resolve("release"), "IMPLEMENTOR=\"fake\"\nJAVA_VERSION=\"" + version + "\"\n");
    script(home.resolve("bin/java"), "#!/bin/sh\nprintf '%s|' \"$@\"\necho\nexit 7\n");
    script(home.resolve("bin/javac"), "#!/bin/sh\n");
    return home;
  }

  private void fakeBuild(String body) throws IOException {
    script(tree.resolve("mvnw"), "#!/bin/sh\n" + body);
  }

  private static void script(Path file, String text) throws IOException {
    write(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void age(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      for (var file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
      }
    }
  }
}
