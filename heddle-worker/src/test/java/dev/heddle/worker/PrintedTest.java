package dev.heddle.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Key;
import dev.heddle.worker.Printed.Stream;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrintedTest {
  private static final Key A = Key.of("a");
  private final Printed printed = new Printed();

  @Test
  void linesAreKeptWithTheirStreamAndPiecesArePutTogether() {
    print(A, Stream.OUT, "he");
    print(A, Stream.ERR, "bad\r\n");
    print(A, Stream.OUT, "llo\n\nbeg");
    assertThat(lines(A)).containsExactly("err  bad", "out  hello", "out  ", "out  beg");
    assertThat(printed.text(Key.of("b")).known()).isFalse();
  }

  @Test
  void aTaskKeepsItsLastLinesAndTellsHowManyHadToGo() {
    for (var i = 0; i < 100_000; i++) {
      print(A, Stream.OUT, "line " + i + "\n");
    }
    assertThat(printed.bytes()).isLessThanOrEqualTo(Printed.TASK_BYTES_MAX);
    var lines = lines(A);
    assertThat(lines.getLast()).isEqualTo("out  line 99999");
    assertThat(lines.getFirst()).startsWith("...  " + (100_000 - (lines.size() - 1))
        + " lines before are gone");
    assertThat(lines.size()).isGreaterThan(1_000);
  }

  @Test
  void aLineWithoutEndIsKeptInPieces() {
    for (var i = 0; i < 1_000; i++) {
      print(A, Stream.OUT, "x".repeat(1_000));
    }
    assertThat(printed.bytes())
        .isLessThanOrEqualTo(Printed.TASK_BYTES_MAX + Printed.LINE_BYTES_MAX);
    assertThat(lines(A)).allMatch(line -> line.length() < Printed.LINE_BYTES_MAX + 10);
  }

  @Test
  void aWorkerKeepsTheTasksThatBeganToPrintLastAndRemembersThatOthersDid() {
    for (var task = 0; task < 1_000; task++) {
      print(Key.of("task-" + task), Stream.OUT, ("y".repeat(999) + "\n").repeat(20));
    }
    assertThat(printed.bytes()).isLessThanOrEqualTo(Printed.WORKER_BYTES_MAX);
    assertThat(lines(Key.of("task-999"))).hasSize(20);
    assertThat(lines(Key.of("task-0"))).singleElement().asString()
        .startsWith("...  20 lines before are gone");
    print(Key.of("task-0"), Stream.OUT, "again\n");
    assertThat(lines(Key.of("task-0"))).hasSize(2).last().isEqualTo("out  again");
  }

  private void print(Key key, Stream stream, String text) {
    var bytes = text.getBytes(UTF_8);
    printed.add(key, stream, bytes, 0, bytes.length, UTF_8);
  }

  /// Without the times.
  private List<String> lines(Key key) {
    return printed.text(key).text().lines().map(line -> line.replaceFirst("^[^ ]+ {2}", ""))
        .toList();
  }
}
