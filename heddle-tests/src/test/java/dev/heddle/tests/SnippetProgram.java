package dev.heddle.tests;

import dev.heddle.tests.Page.Block;
import dev.heddle.tests.Page.Line;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;

/// A snippet of a page as a Java source, each line of which knows where it comes from.
///
/// The comment before a snippet says what it is, and may go on with lines that readers do not see and that come first:
///
/// - nothing: a whole source file if it begins with an import; else statements, with `client` at hand;
/// - `continues`: the statements go on where those of the snippet before ended;
/// - `members`: methods and types of a class; the lines that readers do not see are statements that use them, or more
///   members if it is a test;
/// - `compile only: REASON`: it is not run;
/// - `tested: CLASS`: that test has it, letter for letter, and runs it, as it takes libraries that are not here;
/// - `other: SYSTEM`: it is not ours, and not looked at.
///
/// What is printed is in comments at the ends of lines, `// → 42`, and in lines of such a comment alone; `…` stands for
/// anything. After a line that prints nothing, the comment has the value of its expression or variable.
final class SnippetProgram {
  private static final String IMPORTS = "import module java.base; import module java.net.http;"
      + " import dev.heddle.*; import dev.heddle.cluster.*; import dev.heddle.junit.*;"
      + " import static org.assertj.core.api.Assertions.assertThat; ";
  private static final Pattern PRINTED = Pattern.compile("(.*?)\\s*// → (.*)");
  private static final Pattern ASSIGNED = Pattern.compile("\\s*(?:[^\"=(]+ )?(\\w+) = .*;");
  private static final Pattern CLASS = Pattern.compile("(?:public |final )*class (\\w+).*");
  private static final Pattern EXPRESSION = Pattern.compile("\\s*(.*);");

  /// A line that is printed.
  ///
  /// @param place of the comment that says so
  record Printed(String place, Pattern text) {}

  private final Page page;
  private final String place;
  private final String packageName;
  private final boolean isRun;
  private final boolean isWhole;
  private final boolean hasMembers;
  private final List<Line> hidden;
  private final List<Line> shown;
  private final List<Printed> printed = new ArrayList<>();

  private SnippetProgram(Block block, int number) {
    var comment = block.comment();
    var says = comment.isEmpty() ? "" : comment.getFirst().text();
    page = block.page();
    place = block.place();
    packageName = "snippets.of" + number;
    isRun = !says.startsWith("compile only");
    hasMembers = says.startsWith("members");
    hidden = comment.isEmpty() ? List.of() : comment.subList(1, comment.size());
    shown = new ArrayList<>(block.lines());
    isWhole = !hasMembers && shown.getFirst().text().startsWith("import ");
  }

  /// All of a page's, in order.
  ///
  /// @param number of the first
  static List<SnippetProgram> of(Page page, int number) {
    var programs = new ArrayList<SnippetProgram>();
    for (var block : page.blocks()) {
      var says = block.comment().isEmpty() ? "" : block.comment().getFirst().text();
      if (!block.language().equals("java") || says.startsWith("other: ")
          || says.startsWith("tested: ")) {
        continue;
      }
      if (says.equals("continues")) {
        var before = programs.getLast();
        before.shown.addAll(block.comment().subList(1, block.comment().size()));
        before.shown.addAll(block.lines());
      } else {
        programs.add(new SnippetProgram(block, number + programs.size()));
      }
    }
    return programs;
  }

  String place() {
    return place;
  }

  boolean isRun() {
    return isRun;
  }

  /// Whether it is to be run as tests are.
  boolean isTest() {
    return shown.stream().anyMatch(line -> line.text().contains("@HeddleTest"));
  }

  /// The class to run.
  String className() {
    return packageName + "." + (isWhole ? nameOfClass() : "Program");
  }

  private String nameOfClass() {
    return shown.stream().map(line -> CLASS.matcher(line.text())).filter(Matcher::matches)
        .map(found -> found.group(1)).findFirst()
        .orElseThrow(() -> new AssertionError(place + ": no class"));
  }

  /// What it prints. Known once its [#source] was asked for.
  List<Printed> printed() {
    return printed;
  }

  /// @param address of the scheduler that programs connect to
  Source source(String address) {
    var lines = new ArrayList<Line>();
    var first = hidden.isEmpty() ? shown.getFirst() : hidden.getFirst();
    if (isWhole) {
      lines.add(new Line(first.number(), "package " + packageName + ";"));
      lines.addAll(hidden);
      lines.addAll(shown);
    } else {
      lines.add(new Line(first.number(), "package " + packageName + "; " + IMPORTS
          + "public class Program {"));
      lines.addAll(hasMembers ? shown : List.of());
      lines.addAll(isTest() ? hidden : List.of());
      lines.add(new Line(first.number(),
          "public static void main(String[] arguments) throws Exception {"
              + " try (Client client = Heddle.connect()) { run(client); } }"
              + " static void run(Client client) throws Exception {"));
      lines.addAll(isTest() ? List.of() : hidden);
      lines.addAll(hasMembers ? List.of() : shown);
      lines.add(new Line(shown.getLast().number(), "}}"));
    }
    printed.clear();
    return new Source(this, lines.stream().map(line -> new Line(line.number(),
        checked(line).replace("Heddle.connect()", "Heddle.connect(\"" + address + "\")")
            .replace("heddle://localhost:8786", address)))
        .toList());
  }

  /// Has a line print what its comment says.
  private String checked(Line line) {
    var found = PRINTED.matcher(line.text());
    if (!found.matches()) {
      return line.text();
    }
    printed.add(new Printed(placeOf(line.number()), Pattern.compile(Pattern.compile("…")
        .splitAsStream(found.group(2) + " ").map(String::stripTrailing).map(Pattern::quote)
        .collect(Collectors.joining(".*")))));
    var code = found.group(1);
    var assigned = ASSIGNED.matcher(code);
    var expression = EXPRESSION.matcher(code);
    if (code.isBlank() || code.contains("System.out.print")) {
      return code;
    } else if (assigned.matches()) {
      return code + " System.out.println(" + assigned.group(1) + ");";
    } else if (expression.matches()) {
      return "System.out.println(" + expression.group(1) + ");";
    }
    throw new AssertionError(placeOf(line.number()) + ": nothing to compare in " + code);
  }

  private String placeOf(int line) {
    return page.name() + ":" + line;
  }

  /// Its text.
  static final class Source extends SimpleJavaFileObject {
    private final SnippetProgram program;
    private final List<Line> lines;

    private Source(SnippetProgram program, List<Line> lines) {
      super(URI.create("string:///" + program.className().replace('.', '/') + ".java"),
          JavaFileObject.Kind.SOURCE);
      this.program = program;
      this.lines = lines;
    }

    @Override
    public CharSequence getCharContent(boolean ignored) {
      return lines.stream().map(Line::text).collect(Collectors.joining("\n"));
    }

    /// Where on its page a line of this is.
    String placeOf(long line) {
      return program.placeOf(lines.get(Math.clamp(line, 1, lines.size()) - 1).number());
    }

    boolean isOf(SnippetProgram other) {
      return program == other;
    }
  }
}
