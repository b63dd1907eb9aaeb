package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.cli.Main;
import dev.heddle.tests.Page.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/// Every `heddle …` in the documentation is a command that there is, with options that it has.
class CommandsInPagesTest {
  /// Up to whatever ends a command in a shell or a sentence.
  private static final Pattern COMMAND = Pattern
      .compile(
          "(?<!SETUSER )(?<![\\w./\"-])(?:\\./|/opt/heddle/bin/)?heddle ([a-z-]+[^|>;&()#,'\"`…]*)");
  private static final Pattern INLINE = Pattern.compile("`([^`]*)`");
  /// What stands for a value that has to make sense.
  private static final Map<String, String> VALUES = Map.of("ADDRESS", "heddle://localhost:8786",
      "N", "1", "TIME", "1s", "BYTES", "1MiB", "NAME=AMOUNT", "GPU=1", "NAME", "noop");

  private static final CommandLine HEDDLE = heddle();

  private static CommandLine heddle() {
    var heddle = new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
    Objects.requireNonNull(heddle.getSubcommands().get("run")).setStopAtPositional(true);
    return heddle;
  }

  /// @param isWhole whether it could be called as it stands
  private record Command(String place, List<String> words, boolean isWhole) {
    /// What is wrong with it, or nothing.
    String mistake() {
      try {
        HEDDLE.parseArgs(words.toArray(String[]::new));
        return "";
      } catch (MissingParameterException e) {
        return isWhole ? place + ": " + e.getMessage() : "";
      } catch (ParameterException e) {
        return place + ": " + words + ": " + e.getMessage();
      }
    }
  }

  private static List<Command> commands() {
    var commands = new ArrayList<Command>();
    for (var page : Page.all()) {
      for (var block : page.blocks()) {
        if (block.language().isEmpty()) {
          block.lines().forEach(line -> find(page, line, line.text(), true, commands));
        }
      }
      for (var line : page.prose()) {
        INLINE.matcher(line.text()).results()
            .forEach(found -> find(page, line, found.group(1), false, commands));
      }
    }
    return commands;
  }

  private static void find(Page page, Line line, String text, boolean isWhole,
      List<Command> found) {
    COMMAND.matcher(text).results().forEach(match -> found.add(new Command(
        page.name() + ":" + line.number(), Arrays.stream(match.group(1).strip().split("\\s+"))
            .map(word -> VALUES.getOrDefault(word, word)).toList(),
        isWhole && !text.contains("…"))));
  }

  @Test
  void everyCommandLineOfThePagesIsOne() {
    var commands = commands();

    assertThat(commands).hasSizeGreaterThan(100);
    assertThat(commands.stream().map(Command::mistake).filter(mistake -> !mistake.isEmpty()))
        .isEmpty();
  }
}
