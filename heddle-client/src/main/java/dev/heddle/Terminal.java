package dev.heddle;

import java.util.Map;
import java.util.Properties;
import java.util.function.BooleanSupplier;

/// What an output stream is connected to, and what may be written to it.
///
/// @param interactive whether a person watches: lines may be overwritten
/// @param color whether ANSI colours are wanted there
/// @param columns how wide a line may be
public record Terminal(boolean interactive, boolean color, int columns) {
  private static final int COLUMNS_DEFAULT = 80;
  private static final int COLUMNS_PIPE = 120;

  /// Which stream. Java can't tell them apart, so the launcher says which of them is a terminal, and how wide.
  public enum Stream {
    OUT("heddle.stdout.columns"), ERR("heddle.stderr.columns");

    private final String property;

    Stream(String property) {
      this.property = property;
    }
  }

  /// What a stream of this process is, as far as can be known. Without the `heddle` command, that it is a terminal is
  /// known only where standard input is one too.
  public static Terminal of(Stream stream) {
    return of(stream, System.getProperties(), System.getenv(), Terminal::hasConsole);
  }

  // Java 25 does return null where neither input nor output is a terminal.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean hasConsole() {
    var console = System.console();
    return console != null && console.isTerminal();
  }

  static Terminal of(Stream stream, Properties properties, Map<String, String> environment,
      BooleanSupplier hasConsole) {
    var columns = properties.getProperty(stream.property);
    var byLauncher = properties.containsKey("heddle.home");
    var interactive = (byLauncher ? columns != null : hasConsole.getAsBoolean())
        && !"dumb".equals(environment.get("TERM"));
    if (!interactive) {
      return new Terminal(false, false, COLUMNS_PIPE);
    }
    var noColor = environment.getOrDefault("NO_COLOR", "");
    return new Terminal(true, noColor.isEmpty(),
        columnsOf(columns == null ? environment.getOrDefault("COLUMNS", "") : columns));
  }

  private static int columnsOf(String text) {
    return text.matches("[1-9]\\d{0,3}") ? Integer.parseInt(text) : COLUMNS_DEFAULT;
  }
}
