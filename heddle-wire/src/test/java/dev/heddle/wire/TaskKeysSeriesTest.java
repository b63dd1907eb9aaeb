package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a key says of its task is the same whether or not its series is known.
class TaskKeysSeriesTest {
  @ParameterizedTest
  @CsvSource({"count-abcdefghi-17, 17", "count-abcdefghi-17/4, 21", "c-abcdefghi-0, 0",
      "c-abcdefghi-0/0, 0", "c-abcdefghi-07, 7", "c-abcdefghi-7/, ", "c-abcdefghi-, ",
      "c-abcdefghi-7/3/5, ", "a/b-abcdefghi-7, ", "-abcdefghi-7, ", "c-xbcdefghi-7, ",
      "c-abcDefghi-7, ", "c-abcdefghi-x7, ", "c-d-abcdefghi-7, 7", "c-abcdefghi-7/a4, "})
  void saysWhoseTaskItIs(String text, Long number) {
    var key = Key.of(text);
    var client = new ClientId("defghi");
    var numbered = TaskKeys.numberedOf(key, "abc");
    if (number == null) {
      assertThat(numbered).isEmpty();
      assertThat(TaskKeys.isOf(key, "abc")).isFalse();
    } else {
      assertThat(numbered).contains(new TaskKeys.Numbered(client, number));
      assertThat(TaskKeys.isOf(key, "abc")).isTrue();
      assertThat(TaskKeys.isOf(key, "abc", client, number)).isTrue();
      assertThat(TaskKeys.isOf(key, "abc", client, number + 1)).isFalse();
      assertThat(TaskKeys.isOf(key, "abd", client, number)).isFalse();
      assertThat(TaskKeys.isOf(key, "abc", new ClientId("defghj"), number)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"count-abcdefghi-17, count", "count-abcdefghi-17/4, count", "c-d-abcdefghi-7, c-d",
      "prices@abcdefghijklm, prices", "prices-2026@abcdefghijklm, prices-2026",
      "count-0123456789abcdef@abcdefghijklm, count", "x, x", "x-1, x-1"})
  void saysWhatItsTaskIsCalled(String text, String name) {
    assertThat(TaskKeys.nameOf(Key.of(text))).isEqualTo(name);
  }
}
