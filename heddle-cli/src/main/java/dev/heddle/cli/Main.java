package dev.heddle.cli;

import java.util.Map;
import java.util.Objects;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line: `heddle COMMAND …`.
@Command(name = "heddle", description = "Distributed futures for the JVM.", mixinStandardHelpOptions = true, versionProvider = Version.class, subcommands = {
    DemoCommand.class, SchedulerCommand.class, WorkerCommand.class, MetadataCommand.class,
    PingCommand.class, WorkersCommand.class, WhoHasCommand.class, HasWhatCommand.class,
    GetCommand.class, StatusCommand.class, PsCommand.class, DumpCommand.class, RecordCommand.class,
    WhyCommand.class,
    StoryCommand.class, LogsCommand.class,
    RetireCommand.class, RunCommand.class, ShellCommand.class, ReplayCommand.class,
    BenchCommand.class,
    SimulateCommand.class,
    SecretCommand.class, ClassPathCommand.class,
    AutoComplete.GenerateCompletion.class,
    CommandLine.HelpCommand.class}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:it worked", "1:it failed", "2:the command line makes no sense",
        "3:a node or the metadata store cannot be reached", "4:what was asked for is not there",
        "130, 143:cut short by Ctrl-C or SIGTERM"}, footer = {"",
            "Options can also be given as variables: --metadata as HEDDLE_METADATA, and so on.",
            "Completion for bash and zsh: source <(heddle generate-completion)"})
public final class Main implements Runnable {
  @Spec
  private CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return commandLine(System.getenv());
  }

  static CommandLine commandLine(Map<String, String> environment) {
    var commandLine = new CommandLine(new Main());
    commandLine.setDefaultValueProvider(new EnvironmentDefaults(environment));
    commandLine.setParameterExceptionHandler(new Mistakes(environment));
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
