package dev.heddle.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// What `heddle.conf` says: lines `name = value`, for all commands that have an option of that name, or below
/// `[worker]` for that command alone.
///
/// @param path empty if there is no file
record ConfigFile(Optional<Path> path, List<Entry> entries) {
  static final ConfigFile NONE = new ConfigFile(Optional.empty(), List.of());
  static final String NAME = "heddle.conf";
  static final String OPTION = "--config";
  static final String VARIABLE = "HEDDLE_CONFIG";
  private static final String NO_FILE = "none";
  private static final int LINES_MAX = 10_000;

  /// @param command empty for all
  record Entry(String command, String name, String value, int line) {}

  ConfigFile {
    entries = List.copyOf(entries);
  }

  /// The file that counts: of the option, or else the variable, or else the first that is there.
  ///
  /// @param arguments of the command line
  /// @throws IllegalArgumentException if it makes no sense; says where
  /// @throws IOException if a file that was named cannot be read
  static ConfigFile find(List<String> arguments, Map<String, String> environment, Path directory,
      Path home) throws IOException {
    var named = optionIn(arguments)
        .or(() -> Optional.ofNullable(environment.get(VARIABLE)).filter(text -> !text.isBlank()));
    if (named.isPresent()) {
      return named.get().equals(NO_FILE) ? NONE : read(directory.resolve(named.get()));
    }
    for (var path : places(directory, home)) {
      if (Files.exists(path)) {
        return read(path);
      }
    }
    return NONE;
  }

  /// Where it is looked for, in this order.
  static List<Path> places(Path directory, Path home) {
    return List.of(directory.resolve(NAME), home.resolve(".heddle").resolve(NAME));
  }

  /// What follows the name of a program is the program's own.
  private static Optional<String> optionIn(List<String> arguments) {
    var isRun = false;
    for (var i = 0; i < arguments.size(); i++) {
      var argument = arguments.get(i);
      if (argument.startsWith(OPTION + "=")) {
        return Optional.of(argument.substring(OPTION.length() + 1));
      }
      if (argument.equals("--")) {
        return Optional.empty();
      }
      if (argument.startsWith("-")) {
        var hasValue = i + 1 < arguments.size() && !argument.contains("=");
        if (argument.equals(OPTION)) {
          return hasValue ? Optional.of(arguments.get(i + 1)) : Optional.empty();
        }
        i += isRun && hasValue && argument.length() > 1 ? 1 : 0;
      } else if (isRun) {
        return Optional.empty();
      } else {
        isRun = argument.equals("run");
      }
    }
    return Optional.empty();
  }

  private static ConfigFile read(Path path) throws IOException {
    return parse(path, Files.readAllLines(path));
  }

  static ConfigFile parse(Path path, List<String> lines) {
    if (lines.size() > LINES_MAX) {
      throw new IllegalArgumentException(path + " has " + lines.size()
          + " lines; that is no configuration of Heddle");
    }
    var entries = new ArrayList<Entry>();
    var command = "";
    for (var i = 0; i < lines.size(); i++) {
      var line = lines.get(i).strip();
      var where = path + ":" + (i + 1) + ": ";
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("[")) {
        if (!line.matches("\\[[a-z-]+]")) {
          throw new IllegalArgumentException(where + "'" + line
              + "' is no section; write the name of a command in brackets: [worker]");
        }
        command = line.substring(1, line.length() - 1);
        continue;
      }
      var equals = line.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            where + "'" + line + "' says nothing; write name = value, or # before a comment");
      }
      var entry = new Entry(command, line.substring(0, equals).strip(),
          value(line.substring(equals + 1).strip(), where), i + 1);
      entries.stream().filter(other -> other.command().equals(entry.command())
          && other.name().equals(entry.name())).findFirst().ifPresent(other -> {
            throw new IllegalArgumentException(where + "'" + entry.name() + "' was given in line "
                + other.line() + " already; remove one");
          });
      entries.add(entry);
    }
    return new ConfigFile(Optional.of(path), entries);
  }

  private static String value(String text, String where) {
    if (!text.startsWith("\"")) {
      var comment = text.indexOf(" #");
      return comment < 0 ? text : text.substring(0, comment).strip();
    }
    var end = text.indexOf('"', 1);
    if (end < 0 || !text.substring(end + 1).strip().matches("(#.*)?")) {
      throw new IllegalArgumentException(where + "the value " + text
          + " begins with a quotation mark and does not end with one");
    }
    return text.substring(1, end);
  }

  /// @param names what can be said for each command
  /// @throws IllegalArgumentException for the first that cannot; says where, and what was meant
  void check(Map<String, ? extends Collection<String>> names) {
    var all = new TreeSet<String>();
    names.values().forEach(all::addAll);
    for (var entry : entries) {
      if (entry.command().isEmpty()) {
        if (!all.contains(entry.name())) {
          throw new IllegalArgumentException(place(entry) + ": unknown name '" + entry.name() + "'"
              + Mistakes.didYouMean(entry.name(), all) + "; heddle config lists them");
        }
      } else if (!names.containsKey(entry.command())) {
        throw new IllegalArgumentException(place(entry) + ": there is no command '"
            + entry.command() + "' to configure"
            + Mistakes.didYouMean(entry.command(), names.keySet()));
      } else {
        var known = new TreeMap<>(names).get(entry.command());
        if (known != null && !known.contains(entry.name())) {
          throw new IllegalArgumentException(place(entry) + ": heddle " + entry.command()
              + " has no '" + entry.name() + "'" + Mistakes.didYouMean(entry.name(), known)
              + "; heddle config " + entry.command() + " lists what it has");
        }
      }
    }
  }

  /// What counts for a command: what was said for it alone, or else for all.
  Optional<Entry> entry(String command, String name) {
    return entries.stream().filter(entry -> entry.name().equals(name))
        .filter(entry -> entry.command().equals(command) || entry.command().isEmpty())
        .reduce((a, b) -> a.command().isEmpty() ? b : a);
  }

  /// `heddle.conf:3`
  String place(Entry entry) {
    return path.map(Path::toString).orElse(NAME) + ":" + entry.line();
  }
}
