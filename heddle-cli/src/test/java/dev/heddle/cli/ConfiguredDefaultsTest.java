package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

class ConfiguredDefaultsTest {
  /// A value for each variable, none of them a default.
  private static final Map<String, String> SET = Map.ofEntries(
      Map.entry("HEDDLE_METADATA", "heddle://elsewhere:1"), Map.entry("HEDDLE_PORT", "4711"),
      Map.entry("HEDDLE_HOST", "127.0.0.2"), Map.entry("HEDDLE_ADVERTISE", "there"),
      Map.entry("HEDDLE_NAME", "me"), Map.entry("HEDDLE_THREADS", "7"),
      Map.entry("HEDDLE_MEMORY_LIMIT", "30MiB"), Map.entry("HEDDLE_SPILL_DIRECTORY", "none"),
      Map.entry("HEDDLE_SPILL_LIMIT", "1GiB"), Map.entry("HEDDLE_SHARED_MEMORY", "1GiB"),
      Map.entry("HEDDLE_VALUE_LIMIT", "3MiB"), Map.entry("HEDDLE_LEASE", "11s"),
      Map.entry("HEDDLE_GRACE", "12s"), Map.entry("HEDDLE_SECRET_FILE", "/a/secret"),
      Map.entry("HEDDLE_METRICS_PORT", "4712"),
      Map.entry("HEDDLE_JSON", "true"), Map.entry("HEDDLE_COUNT", "9"),
      Map.entry("HEDDLE_CHARACTERS", "99"), Map.entry("HEDDLE_WORKERS", "5"),
      Map.entry("HEDDLE_REPORT", "/a/page.html"),
      Map.entry("HEDDLE_ADDRESS", "heddle://scheduler:2"), Map.entry("HEDDLE_WITHIN", "13s"),
      Map.entry("HEDDLE_JAR", "/an/app.jar"),
      Map.entry("HEDDLE_JAVA_OPTION", "-Xmx1g"), Map.entry("HEDDLE_TASKS", "77"),
      Map.entry("HEDDLE_SIZE", "1MiB"), Map.entry("HEDDLE_KIND", "byte[]"),
      Map.entry("HEDDLE_SUBMIT", "SINGLE"),
      Map.entry("HEDDLE_REPETITIONS", "3"),
      Map.entry("HEDDLE_WARM_UP", "14s"), Map.entry("HEDDLE_REDIS", "redis://there"),
      Map.entry("HEDDLE_RESOURCE", "GPU=1"), Map.entry("HEDDLE_SEEDS", "17"),
      Map.entry("HEDDLE_FROM", "9"), Map.entry("HEDDLE_SCENARIO", "WORKERS"),
      Map.entry("HEDDLE_CLASS_PATH", "/a/lib.jar"), Map.entry("HEDDLE_SECONDS", "3"),
      Map.entry("HEDDLE_DASHBOARD_PORT", "8799"), Map.entry("HEDDLE_DASHBOARD_HOST", "127.0.0.2"),
      Map.entry("HEDDLE_NICE", "6"));

  @Test
  void aSchedulerIsTheStoreUnlessAnotherIsNamed() {
    var scheduler = Map.of("HEDDLE_ADDRESS", "heddle://scheduler:2");
    assertThat(storeOf(scheduler)).isEqualTo("heddle://scheduler:2");
    assertThat(storeOf(SET)).isEqualTo("heddle://elsewhere:1");
    assertThat(storeOf(Map.of())).isEqualTo("heddle://localhost:8786");
  }

  private static String storeOf(Map<String, String> environment) {
    return called(environment, "workers").getCommandSpec().findOption("--metadata").getValue();
  }

  @Test
  void everyOptionOfEveryCommandIsTakenFromItsVariable() {
    var seen = new HashMap<String, List<String>>();
    Main.commandLine(SET).getSubcommands().keySet().forEach(name -> {
      if (name.equals("help") || name.equals("generate-completion")) {
        return;
      }
      var required = switch (name) {
        case "ping", "get", "has-what", "who-has", "why", "story", "logs", "retire", "dump",
            "report",
            "replay" ->
          new String[]{"something"};
        case "bench" -> new String[]{"noop"};
        default -> new String[0];
      };
      for (var option : called(SET, name, required).getCommandSpec().options()) {
        if (ConfiguredDefaults.nameOf(option).isPresent()) {
          var variable = ConfiguredDefaults.variableOf(option).orElseThrow();
          seen.computeIfAbsent(variable, _ -> new ArrayList<>()).add(name);
          assertThat(valueOf(option)).as("%s of %s", option.longestName(), name)
              .isEqualTo(valueOf(parsed(name, required, option)));
        }
      }
    });
    assertThat(seen).containsOnlyKeys(SET.keySet());
    assertThat(seen.get("HEDDLE_PORT")).containsExactlyInAnyOrder("metadata", "worker",
        "scheduler");
  }

