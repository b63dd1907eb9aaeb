package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

class ConfigurationTest {
  @TempDir
  private Path directory;
  @TempDir
  private Path home;

  private ConfigFile find(Map<String, String> environment, String... arguments)
      throws IOException {
    return ConfigFile.find(List.of(arguments), environment, directory, home);
  }

  private static ConfigFile parsed(String text) {
    return ConfigFile.parse(Path.of("heddle.conf"), text.lines().toList());
  }

  private static CommandLine called(Map<String, String> environment, String file,
      String... arguments) {
    var heddle = Main.commandLine(environment, parsed(file));
    heddle.parseArgs(arguments);
    return Objects.requireNonNull(heddle.getSubcommands().get(arguments[0]));
  }

  private static int threads(CommandLine worker) {
    return worker.getCommandSpec().findOption("--threads").<java.util.Optional<Integer>>getValue()
        .orElseThrow();
  }

  // --- what counts

  @Test
  void theCommandLineWinsOverVariablesAndTheseOverTheFile() {
    var file = "threads = 3";
    var variable = Map.of("HEDDLE_THREADS", "5");
    assertThat(threads(called(Map.of(), file, "worker"))).isEqualTo(3);
    assertThat(threads(called(variable, file, "worker"))).isEqualTo(5);
    assertThat(threads(called(variable, file, "worker", "--threads", "7"))).isEqualTo(7);
  }

  @Test
  void whatIsSaidForACommandWinsOverWhatIsSaidForAll() {
    var file = "port = 1\n[worker]\nport = 2\n[metadata]\nhost = localhost";
    assertThat(port(called(Map.of(), file, "worker"))).isEqualTo(2);
    assertThat(port(called(Map.of(), file, "scheduler"))).isEqualTo(1);
    assertThat(called(Map.of(), file, "scheduler").getCommandSpec().findOption("--host")
        .<String>getValue()).isEqualTo("127.0.0.1");
  }

  private static int port(CommandLine command) {
    return command.getCommandSpec().findOption("--port").getValue();
  }

  @Test
  void theAddressOfASchedulerIsThatOfTheStoreTooUnlessAnotherIsNamed() {
    assertThat(store(Map.of(), "address = heddle://a")).isEqualTo("heddle://a");
    assertThat(store(Map.of(), "address = heddle://a\nmetadata = redis://b"))
        .isEqualTo("redis://b");
    assertThat(store(Map.of("HEDDLE_ADDRESS", "heddle://c"), "metadata = redis://b"))
        .isEqualTo("heddle://c");
  }

  private static String store(Map<String, String> environment, String file) {
    return called(environment, file, "worker").getCommandSpec().positionalParameters().getFirst()
        .getValue();
  }

  @Test
  void optionsOnOrOffAndListsCanBeInTheFile() {
    assertThat(called(Map.of(), "json = true", "status").getCommandSpec().findOption("--json")
        .<Boolean>getValue()).isTrue();
    assertThat(called(Map.of(), "resource = GPU=1,FPGA=2", "worker").getCommandSpec()
        .findOption("--resource").<Map<String, Integer>>getValue())
        .isEqualTo(Map.of("GPU", 1, "FPGA", 2));
  }

  // --- which file

