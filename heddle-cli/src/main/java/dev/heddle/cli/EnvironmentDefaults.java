package dev.heddle.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Takes what is not on the command line from variables: `--value-limit` from `HEDDLE_VALUE_LIMIT`.
///
/// A positional parameter has a variable if it names one as its description key: the ADDRESS of
/// `heddle worker` is `metadata`, like the option of other commands.
record EnvironmentDefaults(Map<String, String> environment) implements IDefaultValueProvider {
  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    var value = variableOf(argument).map(this::valueOf).orElse("");
    return value.isBlank() ? null : value;
  }

  /// A scheduler is a store too, unless it was given another.
  private String valueOf(String variable) {
    var value = environment.getOrDefault(variable, "");
    return value.isBlank() && variable.equals("HEDDLE_METADATA")
        ? environment.getOrDefault("HEDDLE_ADDRESS", "")
        : value;
  }

  /// The variable that `argument` can come from.
  static Optional<String> variableOf(ArgSpec argument) {
    if (argument instanceof OptionSpec option) {
      return option.usageHelp() || option.versionHelp()
          ? Optional.empty()
          : Optional.of(variableOf(option.longestName()));
    }
    return Optional.ofNullable(argument.descriptionKey()).map(EnvironmentDefaults::variableOf);
  }

  private static String variableOf(String name) {
    return "HEDDLE_" + name.replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
