package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// What Heddle says to people, each text in a file of `src/test/resources/dev/heddle/tests/golden`, so that whoever
/// changes it reads it as a whole. To write the files anew, and then read the difference:
/// `./mvnw -pl heddle-tests -am verify -Dtest='MessagesTest,DeathsTest,WorkerDeathTest,FailureTraceTest' -Dsurefire.failIfNoSpecifiedTests=false -Dheddle.golden=write`
final class Golden {
  private static final Path DIRECTORY = Path
      .of("src/test/resources/dev/heddle/tests/golden");
  private static final boolean WRITES = "write".equals(System.getProperty("heddle.golden"));

  /// What is another at each run, on each machine, or with another JDK, by what stands for it.
  private static final Map<Pattern, String> VARYING = varying();

  private Golden() {}

  private static Map<Pattern, String> varying() {
    var all = new LinkedHashMap<String, String>();
    all.put("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "INSTANT");
    all.put("\\b\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\b", "CLOCK");
    // Keys: a name, a tag of the client and a number.
    all.put("\\b(\\w[\\w.]*)-[a-z0-9]{9}-\\d+", "$1-K");
    all.put("\\(([\\w.-]+), process \\d+\\)", "(HOST, process PID)");
    all.put("\\bpid \\d+", "pid PID");
    all.put("\\bworker-\\d+\\b", "worker-N");
    all.put("client-\\d+", "client-PID");
    all.put("(127\\.0\\.0\\.1|localhost):(?!1\\b)\\d+", "$1:PORT");
    all.put(
        "(?<=[^\\w.])(less than )?\\d[\\d.,]*( m?s| min( \\d+ s)?| h( \\d+ min)?)\\b(?! at most)",
        "T");
    // What freed the slot, or else that the task came.
    all.put("ready -> running  because .*", "ready -> running  because EVENT");
    // A worker that dies within its first second has had no time for a word.
    all.put("\n  by its last word, [^;\n]*;", "\n ");
    all.put("heap was [\\d,]+ of [\\d,]+ MiB full", "heap was N of N MiB full");
    all.put("values took [\\d,]+ of [\\d,]+ MiB", "values took N of N MiB");
    all.put("it used \\d+ % of a core", "it used N % of a core");
    all.put("\\$[0-9a-f]{5,8}\\$", "\\$H\\$");
    all.put("\\(\\d+ frames;", "(N frames;");
    all.put("(java\\.base/.*):\\d+\\)", "$1:N)");
    all.put("\\.\\.\\. \\d+ more", "... N more");
    var patterns = new LinkedHashMap<Pattern, String>();
    all.forEach((pattern, text) -> patterns.put(Pattern.compile(pattern), text));
    return patterns;
  }

  static String normal(String text) {
    var normal = text;
    for (var each : VARYING.entrySet()) {
      normal = each.getKey().matcher(normal).replaceAll(each.getValue());
    }
    return normal;
  }

  /// That `text` is what the file says, but for what varies.
  static void check(String name, String text) throws IOException {
    var file = DIRECTORY.resolve(name + ".txt");
    var normal = normal(text).stripTrailing() + "\n";
    if (WRITES) {
      Files.createDirectories(DIRECTORY);
      Files.writeString(file, normal);
    }
    assertThat(file).as("the golden file, which -Dheddle.golden=write makes").exists();
    assertThat(normal).as("what %s is to say; if it is better now, run it with"
        + " -Dheddle.golden=write, and read the difference", file)
        .isEqualTo(Files.readString(file));
  }
}
