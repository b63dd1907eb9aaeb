package dev.heddle.cli;

import dev.heddle.wire.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Reads the section of `docs/troubleshooting.md`, which is in the jar, for whoever has no browser at
/// hand.
@Command(name = "error", mixinStandardHelpOptions = true, description = "Say what an error's code means and what to do; without a code, list them all.")
final class ErrorCommand implements Callable<Integer> {
  private static final String RESOURCE = "troubleshooting.md";
  private static final Pattern SECTION = Pattern
      .compile("(?ms)^### (HDL-\\d{4}) ([^\\n]+)\\n(.*?)(?=^##|\\z)");

  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "CODE", arity = "0..1", description = "the code at the end of a message: HDL-0021, or 21")
  private @Nullable String code;
  @Option(names = "--json", description = "print JSON")
  private boolean json;

  private record Section(String title, String text) {}

  @Override
  public Integer call() throws Exception {
    var sections = sections();
    if (code == null) {
      list(sections);
    } else {
      tell(find(code), sections);
    }
    return 0;
  }

  private void list(Map<String, Section> sections) {
    if (json) {
      var titles = new LinkedHashMap<String, Object>();
      sections.forEach((each, section) -> titles.put(each, section.title));
      Output.json(spec.commandLine().getOut(), titles);
      return;
    }
    Output.table(spec.commandLine().getOut(), List.of("CODE", "WHAT"), sections.entrySet().stream()
        .map(each -> List.of(each.getKey(), each.getValue().title)).toList());
  }

  private void tell(ErrorCode wanted, Map<String, Section> sections) {
    var section = sections.get(wanted.text());
    if (section == null) {
      throw new IllegalStateException("heddle's jar says nothing of " + wanted.text());
    }
    var out = spec.commandLine().getOut();
    if (json) {
      var facts = new LinkedHashMap<String, Object>();
      facts.put("code", wanted.text());
      facts.put("title", section.title);
      facts.put("text", section.text);
      Output.json(out, facts);
      return;
    }
    out.println(wanted.text() + "  " + section.title);
    out.println();
    out.println(plain(section.text));
  }

  private static ErrorCode find(String typed) throws NotThereException {
    var digits = typed.toUpperCase(Locale.ROOT).replaceAll("^\\(?HDL-?|\\)$", "");
    return Arrays.stream(ErrorCode.values())
        .filter(each -> digits.matches("\\d{1,4}")
            && each.text().equals(String.format(Locale.ROOT, "HDL-%04d", Integer.parseInt(digits))))
        .findFirst().orElseThrow(() -> new NotThereException("there is no error code '" + typed
            + "'; 'heddle error' lists those that there are"));
  }

  /// Markdown, as far as the page uses it, for a terminal: links by their words, code without
  /// backticks, examples set in.
  private static String plain(String text) {
    var lines = new StringBuilder();
    var isExample = false;
    for (var line : text.strip().lines().toList()) {
      if (line.equals("```")) {
        isExample = !isExample;
      } else if (isExample) {
        lines.append("    ").append(line).append('\n');
      } else {
        lines.append(line.replaceAll("\\[([^\\]]+)\\]\\([^)]+\\)", "$1").replace("`", "")
            .replaceAll("\\*([^*]+)\\*", "$1")).append('\n');
      }
    }
    return lines.toString().stripTrailing();
  }

  private static Map<String, Section> sections() throws IOException {
    try (var in = ErrorCommand.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            "heddle's jar lacks dev/heddle/cli/" + RESOURCE + "; build it again: ./mvnw package");
      }
      var sections = new LinkedHashMap<String, Section>();
      SECTION.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8)).results()
          .forEach(found -> sections.put(found.group(1),
              new Section(found.group(2), found.group(3).strip())));
      return sections;
    }
  }
}
