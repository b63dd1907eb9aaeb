package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MistakesTest {
  @ParameterizedTest
  @CsvSource({"wrker,worker", "wroker,worker", "worke,worker", "pnig,ping", "whohas,who-has",
      "metdata,metadata", "dmeo,demo", "hlep,help", "meta,metadata", "comp,"})
  void aTypoInACommandSuggestsTheRightWord(String typed, String meant) {
    var ended = new CommandLines(Map.of()).run(typed);
    assertThat(ended).isEqualTo(new CommandLines.Ended(2, "", "heddle: unknown command '" + typed
        + "'" + (meant == null ? "" : "; did you mean '" + meant + "'?")
        + " (HDL-0051)\nsee: heddle help\n"));
  }

  @Test
  void aTypoAfterHelpSuggestsTheRightWordToo() {
    assertThat(new CommandLines(Map.of()).run("help", "wrker").err())
        .startsWith("heddle: unknown command 'wrker'; did you mean 'worker'?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--prot", "--prot=3"})
  void aTypoInAnOptionSuggestsTheRightOne(String option) {
    assertThat(new CommandLines(Map.of()).run("worker", option)).isEqualTo(new CommandLines.Ended(2,
        "",
        "heddle: unknown option '--prot'; did you mean '--port'? (HDL-0051)\nsee: heddle worker --help\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"who-has|missing required parameter: 'KEY'",
      "get a b|'b' is one word too many",
      "worker --port x|invalid value for option '--port': 'x' is not an int",
      "worker --lease 5y|'5y' is no duration: the unit is ms", "metadata --port 99999|port 99999",
      "ping foo://x|cannot read the address 'foo://x'", "workers -m a:b:c|cannot read the address",
      "demo --workers 0|at least 1 worker"})
  void aMistakeIsTwoLinesAtMostAndExitCodeTwo(String commandLineAndMessage) {
    var parts = List.of(commandLineAndMessage.split("\\|", 2));
    var ended = new CommandLines(Map.of()).run(parts.getFirst().split(" ", -1));
    assertThat(ended.status()).as(ended.err()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains(parts.getLast()).hasLineCount(ended.err().contains("see: ")
        ? 2
        : 1);
  }

  @Test
  void aWordThatResemblesNothingSuggestsNothing() {
    assertThat(Mistakes.nearest("xyzzy", List.of("worker", "workers", "get"))).isEmpty();
  }

  @Test
  void equallyNearWordsAreAllSuggested() {
    assertThat(Mistakes.nearest("bar", List.of("bat", "baz", "worker")))
        .containsExactly("bat", "baz");
  }
}
