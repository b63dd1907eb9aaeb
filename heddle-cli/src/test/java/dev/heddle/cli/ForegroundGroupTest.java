package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForegroundGroupTest {
  @Test
  void aProcessIsInTheForegroundIfItsGroupIsTheOneOfTheTerminal() {
    assertThat(ForegroundGroup.isIn("4242 (java) S 4200 4242 4200 34816 4242 4194304 1")).isTrue();
  }

  @Test
  void aProcessInTheBackgroundOrWithoutATerminalIsNot() {
    assertThat(ForegroundGroup.isIn("4242 (java) S 4200 4242 4200 34816 4200 4194304 1")).isFalse();
    assertThat(ForegroundGroup.isIn("4242 (java) S 1 4242 4242 0 -1 4194304 1")).isFalse();
  }

  @Test
  void theNameOfTheProgramMayBeAnything() {
    assertThat(ForegroundGroup.isIn("4242 (a) (b c) S 4200 7 4200 34816 7 4194304 1")).isTrue();
  }
}
