package dev.heddle.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// One thing that can be configured: an option of a command, which is also a variable and a name in a file.
///
/// @param command whose it is: `worker`
/// @param name in files: `memory-limit`
/// @param variable `HEDDLE_MEMORY_LIMIT`
/// @param option how it is given on the command line: `--memory-limit=BYTES`, or `ADDRESS`
/// @param type what a value is: the name of what is read from the text
/// @param defaultText what it is if nobody says; empty if it then is not
/// @param meaning in words
/// @param spec what reads it
record Configurable(String command, String name, String variable, String option, String type,
    String defaultText, String meaning, ArgSpec spec) {
  private static final Pattern DEFAULT = Pattern.compile("\\s*\\(default: (.*?)\\)");

  /// All of them, by commands and names.
  static Map<String, List<Configurable>> of(CommandLine heddle) {
    var all = new LinkedHashMap<String, List<Configurable>>();
    heddle.getSubcommands().forEach((command, line) -> {
      if (command.equals("help") || command.equals("generate-completion")) {
        return;
      }
      var those = new ArrayList<Configurable>();
      line.getCommandSpec().args().forEach(argument -> ConfiguredDefaults.nameOf(argument)
          .ifPresent(name -> those.add(of(command, name, argument))));
      those.sort(Comparator.comparing(Configurable::name));
      if (!those.isEmpty()) {
        all.put(command, List.copyOf(those));
      }
    });
    return all;
  }

  /// The names of each command.
  static Map<String, List<String>> names(CommandLine heddle) {
    var names = new LinkedHashMap<String, List<String>>();
    of(heddle).forEach((command, those) -> names.put(command,
        those.stream().map(Configurable::name).toList()));
    return names;
  }

  private static Configurable of(String command, String name, ArgSpec argument) {
    var text = String.join(" ", argument.description()).replace("%%", "%");
    var said = DEFAULT.matcher(text);
    var byDescription = said.find() ? said.group(1) : "";
    var defaultText = byDescription.isEmpty() || byDescription.equals("${DEFAULT-VALUE}")
        ? Optional.ofNullable(argument.defaultValue()).orElse("")
        : byDescription;
    var type = argument.isMultiValue() ? argument.auxiliaryTypes()[0] : argument.type();
    return new Configurable(command, name, ConfiguredDefaults.variableOf(name),
        written(argument), type.getSimpleName().equals("Optional")
            ? argument.auxiliaryTypes()[0].getSimpleName()
            : type.getSimpleName(),
        defaultText, DEFAULT.matcher(text).replaceAll("").strip(), argument);
  }

  private static String written(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? option.longestName() + (option.arity().max() == 0 ? "" : "=" + option.paramLabel())
        : argument.paramLabel();
  }

  /// The reference page, all of it.
  static String page(CommandLine heddle) {
    var page = new StringBuilder(
        """
            # Configuration

            [Heddle](../README.md) · [all pages](README.md)

            All that can be configured, by command. This page is made from the commands themselves (`heddle config --page`).

            What counts is, from the weakest to the strongest:

            1. the default,
            2. the file `heddle.conf`, of the working directory or else of `~/.heddle/`; or another one, named by `--config FILE` or `HEDDLE_CONFIG` (`none`: no file),
            3. a variable `HEDDLE_…`,
            4. an option on the command line.

            ```
            # heddle.conf
            address = heddle://10.0.0.7:8786      # for all commands that have it
            secret-file = /etc/heddle/secret

            [worker]                              # for heddle worker alone
            threads = 8
            memory-limit = 4GiB
            spill-directory = "/data/heddle spill"
            ```

            A name that there is not is an error, with the line and the name that was probably meant; so is a variable that differs from one that there is by a slip or two, while others of the kind are taken to be somebody else's, and `heddle config` lists them. `heddle config COMMAND` prints what is in force for a command, and where each value comes from. A file that belongs to a working directory
            counts for whoever works there: look at it before you trust it.

            What an option says of one call alone is taken from neither variables nor files: `--token`, `--watch`, `--compare`, `--debug`.

            Programs of yours know of `HEDDLE_ADDRESS` and `HEDDLE_SECRET_FILE` alone. `HEDDLE_JAVA_OPTS` goes to the JVM of a command, `HEDDLE_TRACE=1` adds stack traces to errors, and `NO_COLOR` is respected; none of them can be in the file.

            Sizes are written `512KiB`, `64MiB`, `2GiB`, or in bytes; times `500ms`, `30s`, `2m`, `1h`; what is only on or off, `true` or `false`.
            """);
    of(heddle).forEach((command, those) -> {
      page.append("\n## heddle ").append(command)
          .append("\n\n| name | variable | option | default |"
              + " meaning |\n|---|---|---|---|---|\n");
      those.forEach(one -> page.append("| `").append(one.name()).append("` | `")
          .append(one.variable()).append("` | `").append(one.option()).append("` | ")
          .append(cell(one.defaultText())).append(" | ").append(cell(one.meaning()))
          .append(" |\n"));
    });
    return page.toString();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }
}
