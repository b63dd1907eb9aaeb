package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void versionNamesTheBuiltVersionAndTheJava() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).matches("(?s)heddle \\d+\\.\\d+\\.\\d+.* \\(Java 25.*\\)\\R")
        .doesNotContain("${");
  }

  @Test
  void noCommandIsAUsageErrorWithTheHelpOnStandardError() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).startsWith("heddle: no command given (HDL-0051)\n")
        .contains("Usage: heddle", "worker", "demo");
    assertThat(out.toString()).isEmpty();
  }

  private int run(String... arguments) {
    return Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
        .execute(arguments);
  }
}
