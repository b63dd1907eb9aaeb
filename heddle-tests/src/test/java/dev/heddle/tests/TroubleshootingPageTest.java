package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Holds `docs/troubleshooting.md` to the codes of error messages, and the code to giving them.
class TroubleshootingPageTest {
  private static final Pattern CODE = Pattern.compile("HDL-\\d{4}");
  /// A constructor that gives its message on without a code.
  private static final Pattern BARE = Pattern
      .compile("\\bsuper\\((?!\\s*(ErrorCode\\.|codeOf\\())");
  private static final Pattern HEADING = Pattern.compile("(?m)^### (HDL-\\d{4}) (.+)$");
  /// Told to whoever writes processes, with the place, rather than to whoever uses Heddle; what they
  /// tell of comes to the surface as another exception.
  private static final Set<String> OF_PROCESSES = Set.of("ChannelDoneException",
      "ChannelFailedException", "ProcessFailedException", "ProcessesStillRunningException",
      "ScopeStoppedException");
  /// What a function of the user's threw, in its own words.
  private static final Set<String> OF_USERS = Set.of("RemoteFailureException",
      "TaskFailedException", "InputFailedException");
  /// Parts that nobody meets outside of them: a simulated cluster, and the demo's own job, whose
  /// messages get their code from the command.
  private static final Set<String> OF_PARTS = Set.of("SimulationFailedException",
      "CensusException");

  @Test
  void everyCodeHasASectionAndEverySectionACode() throws IOException {
    var codes = Arrays.stream(ErrorCode.values()).map(ErrorCode::text).toList();

    assertThat(sections().keySet()).containsExactlyElementsOf(codes);
  }

  @Test
  void aSectionSaysSomethingAndItsExampleHasItsCode() throws IOException {
    sections().forEach((code, text) -> {
      assertThat(text.lines().filter(line -> !line.isBlank()).count()).as(code).isPositive();
      var begin = text.indexOf("```");
      var example = begin < 0 ? "" : text.substring(begin, text.indexOf("```", begin + 3));
      assertThat(CODE.matcher(example).results().map(found -> found.group()).distinct()).as(code)
          .allMatch(code::equals);
    });
  }

  @Test
  void theTwentyLikeliestProblemsLeadToTheirSections() throws IOException {
    var page = page();
    var table = page.substring(page.indexOf("## The likeliest problems"),
        page.indexOf("## Reaching a node"));
    var slugs = HEADING.matcher(page).results()
        .map(found -> slug(found.group(1) + " " + found.group(2))).collect(Collectors.toSet());
    var links = Pattern.compile("\\(#([^)]+)\\)").matcher(table).results()
        .map(found -> found.group(1)).toList();

    assertThat(table.lines().filter(line -> line.startsWith("| "))).hasSize(21);
    assertThat(links).isNotEmpty().allMatch(slugs::contains);
  }

  @Test
  void everyCodeIsGivenSomewhere() throws IOException {
    var sources = new StringBuilder(Files.readString(root().resolve("heddle")));
    for (var file : productSources()) {
      sources.append(Files.readString(file));
    }
    var all = sources.toString();

    assertThat(Arrays.stream(ErrorCode.values())
        .filter(code -> !all.contains("ErrorCode." + code.name()) && !all.contains(code.text())))
        .isEmpty();
  }

  @Test
  void everyExceptionOfOursHasACode() throws IOException {
    var without = new ArrayList<String>();
    for (var file : productSources()) {
      var name = file.getFileName().toString().replace(".java", "");
      if (name.endsWith("Exception") && !OF_PROCESSES.contains(name) && !OF_USERS.contains(name)
          && !OF_PARTS.contains(name) && !name.equals("MetadataException")) {
        var source = Files.readString(file);
        if (BARE.matcher(source).find()) {
          without.add(name);
        }
      }
    }

    assertThat(without).isEmpty();
  }

  /// By code, in the order of the page.
  private static Map<String, String> sections() throws IOException {
    var page = page();
    var sections = new TreeMap<String, String>();
    var heading = HEADING.matcher(page);
    while (heading.find()) {
      var rest = page.substring(heading.end());
      var next = Pattern.compile("(?m)^##").matcher(rest);
      var before = sections.put(heading.group(1), next.find()
          ? rest.substring(0, next.start())
          : rest);
      assertThat(before).as("two sections of " + heading.group(1)).isNull();
    }
    return sections;
  }

  /// As pages on the web name a heading.
  private static String slug(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
  }

  private static List<Path> productSources() throws IOException {
    var files = new ArrayList<Path>();
    try (var modules = Files.newDirectoryStream(root(), "heddle-*")) {
      for (var module : modules) {
        var sources = module.resolve("src/main/java");
        if (Files.isDirectory(sources)) {
          try (var all = Files.walk(sources)) {
            all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
          }
        }
      }
    }
    assertThat(files).hasSizeGreaterThan(100);
    return files;
  }

  private static String page() throws IOException {
    return Files.readString(root().resolve("docs/troubleshooting.md"));
  }

  private static Path root() {
    for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("docs/troubleshooting.md"))) {
        return at;
      }
    }
    throw new AssertionError("no docs/troubleshooting.md here or above");
  }
}
