package dev.heddle.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A page of the documentation.
///
/// @param name from the root of the tree: `docs/start.md`
record Page(String name, List<String> lines) {
  private static final Pattern FENCE = Pattern.compile("\\s*```(\\S*)\\s*");
  private static final Pattern HEADING = Pattern.compile("#{1,6} (.+)");
  private static final String COMMENT = "<!-- snippet";

  /// A line of a page.
  ///
  /// @param number from 1
  record Line(int number, String text) {}

  /// What is between two fences.
  ///
  /// @param number of the line of the first fence
  /// @param language as the fence says, or empty
  /// @param comment the lines of the comment `<!-- snippet … -->` right before, if there is one, without the
  ///     signs that make it one
  record Block(Page page, int number, String language, List<Line> comment, List<Line> lines) {
    String place() {
      return page.name + ":" + number;
    }
  }

  /// Those that people read: the README, and what is in `docs`.
  static List<Page> all() {
    try (Stream<Path> files = Files.walk(root().resolve("docs"))) {
      return Stream.concat(Stream.of("README.md", "CONTRIBUTING.md").map(root()::resolve), files)
          .filter(file -> file.toString().endsWith(".md")).sorted()
          .map(file -> of(root().relativize(file).toString())).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Page of(String name) {
    try {
      return new Page(name, Files.readAllLines(root().resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path root() {
    for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("docs/architecture.md"))) {
        return at;
      }
    }
    throw new AssertionError("no docs/architecture.md here or above");
  }

  List<Block> blocks() {
    var blocks = new ArrayList<Block>();
    List<Line> comment = List.of();
    for (var at = 0; at < lines.size(); at++) {
      var fence = FENCE.matcher(lines.get(at));
      if (lines.get(at).startsWith(COMMENT)) {
        var from = at;
        while (!lines.get(at).endsWith("-->")) {
          at++;
        }
        comment = comment(from, at);
      } else if (fence.matches()) {
        var from = ++at;
        while (!FENCE.matcher(lines.get(at)).matches()) {
          at++;
        }
        blocks.add(new Block(this, from, fence.group(1), comment, numbered(from, at)));
        comment = List.of();
      } else if (!comment.isEmpty()) {
        throw new AssertionError(name + ":" + at + ": a comment about a snippet, and no snippet");
      }
    }
    return blocks;
  }

  private List<Line> comment(int from, int to) {
    return numbered(from, to + 1).stream().map(line -> new Line(line.number,
        line.text.replace(COMMENT, "").replaceFirst("^:", "").replaceFirst("-->$", "").strip()))
        .toList();
  }

  /// @param to the index of the line after the last
  private List<Line> numbered(int from, int to) {
    var numbered = new ArrayList<Line>();
    for (var at = from; at < to; at++) {
      numbered.add(new Line(at + 1, lines.get(at)));
    }
    return numbered;
  }

  /// The lines that are between no fences.
  List<Line> prose() {
    var prose = new ArrayList<Line>();
    var isInside = false;
    for (var line : numbered(0, lines.size())) {
      if (FENCE.matcher(line.text).matches()) {
        isInside = !isInside;
      } else if (!isInside) {
        prose.add(line);
      }
    }
    return prose;
  }

  /// What links can name on this page, as pages on the web name headings.
  Set<String> anchors() {
    var anchors = new LinkedHashSet<String>();
    var times = new HashMap<String, Integer>();
    for (var line : prose()) {
      var heading = HEADING.matcher(line.text);
      if (heading.matches()) {
        var slug = heading.group(1).strip().toLowerCase(Locale.ROOT)
            .replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
        var before = times.merge(slug, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? slug : slug + "-" + before);
      }
    }
    return anchors;
  }
}
