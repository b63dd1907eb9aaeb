package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a program prints that did not expect its task to fail, three levels below what it waits for.
class FailureTraceTest {
  private static final int LINES_MAX = 25;
  private static final String CENSUS = """
      import dev.heddle.cluster.LocalCluster;
      import java.util.List;

      public class Census {
        static class OrderException extends RuntimeException {
          OrderException(String message, Throwable cause) { super(message, cause); }
        }

        static int parse(String text) {
          try {
            return Integer.parseInt(text);
          } catch (NumberFormatException e) {
            throw new OrderException("no number of " + text, e);
          }
        }

        public static void main(String[] arguments) throws Exception {
          try (var cluster = LocalCluster.processes(1)) {
            var client = cluster.client();
            var counts = client.map(List.of("1", "2", "x", "4"), (String text) -> parse(text));
            var doubled = client.map(counts, n -> 2 * n);
            var total = client.reduce(doubled, Integer::sum);
            total.get();
          }
        }
      }
      """;

  @TempDir
  Path directory;

  private String printed(String... options) throws IOException, InterruptedException {
    try (var program = UserProgram.compile(directory, List.of(), CENSUS);
        var process = JvmProcess.start(Map.of(), List.of(options),
            JvmProcess.classPathOfHeddle() + File.pathSeparator + program.classPath(),
            "org.example.Census")) {
      assertThat(process.awaitExit()).as("%s", process).isEqualTo(1);
      return process.output().lines().dropWhile(line -> !line.startsWith("Exception in thread"))
          .takeWhile(line -> line.matches("(Exception in|Caused by|\\s).*"))
          .collect(Collectors.joining("\n", "", "\n"));
    }
  }

  @Test
  void theTraceIsShortAndHasTheWorkersLinesTheSubmittingLineAndTheChain() throws Exception {
    var printed = printed();
    Golden.check("failure-trace", printed);
    assertThat(printed.lines()).hasSizeLessThanOrEqualTo(LINES_MAX);
  }

  @Test
  void whoWantsToSeesHeddlesFramesToo() throws Exception {
    assertThat(printed("-Dheddle.fullStackTraces"))
        .contains("at dev.heddle.worker.Functions$Call.run(", "at dev.heddle.Handle.get(")
        .doesNotContain("shows them");
  }
}
