package dev.heddle.cli;

import dev.heddle.wire.ErrorCode;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says in a line or two what is wrong with a command line, what was probably meant, and where to
/// read more.
record Mistakes(ConfiguredDefaults defaults) implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException mistake, String[] arguments) {
    var command = mistake.getCommandLine();
    if (Arrays.stream(arguments).anyMatch(List.of("-h", "--help")::contains)) {
      // Whoever asks for help gets it, even if a variable makes no sense.
      command.usage(command.getOut());
      return ExitCode.OK;
    }
    var err = command.getErr();
    err.println(command.getColorScheme().errorText(
        "heddle: " + ErrorCode.USAGE.of(whatIsWrong(mistake, command))));
    if (arguments.length == 0) {
      // Whoever types nothing but the name wants to know what there is.
      command.usage(err);
      return ExitCode.USAGE;
    }
    err.println("see: " + (hasCommands(command)
        ? "heddle help"
        : command.getCommandSpec().qualifiedName() + " --help"));
    return ExitCode.USAGE;
  }

  private String whatIsWrong(ParameterException mistake, CommandLine command) {
    if (mistake instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      return unknown(unmatched.getUnmatched().getFirst(), command);
    }
    // What HelpCommand says; it has no type of its own for that.
    if (mistake.getArgSpec() == null && mistake.getValue() instanceof String word
        && hasCommands(command)) {
      return unknown(word, command);
    }
    var message = Failures.messageOf(mistake).strip();
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1)
        + origin(mistake);
  }

  /// Which variable, or line of a file, a bad value came from, if from any.
  private String origin(ParameterException mistake) {
    var argument = mistake.getArgSpec();
    if (argument == null || mistake.getValue() == null) {
      return "";
    }
    return defaults.given(argument).filter(given -> given.value().equals(mistake.getValue()))
        .map(given -> " (it comes from " + given.place() + ")").orElse("");
  }

  private static String unknown(String word, CommandLine command) {
    if (word.startsWith("-")) {
      var name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
      return "unknown option '" + name + "'"
          + didYouMean(name, command.getCommandSpec().optionsMap().keySet());
    }
    return hasCommands(command)
        ? "unknown command '" + word + "'" + didYouMean(word, command.getSubcommands().keySet())
        : "'" + word + "' is one word too many for " + command.getCommandSpec().qualifiedName();
  }

  private static boolean hasCommands(CommandLine command) {
    return !command.getSubcommands().isEmpty();
  }

  /// What to say of a word that is none of those that are known; nothing if it is like none.
  static String didYouMean(String word, Collection<String> known) {
    return didYouMean(nearest(word, known));
  }

  static String didYouMean(List<String> meant) {
    return meant.isEmpty()
        ? ""
        : "; did you mean "
            + meant.stream().map(each -> "'" + each + "'").collect(Collectors.joining(" or "))
            + "?";
  }

  /// Those that are the fewest slips of the keyboard away, if that is few for so long a word.
  static List<String> nearest(String word, Collection<String> known) {
    var slipsMax = Math.max(1, (word.replaceFirst("^-+", "").length() + 1) / 3);
    var slips = known.stream()
        .collect(Collectors.toMap(each -> each, each -> slips(word, each), Math::min));
    var least = slips.values().stream().mapToInt(Integer::intValue).min().orElse(slipsMax + 1);
    var begun = known.stream().filter(each -> word.length() >= 3 && each.startsWith(word)).sorted()
        .toList();
    return least > slipsMax
        ? begun
        : slips.entrySet().stream().filter(each -> each.getValue() == least).map(Map.Entry::getKey)
            .sorted().toList();
  }

  /// How many letters must be added, left out, changed, or swapped with their neighbour.
  static int slips(String a, String b) {
    var table = new int[a.length() + 1][b.length() + 1];
    for (var i = 0; i <= a.length(); i++) {
      for (var j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          table[i][j] = i + j;
          continue;
        }
        var changed = table[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        var least = Math.min(changed, Math.min(table[i - 1][j], table[i][j - 1]) + 1);
        var swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1);
        table[i][j] = swapped ? Math.min(least, table[i - 2][j - 2] + 1) : least;
      }
    }
    return table[a.length()][b.length()];
  }
}