  /// What the option is when it is given by hand.
  private static ArgSpec parsed(String command, String[] required, OptionSpec option) {
    var arguments = new ArrayList<String>();
    var value = SET.getOrDefault(ConfiguredDefaults.variableOf(option).orElseThrow(), "");
    arguments.add(option.longestName() + "=" + value);
    if (command.equals("run") && !option.longestName().equals("--jar")) {
      arguments.add("--jar=needed");
    }
    arguments.addAll(List.of(required));
    return called(Map.of(), command, arguments.toArray(String[]::new)).getCommandSpec()
        .findOption(option.longestName());
  }

  /// The command `name` after it was called with `arguments`.
  private static CommandLine called(Map<String, String> environment, String name,
      String... arguments) {
    var heddle = Main.commandLine(environment);
    heddle.parseArgs(Stream.concat(Stream.of(name), Stream.of(arguments)).toArray(String[]::new));
    return Objects.requireNonNull(heddle.getSubcommands().get(name), name);
  }

  private static String valueOf(ArgSpec argument) {
    return String.valueOf(argument.<Object>getValue());
  }

  @Test
  void theAddressOfAWorkersStoreIsTakenFromTheVariableOfTheOtherCommands() {
    assertThat(addressOf(worker())).isEqualTo("heddle://elsewhere:1");
    assertThat(addressOf(worker("heddle://here:2"))).isEqualTo("heddle://here:2");
  }

  private static CommandLine worker(String... arguments) {
    return called(SET, "worker", arguments);
  }

  private static String addressOf(CommandLine worker) {
    return worker.getCommandSpec().positionalParameters().getFirst().getValue();
  }

  @Test
  void whatSaysWhatOneCallIsToDoIsTakenFromNoVariable() {
    var environment = Map.of("HEDDLE_TOKEN", "true", "HEDDLE_WATCH", "true", "HEDDLE_COMPARE",
        "false", "HEDDLE_DEBUG", "5006");
    assertThat(valueOf(option(called(environment, "secret"), "--token"))).isEqualTo("false");
    assertThat(valueOf(option(called(environment, "status"), "--watch"))).isEqualTo("false");
    assertThat(valueOf(option(called(environment, "demo"), "--compare"))).isEqualTo("true");
    assertThat(valueOf(option(called(environment, "replay", "key"), "--debug")))
        .isEqualTo("Optional.empty");
  }

  private static OptionSpec option(CommandLine command, String name) {
    return command.getCommandSpec().findOption(name);
  }

  @Test
  void theCommandLineWinsOverTheVariable() {
    assertThat(worker("--port", "1").getCommandSpec().findOption("--port").<Integer>getValue())
        .isEqualTo(1);
  }

  @Test
  void aValueThatMakesNoSenseIsAnErrorThatNamesTheVariable() {
    assertThat(new CommandLines(Map.of("HEDDLE_PORT", "abc")).run("metadata"))
        .isEqualTo(new CommandLines.Ended(2, "",
            "heddle: invalid value for option '--port': 'abc' is not an int (it comes from the"
                + " variable HEDDLE_PORT) (HDL-0051)\nsee: heddle metadata --help\n"));
  }

  @Test
  void helpIsGivenEvenIfAVariableMakesNoSense() {
    var ended = new CommandLines(Map.of("HEDDLE_PORT", "abc")).run("metadata", "--help");
    assertThat(ended.status()).isZero();
    assertThat(ended.out()).startsWith("Usage: heddle metadata");
  }

  @Test
  void anEmptyVariableIsNone() {
    var worker = called(Map.of("HEDDLE_PORT", " "), "worker");
    assertThat(worker.getCommandSpec().findOption("--port").<Integer>getValue()).isZero();
  }
}
