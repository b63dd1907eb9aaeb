package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.ErrorCode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorCommandTest {
  private final CommandLines command = new CommandLines(Map.of());

  @ParameterizedTest
  @EnumSource
  void everyCodeIsExplained(ErrorCode code) {
    var ended = command.run("error", code.text());
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out()).startsWith(code.text() + "  ").doesNotContain("```")
        .doesNotContain("](").hasSizeGreaterThan(80);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HDL-0011", "hdl-0011", "11", "(HDL-0011)"})
  void aCodeIsTakenAsItIsTypedOrCopied(String typed) {
    assertThat(command.run("error", typed).out()).startsWith("HDL-0011  The secrets differ\n\n")
        .contains("\n    the peer at ").contains("HEDDLE_SECRET_FILE");
  }

  @Test
  void withoutACodeAllAreListed() {
    assertThat(command.run("error").out().lines()).hasSize(ErrorCode.values().length + 1);
    assertThat(command.run("error", "--json").out()).contains("\"HDL-0001\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HDL-0010", "nope", "99999", ""})
  void aCodeThatThereIsNotIsSaidSo(String typed) {
    assertThat(command.run("error", typed)).isEqualTo(new CommandLines.Ended(4, "",
        "heddle: there is no error code '" + typed
            + "'; 'heddle error' lists those that there are (HDL-0052)\n"));
  }
}
