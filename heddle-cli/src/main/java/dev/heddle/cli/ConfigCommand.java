package dev.heddle.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "config", mixinStandardHelpOptions = true, description = {
    "Tell what is configured, and by what: of a command, all that it has; without one, whatever"
        + " is not at its default."})
final class ConfigCommand implements Callable<Integer> {
  private static final Pattern PASSWORD = Pattern.compile("(://[^/@:]*:)[^@/]*@");

  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "COMMAND", arity = "0..1", description = "such as worker")
  private Optional<String> command = Optional.empty();
  @Option(names = "--json", description = "print JSON")
  private boolean json;
  @Option(names = "--page", hidden = true, description = "print the page docs/configuration.md")
  private boolean page;

  /// What is in force.
  ///
  /// @param value null where there is none
  /// @param problem what is wrong with it, or null
  record InForce(String command, String name, @Nullable String value, String from,
      @Nullable String problem) {}

  @Override
  public Integer call() {
    var heddle = spec.parent().commandLine();
    var out = spec.commandLine().getOut();
    if (page) {
      out.print(Configurable.page(heddle));
      out.flush();
      return ExitCode.OK;
    }
    var defaults = (ConfiguredDefaults) heddle.getDefaultValueProvider();
    var all = Configurable.of(heddle);
    var lines = new ArrayList<InForce>();
    chosen(all).forEach((name, those) -> those.forEach(one -> {
      var given = defaults.given(one.spec());
      if (command.isPresent() || given.isPresent()) {
        lines.add(inForce(heddle, one, given));
      }
    }));
    var known = Variables.known(Configurable.names(heddle));
    var unknown = Variables.unknown(defaults.environment(), known).stream()
        .map(variable -> Variables.text(variable, known)).toList();
    if (json) {
      var facts = new LinkedHashMap<String, @Nullable Object>();
      facts.put("file", defaults.file().path().map(Path::toString).orElse(null));
      facts.put("values", lines);
      facts.put("unknownVariables", unknown);
      Output.json(out, facts);
    } else {
      print(out, defaults.file(), lines, unknown);
    }
    out.flush();
    return lines.stream().allMatch(line -> line.problem() == null) ? ExitCode.OK : ExitCode.USAGE;
  }

  private Map<String, List<Configurable>> chosen(Map<String, List<Configurable>> all) {
    if (command.isEmpty()) {
      return all;
    }
    var those = all.get(command.get());
    if (those == null) {
      throw new ParameterException(spec.commandLine(), "there is no command '" + command.get()
          + "' to configure" + Mistakes.didYouMean(command.get(), all.keySet()));
    }
    return Map.of(command.get(), those);
  }

  private static InForce inForce(CommandLine heddle, Configurable one,
      Optional<ConfiguredDefaults.Given> given) {
    if (given.isEmpty()) {
      return new InForce(one.command(), one.name(),
          one.defaultText().isEmpty() ? null : one.defaultText(), "default", null);
    }
    return new InForce(one.command(), one.name(),
        PASSWORD.matcher(given.get().value()).replaceAll("$1***@"), given.get().place(),
        problem(heddle, one, given.get().value()));
  }

  /// What the command would say of the value.
  private static @Nullable String problem(CommandLine heddle, Configurable one, String value) {
    try {
      new CommandLine(Objects.requireNonNull(heddle.getSubcommands().get(one.command()))
          .getCommandSpec().userObject().getClass(), fresh(heddle))
          .parseArgs(one.option().startsWith("-")
              ? one.option().replaceFirst("=.*", "") + "=" + value
              : value);
      return null;
    } catch (ParameterException e) {
      // What else the command needs is not the question.
      return one.spec().equals(e.getArgSpec()) || e.getValue() != null
          ? Failures.messageOf(e)
          : null;
    }
  }

  private static CommandLine.IFactory fresh(CommandLine heddle) {
    return heddle.getFactory();
  }

  private void print(PrintWriter out, ConfigFile file, List<InForce> lines,
      List<String> unknown) {
    out.println(file.path().map(path -> "file: " + path).orElseGet(() -> "file: none (looked for "
        + ConfigFile.places(Path.of("").toAbsolutePath(), Path.of(System.getProperty("user.home")))
            .stream().map(Path::toString).collect(Collectors.joining(" and "))
        + ")"));
    if (lines.isEmpty()) {
      out.println("everything is at its default; heddle config COMMAND tells what that is");
    } else {
      Output.table(out, List.of("COMMAND", "NAME", "VALUE", "FROM"), lines.stream()
          .map(line -> List.of(line.command(), line.name(),
              line.value() == null ? "-" : line.value(), line.from()))
          .toList());
    }
    var err = spec.commandLine().getErr();
    lines.stream().filter(line -> line.problem() != null)
        .forEach(line -> err.println("heddle: " + line.command() + ": " + line.problem()
            + " (it comes from " + line.from() + ")"));
    unknown.forEach(variable -> err.println("heddle: nothing takes the variable " + variable));
    err.flush();
  }
}
