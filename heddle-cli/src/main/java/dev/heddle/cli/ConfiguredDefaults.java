package dev.heddle.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Takes what is not on the command line from variables, and what is not there from a file: `--value-limit` from
/// `HEDDLE_VALUE_LIMIT`, or from a line `value-limit = 64MiB`.
///
/// What says what one call is to do, rather than how things are, is taken from neither: options whose description
/// key is [#OF_ONE_CALL]. `HEDDLE_TOKEN` in the environment must not make `heddle secret` another command.
///
/// A positional parameter has such a name if its description key is one: the ADDRESS of `heddle worker` is
/// `metadata`, like the option of other commands.
record ConfiguredDefaults(Map<String, String> environment, ConfigFile file)
    implements
      IDefaultValueProvider {
  static final String OF_ONE_CALL = "of one call";

  /// Where a value comes from that is not on the command line.
  ///
  /// @param place for people: `the variable HEDDLE_PORT`, `heddle.conf:3`
  record Given(String value, String place) {}

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return given(argument).map(Given::value).orElse(null);
  }

  Optional<Given> given(ArgSpec argument) {
    var name = nameOf(argument);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    var names = new ArrayList<>(List.of(name.get()));
    if (name.get().equals("metadata")) {
      names.add("address"); // A scheduler is a store too, unless another was given.
    }
    return names.stream().flatMap(each -> variable(each).stream()).findFirst()
        .or(() -> names.stream().flatMap(each -> line(argument, each).stream()).findFirst());
  }

  private Optional<Given> variable(String name) {
    var variable = variableOf(name);
    var value = environment.getOrDefault(variable, "");
    return value.isBlank()
        ? Optional.empty()
        : Optional.of(new Given(value, "the variable " + variable));
  }

  private Optional<Given> line(ArgSpec argument, String name) {
    return file.entry(argument.command().name(), name)
        .map(entry -> new Given(entry.value(), file.place(entry)));
  }

  /// What an argument is called in files: the name of its option without the dashes.
  static Optional<String> nameOf(ArgSpec argument) {
    if (argument instanceof OptionSpec option) {
      return option.usageHelp() || option.versionHelp() || option.hidden()
          || option.longestName().equals(ConfigFile.OPTION)
          || OF_ONE_CALL.equals(option.descriptionKey())
              ? Optional.empty()
              : Optional.of(option.longestName().replaceFirst("^-+", ""));
    }
    return Optional.ofNullable(argument.descriptionKey()).filter(key -> !key.isEmpty());
  }

  /// The variable that `argument` can come from.
  static Optional<String> variableOf(ArgSpec argument) {
    return nameOf(argument).map(ConfiguredDefaults::variableOf);
  }

  static String variableOf(String name) {
    return Variables.PREFIX + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
