package dev.heddle.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The command line: `heddle COMMAND …`.
@Command(name = "heddle", description = "Distributed futures for the JVM.", mixinStandardHelpOptions = true, versionProvider = Version.class, subcommands = {
    DemoCommand.class, SchedulerCommand.class, WorkerCommand.class, MetadataCommand.class,
    DashboardCommand.class,
    PingCommand.class, WorkersCommand.class, WhoHasCommand.class, HasWhatCommand.class,
    GetCommand.class, StatusCommand.class, PsCommand.class, DumpCommand.class, ReportCommand.class,
    RecordCommand.class,
    WhyCommand.class,
    StoryCommand.class, LogsCommand.class,
    RetireCommand.class, RunCommand.class, ShellCommand.class, ReplayCommand.class,
    BenchCommand.class,
    SimulateCommand.class,
    SecretCommand.class, ClassPathCommand.class, ConfigCommand.class, ErrorCommand.class,
    AutoComplete.GenerateCompletion.class,
    CommandLine.HelpCommand.class}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:it worked", "1:it failed", "2:the command line makes no sense",
        "3:a node or the metadata store cannot be reached", "4:what was asked for is not there",
        "130, 143:cut short by Ctrl-C or SIGTERM"}, footer = {"",
            "Options can also be given as variables, --metadata as HEDDLE_METADATA, and in a file: heddle config.",
            "What the code of a message means: heddle error HDL-0021",
            "Completion for bash and zsh: source <(heddle generate-completion)"})
public final class Main implements Runnable {
  @Spec
  private CommandSpec spec;

  // Read beforehand: it counts for the command line that it is on.
  @Option(names = ConfigFile.OPTION, paramLabel = "FILE", scope = ScopeType.INHERIT, description = "read this configuration, or none (default: heddle.conf here, or in ~/.heddle)")
  @SuppressWarnings("UnusedVariable")
  private Optional<String> config = Optional.empty();

  public static void main(String[] arguments) {
    System.exit(run(arguments, System.getenv(), Path.of("").toAbsolutePath(),
        Path.of(System.getProperty("user.home"))));
  }

  /// @return the exit code
  static int run(String[] arguments, Map<String, String> environment, Path directory, Path home) {
    CommandLine commandLine;
    try {
      var file = ConfigFile.find(List.of(arguments), environment, directory, home);
      commandLine = commandLine(environment, file);
      var names = Configurable.names(commandLine);
      file.check(names);
      var command = Stream.of(arguments).filter(commandLine.getSubcommands()::containsKey)
          .findFirst();
      if (!command.equals(Optional.of("config"))) { // Which tells of all of them.
        Variables.check(environment, Variables.known(names));
      }
    } catch (IllegalArgumentException | IOException e) {
      if (Stream.of(arguments).noneMatch(List.of("-h", "--help", "help", "--version")::contains)) {
        System.err.println("heddle: " + Failures.textOf(e));
        return ExitCode.USAGE;
      }
      commandLine = commandLine(environment, ConfigFile.NONE);
    }
    return commandLine.execute(arguments);
  }

  static CommandLine commandLine() {
    return commandLine(System.getenv());
  }

  static CommandLine commandLine(Map<String, String> environment) {
    return commandLine(environment, ConfigFile.NONE);
  }

  static CommandLine commandLine(Map<String, String> environment, ConfigFile file) {
    var commandLine = new CommandLine(new Main());
    var defaults = new ConfiguredDefaults(environment, file);
    commandLine.setDefaultValueProvider(defaults);
    commandLine.setParameterExceptionHandler(new Mistakes(defaults));
    commandLine.setExecutionExceptionHandler(new Failures());
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    // What follows the program's name is the program's.
    Objects.requireNonNull(commandLine.getSubcommands().get("run"), "run is a command")
        .setStopAtPositional(true);
    return commandLine;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }
}
