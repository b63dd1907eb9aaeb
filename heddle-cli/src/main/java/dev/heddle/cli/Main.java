package dev.heddle.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line: `heddle COMMAND …`.
///
/// Exit codes: 0 it worked, 1 it failed, 2 the command line makes no sense.
@Command(name = "heddle", description = "Distributed futures for the JVM.", mixinStandardHelpOptions = true, versionProvider = Version.class)
public final class Main implements Runnable {
  @Spec
  private CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main());
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }
}
