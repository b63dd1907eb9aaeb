package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void theLauncherSaysWhichStreamIsATerminalAndHowWide() {
    var properties = properties("heddle.home", "/h", "heddle.stderr.columns", "132");
    assertThat(Terminal.of(Terminal.Stream.ERR, properties, Map.of(), () -> false))
        .isEqualTo(new Terminal(true, true, 132));
    assertThat(Terminal.of(Terminal.Stream.OUT, properties, Map.of(), () -> true))
        .isEqualTo(new Terminal(false, false, 120));
  }

  @Test
  void withoutTheLauncherTheConsoleDecides() {
    assertThat(Terminal.of(Terminal.Stream.OUT, properties(), Map.of(), () -> true))
        .isEqualTo(new Terminal(true, true, 80));
    assertThat(Terminal.of(Terminal.Stream.OUT, properties(), Map.of(), () -> false).interactive())
        .isFalse();
  }

  @Test
  void noColorIsRespectedWhenItIsNotEmpty() {
    assertThat(Terminal.of(Terminal.Stream.OUT, properties(), Map.of("NO_COLOR", "1"), () -> true))
        .isEqualTo(new Terminal(true, false, 80));
    assertThat(
        Terminal.of(Terminal.Stream.OUT, properties(), Map.of("NO_COLOR", ""), () -> true).color())
        .isTrue();
  }

  @Test
  void aDumbTerminalIsTreatedAsAPipe() {
    assertThat(
        Terminal.of(Terminal.Stream.OUT, properties(), Map.of("TERM", "dumb"), () -> true)
            .interactive())
        .isFalse();
  }

  @Test
  void aWidthThatMakesNoSenseIsNotBelieved() {
    for (var width : new String[]{"0", "", "wide", "-5", "99999999999"}) {
      assertThat(Terminal.of(Terminal.Stream.OUT,
          properties("heddle.home", "/h", "heddle.stdout.columns", width), Map.of(), () -> true)
          .columns()).isEqualTo(80);
    }
  }

  private static Properties properties(String... pairs) {
    var properties = new Properties();
    for (var i = 0; i < pairs.length; i += 2) {
      properties.setProperty(pairs[i], pairs[i + 1]);
    }
    return properties;
  }
}
