package dev.heddle.examples;

import dev.heddle.Client;
import dev.heddle.Heddle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Counts words in text files: one task a file, then the counts are added up in a tree, where they
/// are. Workers read the files, so each must see them under the same path.
///
/// `heddle run --jar heddle-examples.jar dev.heddle.examples.WordCount PATH…`
public final class WordCount {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  private WordCount() {}

  /// Prints the twenty most frequent words in files and directories.
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("name files or directories of text");
    }
    var files = Stream.of(arguments).map(Path::of).flatMap(WordCount::filesIn).toList();
    try (var client = Heddle.connect()) {
      of(client, files).entrySet().stream()
          .sorted(Map.Entry.<String, Long>comparingByValue().reversed()
              .thenComparing(Map.Entry.comparingByKey()))
          .limit(20).forEach(word -> System.out.println(word.getValue() + "\t" + word.getKey()));
    }
  }

  /// How often each word is in the files, in lower case.
  public static Map<String, Long> of(Client client, List<Path> files) throws Exception {
    if (files.isEmpty()) {
      return Map.of();
    }
    var names = files.stream().map(file -> file.toAbsolutePath().toString()).toList();
    var counts = client.map(names, WordCount::inFile);
    return client.reduce(counts, WordCount::added).get();
  }

  /// Runs on a worker.
  static Map<String, Long> inFile(String file) throws IOException {
    var counts = new HashMap<String, Long>();
    try (var lines = Files.lines(Path.of(file))) {
      lines.forEach(line -> WORD.matcher(line.toLowerCase(Locale.ROOT)).results()
          .forEach(word -> counts.merge(word.group(), 1L, Long::sum)));
    }
    return counts;
  }

  /// Runs on a worker. Inputs are never changed: other tasks may need them too.
  static Map<String, Long> added(Map<String, Long> one, Map<String, Long> other) {
    var sum = new HashMap<>(one);
    other.forEach((word, count) -> sum.merge(word, count, Long::sum));
    return sum;
  }

  private static Stream<Path> filesIn(Path path) {
    try (var walk = Files.walk(path)) {
      return walk.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
