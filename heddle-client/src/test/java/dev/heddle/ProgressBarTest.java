package dev.heddle;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long now = 1_000;

  @Test
  void aPersonSeesOneLineThatIsOverwritten() {
    try (var bar = bar(new Terminal(true, false, 60), UTF_8)) {
      pass(100);
      bar.update(50, 100, "2 workers");
      pass(100);
      bar.update(100, 100, "2 workers");
    }
    assertThat(text()).isEqualTo(
        "\r\u001b[Kcensus  " + "█".repeat(12) + "░".repeat(12) + "   50 %  50/100  2 workers"
            + "\r\u001b[Kcensus  " + "█".repeat(23) + "  100 %  100/100  2 workers\n");
  }

  @Test
  void itIsDrawnTenTimesASecondAtMostAndTheLastStateAlways() {
    try (var bar = bar(new Terminal(true, false, 60), UTF_8)) {
      for (var done = 1; done <= 1_000; done++) {
        pass(1);
        bar.update(done, 1_000, "");
      }
    }
    assertThat(text().chars().filter(c -> c == '\r').count()).isEqualTo(10);
    assertThat(text()).endsWith("100 %  1000/1000\n");
  }

  @Test
  void colorIsLeftOutWhenItIsNotWanted() {
    try (var bar = bar(new Terminal(true, true, 60), UTF_8)) {
      bar.update(1, 2, "");
    }
    assertThat(text()).contains("\u001b[36m");
  }

  @Test
  void aPipeGetsALineNowAndThenAndTheLast() {
    try (var bar = bar(new Terminal(false, false, 120), UTF_8)) {
      for (var second = 1; second <= 12; second++) {
        pass(1_000);
        bar.update(second, 12, "2 workers");
      }
    }
    assertThat(text()).isEqualTo("""
        census: 41 %, 5 of 12, 2 workers
        census: 83 %, 10 of 12, 2 workers
        census: 100 %, 12 of 12, 2 workers
        """);
  }

  @Test
  void aNarrowTerminalIsNeverOverrun() {
    try (var bar = bar(new Terminal(true, false, 20), UTF_8)) {
      bar.update(1, 2, "a note that is far too long");
    }
    assertThat(text().replace("\r\u001b[K", "").strip().length()).isLessThan(20);
  }

  @Test
  void withoutUnicodeItIsDrawnInAscii() {
    try (var bar = bar(new Terminal(true, false, 60), US_ASCII)) {
      bar.update(1, 2, "");
    }
    assertThat(text()).contains("####").contains("----");
  }

  @Test
  void nothingIsWrittenWhenNothingHappened() {
    bar(new Terminal(true, false, 60), UTF_8).close();
    assertThat(text()).isEmpty();
  }

  @Test
  void strangeTotalsDoNotBreakIt() {
    try (var bar = bar(new Terminal(true, false, 60), UTF_8)) {
      bar.update(0, 0, "");
      pass(100);
      bar.update(7, 5, "");
    }
    assertThat(text()).endsWith("100 %  7/5\n");
  }

  private ProgressBar bar(Terminal terminal, Charset charset) {
    return new ProgressBar(new PrintStream(bytes, false, charset), terminal, "census", () -> now);
  }

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private String text() {
    return bytes.toString(UTF_8);
  }
}