  @Test
  void theFirstFileThatIsThereCounts() throws Exception {
    assertThat(find(Map.of())).isEqualTo(ConfigFile.NONE);
    var atHome = write(home.resolve(".heddle/heddle.conf"));
    assertThat(find(Map.of()).path()).contains(atHome);
    var here = write(directory.resolve("heddle.conf"));
    assertThat(find(Map.of()).path()).contains(here);
    var other = write(directory.resolve("other.conf"));
    var variable = Map.of("HEDDLE_CONFIG", other.toString());
    assertThat(find(variable).path()).contains(other);
    assertThat(find(variable, "worker", "--config", "heddle.conf").path()).contains(here);
    assertThat(find(variable, "--config=heddle.conf", "worker").path()).contains(here);
    assertThat(find(Map.of(), "--config", "none", "worker")).isEqualTo(ConfigFile.NONE);
    assertThatThrownBy(() -> find(Map.of(), "--config", "gone.conf"))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void whatFollowsAProgramIsTheProgramsOwn() throws Exception {
    write(directory.resolve("its.conf"));
    assertThat(find(Map.of(), "run", "--jar", "a.jar", "Main", "--config", "its.conf"))
        .isEqualTo(ConfigFile.NONE);
    assertThat(find(Map.of(), "run", "--config", "its.conf", "--jar", "a.jar", "Main").path())
        .isPresent();
  }

  private static Path write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "threads = 3 # three\n");
  }

  // --- mistakes

  @Test
  void aMistakeInTheFileIsNamedWithItsLine() {
    assertMistake("# a comment\n\nthreds = 3", "heddle.conf:3: unknown name 'threds'; did you mean"
        + " 'threads'?");
    assertMistake("[worker]\nredis = redis://x", "heddle.conf:2: heddle worker has no 'redis'");
    assertMistake("[wroker]\nthreads = 1", "heddle.conf:2: there is no command 'wroker' to"
        + " configure; did you mean 'worker'?");
    assertMistake("threads = 1\nthreads = 2", "heddle.conf:2: 'threads' was given in line 1");
    assertMistake("threads", "heddle.conf:1: 'threads' says nothing");
    assertMistake("[worker", "heddle.conf:1: '[worker' is no section");
    assertMistake("spill-directory = \"/a", "does not end with one");
  }

  private static void assertMistake(String text, String message) {
    assertThatThrownBy(
        () -> parsed(text).check(Configurable.names(Main.commandLine(Map.of()))))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
  }

  @Test
  void valuesMayBeQuotedAndFollowedByAComment() {
    assertThat(parsed("a = \"x # y\" # z\nb = c#d # e\nf = ").entries())
        .extracting(ConfigFile.Entry::value).containsExactly("x # y", "c#d", "");
  }

  @Test
  void aBadValueNamesTheLineThatItComesFrom() {
    var err = new StringWriter();
    var status = Main.commandLine(Map.of(), parsed("[metadata]\nport = abc"))
        .setErr(new PrintWriter(err, true)).execute("metadata");
    assertThat(status).isEqualTo(2);
    assertThat(err.toString()).contains("'abc' is not an int (it comes from heddle.conf:2)");
  }

  @Test
  void aFileWithAMistakeStopsACommandBeforeItDoesAnything() throws Exception {
    Files.writeString(directory.resolve("heddle.conf"), "prot = 1");
    assertThat(Main.run(new String[]{"classpath"}, Map.of(), directory, home)).isEqualTo(2);
    assertThat(Main.run(new String[]{"classpath"}, Map.of("HEDDLE_CONFIG", "none"), directory,
        home)).isZero();
  }

  @Test
  void aVariableWithASlipStopsACommandToo() {
    assertThat(run(Map.of("HEDDLE_ADRESS", "heddle://there:1"), "classpath")).isEqualTo(2);
    assertThatThrownBy(() -> Variables.check(Map.of("HEDDLE_ADRESS", "heddle://there:1"),
        Set.of("HEDDLE_ADDRESS"))).hasMessage("unknown variable HEDDLE_ADRESS; did you mean"
            + " 'HEDDLE_ADDRESS'?; heddle config lists them");
  }

  @Test
  void aVariableOfSomebodyElseStopsNothing() {
    assertThat(run(Map.of("HEDDLE_SCHEDULER_SERVICE_HOST", "10.0.0.1", "HEDDLE_SCHEDULER_PORT",
        "tcp://10.0.0.1:8786", "HEDDLE_STORE", "x"), "classpath")).isZero();
    assertThat(run(Map.of("HEDDLE_SERIAL_FILTER", "!x.*", "HEDDLE_JAVA_OPTS", "-Xmx1g"),
        "classpath")).isZero();
  }

  private int run(Map<String, String> environment, String... arguments) {
    return Main.run(arguments, environment, directory, home);
  }

  // --- heddle config

  private record Told(int status, String out, String err) {}

  private static Told tell(Map<String, String> environment, String file, String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var status = Main.commandLine(environment, parsed(file)).setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true)).execute(arguments);
    return new Told(status, out.toString(), err.toString());
  }

  @Test
  void itTellsWhatIsInForceAndByWhat() {
    var told = tell(Map.of("HEDDLE_GRACE", "5s"), "threads = 3", "config", "worker");
    assertThat(told.status()).isZero();
    assertThat(told.out()).startsWith("file: heddle.conf\n")
        .containsPattern("worker +threads +3 +heddle.conf:1\n")
        .containsPattern("worker +grace +5s +the variable HEDDLE_GRACE\n")
        .containsPattern("worker +lease +6s +default\n");
  }

  @Test
  void withoutACommandItTellsWhatIsNotAtItsDefault() {
    assertThat(tell(Map.of(), "[worker]\nthreads = 3", "config").out())
        .containsPattern("worker +threads +3 +heddle.conf:2").doesNotContain("lease");
    assertThat(tell(Map.of(), "", "config").out()).contains("everything is at its default");
  }

  @Test
  void itTellsWhatMakesNoSenseAndHidesPasswords() {
    var told = tell(Map.of("HEDDLE_THREDS", "1", "HEDDLE_JAVA_OPTS", "-Xmx1g"),
        "redis = redis://me:hush@there/0\nlease = soon", "config");
    assertThat(told.status()).isEqualTo(2);
    assertThat(told.out()).contains("redis://me:***@there/0").doesNotContain("hush");
    assertThat(told.err()).contains("'soon' is not a duration", "(it comes from heddle.conf:2)",
        "nothing takes the variable HEDDLE_THREDS; did you mean 'HEDDLE_THREADS'?")
        .doesNotContain("JAVA_OPTS");
    assertThat(tell(Map.of(), "", "config", "wroker").err()).contains("did you mean 'worker'?");
  }

  @Test
  void itTellsProgramsInJson() {
    var told = tell(Map.of(), "[worker]\nthreads = 3", "config", "--json");
    var json = JsonMapper.builder().build().readTree(told.out());
    assertThat(json.get("file").asString()).isEqualTo("heddle.conf");
    assertThat(json.get("values").get(0).get("value").asString()).isEqualTo("3");
    assertThat(json.get("values").get(0).get("from").asString()).isEqualTo("heddle.conf:2");
  }

  // --- the page

  @Test
  void thePageIsWhatTheCommandsSay() throws Exception {
    assertThat(Files.readString(Path.of("../docs/configuration.md")))
        .as("make it anew: ./heddle config --page > docs/configuration.md")
        .isEqualTo(Configurable.page(Main.commandLine(Map.of())));
  }

  @Test
  void everythingThatCanBeConfiguredIsDescribed() {
    Configurable.of(Main.commandLine(Map.of())).forEach((command, those) -> {
      assertThat(those).as(command).extracting(Configurable::name).doesNotHaveDuplicates();
      assertThat(those).allSatisfy(one -> {
        assertThat(one.meaning()).as(one.name()).isNotBlank().doesNotContain("${", "(default");
        assertThat(one.name()).matches("[a-z]+(-[a-z]+)*");
      });
    });
  }
}
