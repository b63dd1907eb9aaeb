package dev.heddle.dashboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Puts a module of the page, with all that it imports, into one script, for a file that asks nobody for
/// anything. It knows the few ways in which our modules import and export, and refuses any other.
final class Scripts {
  private static final Pattern IMPORT = Pattern
      .compile("import \\{ ([^}]*) \\} from '\\./([a-z]+)\\.js';");
  private static final Pattern EXPORT = Pattern
      .compile("export ((?:async )?function|const|class) ([A-Za-z]+)\\b.*");

  private final Map<String, String> scopes = new LinkedHashMap<>();
  private final Set<String> begun = new LinkedHashSet<>();

  private Scripts() {}

  /// @param module the one that is run: `report`
  static String of(String module) {
    var scripts = new Scripts();
    scripts.add(module);
    return "'use strict';\n" + String.join("\n", scripts.scopes.values());
  }

  private void add(String module) {
    if (!begun.add(module)) {
      if (!scopes.containsKey(module)) {
        throw new IllegalStateException(
            "the module " + module + " imports itself, by way of " + begun);
      }
      return;
    }
    var body = new StringBuilder();
    var exported = new ArrayList<String>();
    for (var line : Resources.text(module + ".js").split("\n", -1)) {
      body.append(translated(module, line, exported)).append('\n');
    }
    scopes.put(module, "const " + scopeOf(module) + " = (() => {\n" + body + "return { "
        + String.join(", ", exported) + " };\n})();");
  }

  private String translated(String module, String line, List<String> exported) {
    if (line.startsWith("import ")) {
      var found = IMPORT.matcher(line);
      if (!found.matches()) {
        throw unknown(module, line);
      }
      add(found.group(2));
      return "const { " + renamed(found.group(1)) + " } = " + scopeOf(found.group(2)) + ";";
    }
    if (line.startsWith("export ")) {
      var found = EXPORT.matcher(line);
      if (!found.matches()) {
        throw unknown(module, line);
      }
      exported.add(found.group(2));
      return line.substring("export ".length());
    }
    return line;
  }

  private static IllegalStateException unknown(String module, String line) {
    return new IllegalStateException("the module " + module + " has a line that cannot be put into"
        + " one script: " + line);
  }

  /// `byName as named` of an import is `byName: named` of an object.
  private static String renamed(String names) {
    return List.of(names.split(", ")).stream().map(name -> name.replace(" as ", ": "))
        .collect(Collectors.joining(", "));
  }

  private static String scopeOf(String module) {
    return "of_" + module;
  }
}
