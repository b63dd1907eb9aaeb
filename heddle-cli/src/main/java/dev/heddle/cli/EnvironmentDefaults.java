package dev.heddle.cli;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Takes the options that are not on the command line from variables: `--value-limit` from
/// `HEDDLE_VALUE_LIMIT`.
record EnvironmentDefaults(Map<String, String> environment) implements IDefaultValueProvider {
  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (argument instanceof OptionSpec option && !option.usageHelp() && !option.versionHelp()) {
      var value = environment.get(variableOf(option.longestName()));
      return value == null || value.isBlank() ? null : value;
    }
    return null;
  }

  static String variableOf(String option) {
    return "HEDDLE_" + option.replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
