package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTest {
  private static final String DIGITS_18 = "123456789012345678";

  private static Stream<String> texts() {
    return Stream.of("x", "x1", "x10", "x01", "x010", "x0", "x00", "0", "00", "007", "7", "x-1/2",
        "grüße-7", "a" + DIGITS_18, "a" + DIGITS_18 + "9", "a0" + DIGITS_18, DIGITS_18,
        "a" + "0".repeat(30), "a٣", "x".repeat(1000) + "5", "😀3");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void isItsText(String text) throws ProtocolException {
    var key = Key.of(text);
    assertThat(key.text()).isEqualTo(text);
    assertThat(key.length()).isEqualTo(text.length());
    assertThat(key).isEqualTo(Key.of(text)).hasSameHashCodeAs(Key.of(text));
    assertThat(key.startsWith(text)).isTrue();
    assertThat(key.startsWith(text + "1")).isFalse();
    var out = new Encoder(new byte[16], 1 << 20);
    out.text(text);
    var asText = Arrays.copyOf(out.bytes(), out.size());
    out.reset(new byte[16]);
    out.key(key);
    out.key(key);
    assertThat(Arrays.copyOf(out.bytes(), asText.length)).isEqualTo(asText);
    var in = new Decoder(Arrays.copyOf(out.bytes(), out.size()));
    assertThat(in.key()).isEqualTo(key);
    assertThat(in.key()).as("when its stem is known").isEqualTo(key).hasToString(text);
    in.end();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-", "x", "x0", "x9", ""})
  void aStemAndANumberAreTheTextOfBoth(String stem) {
    for (var number : List.of(0L, 7L, 10L, 123_456_789_012_345_678L, Long.MAX_VALUE)) {
      assertThat(KeyStem.of(stem).key(number)).isEqualTo(Key.of(stem + number));
    }
  }

  /// As every language orders bytes.
  @Test
  void isOrderedByItsBytes() {
    var random = new Random(17);
    var letters = List.of("0", "1", "9", "a", "/", "ü", "\uE000", "😀");
    for (var i = 0; i < 20_000; i++) {
      var one = any(random, letters);
      var other = any(random, letters);
      assertThat(Integer.signum(Key.of(one).compareTo(Key.of(other)))).as("%s and %s", one, other)
          .isEqualTo(Integer.signum(Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8),
              other.getBytes(StandardCharsets.UTF_8))));
      assertThat(Key.of(one).equals(Key.of(other))).isEqualTo(one.equals(other));
    }
  }

  private static String any(Random random, List<String> letters) {
    var text = new StringBuilder();
    for (var i = 0; i <= random.nextInt(5); i++) {
      text.append(letters.get(random.nextInt(letters.size())));
    }
    return text.toString();
  }

  @Test
  void whatCannotBeAKeyIsSaid() {
    assertThatIllegalArgumentException().isThrownBy(() -> Key.of(""));
    assertThatIllegalArgumentException().isThrownBy(() -> Key.of("a\n1")).withMessageContaining(
        "position 1");
    assertThatIllegalArgumentException().isThrownBy(() -> Key.of("ä".repeat(513)));
    assertThatIllegalArgumentException().isThrownBy(() -> KeyStem.of("a\n"));
    assertThatIllegalArgumentException().isThrownBy(() -> KeyStem.of("x".repeat(1020)));
    assertThat(TaskKeys.element(Key.of("x".repeat(TaskKeys.GROUP_BYTES_MAX)), Integer.MAX_VALUE)
        .length()).isLessThan(Key.BYTES_MAX);
    assertThatIllegalArgumentException().isThrownBy(() -> new Message.SubmitMap(1,
        Key.of("ä".repeat(TaskKeys.GROUP_BYTES_MAX / 2 + 1)), 0, new Callee.Known(1), List.of(),
        List.of(), TaskSettings.DEFAULT, false)).withMessageContaining("at most 1005");
    assertThatIllegalArgumentException().isThrownBy(() -> Key.of("\uD83D1"));
  }
}
