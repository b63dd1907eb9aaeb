package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 300, 16383, 16384, Integer.MAX_VALUE, 1L << 32, 1L << 62,
      Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void numbersOfEverySizeComeBack(long value) throws Exception {
    var out = new Encoder(new byte[1], 1024);
    out.varint(value);
    out.zigzag(value);
    out.fixed64(value);
    var in = in(out);
    assertThat(in.varint()).isEqualTo(value);
    assertThat(in.zigzag()).isEqualTo(value);
    assertThat(in.fixed64()).isEqualTo(value);
    in.end();
  }

  @Test
  void smallNumbersOfEitherSignTakeOneByte() {
    var out = new Encoder(new byte[10], 1024);
    out.zigzag(-1);
    out.zigzag(63);
    out.varint(127);
    assertThat(out.size()).isEqualTo(3);
  }

  @Test
  void aNumberOfMoreThan64BitsIsMalformed() {
    var tooLong = new byte[11];
    Arrays.fill(tooLong, (byte) 0x80);
    assertMalformed(() -> new Decoder(tooLong).varint(), "more than 64 bits");
    var tooBig = new byte[]{-1, -1, -1, -1, -1, -1, -1, -1, -1, 2};
    assertMalformed(() -> new Decoder(tooBig).varint(), "more than 64 bits");
  }

  @Test
  void aTextOfAnyCharactersComesBack() throws Exception {
    for (var text : new String[]{"", "ascii", "äöü", "漢字", "🧵", "a\u0000b", "\uFFFD",
        "x".repeat(200), "x".repeat(127) + "é"}) {
      var out = new Encoder(new byte[1], 1024);
      out.text(text);
      assertThat(in(out).text()).isEqualTo(text);
    }
  }

  @Test
  void aTextThatIsNotUtf8IsMalformed() {
    assertMalformed(() -> new Decoder(new byte[]{2, (byte) 0xC3, 0x28}).text(), "not UTF-8");
    assertMalformed(() -> new Decoder(new byte[]{3, (byte) 0xED, (byte) 0xA0, (byte) 0x80}).text(),
        "not UTF-8");
  }

  @Test
  void aLengthBeyondTheEndIsMalformedAndSaysWhere() {
    assertMalformed(() -> new Decoder(new byte[]{5, 'a', 'b'}).text(),
        "a text of 5 bytes where 2 are left, at byte 1 of 3");
  }

  @Test
  void aCountBeyondWhatFitsIsMalformed() {
    assertMalformed(() -> new Decoder(new byte[]{4, 0, 0, 0, 0, 0, 0}).count("keys", 2),
        "4 keys where 6 bytes are left");
    assertMalformed(
        () -> new Decoder(new byte[]{-1, -1, -1, -1, -1, -1, -1, -1, -1, 1}).count("keys", 2),
        "18446744073709551615 keys");
    assertMalformed(() -> new Decoder(new byte[]{3, 0, 0, 0}).count("frames", 1, 2),
        "at most 2 are allowed");
  }

  @Test
  void aFlagIsZeroOrOne() {
    assertMalformed(() -> new Decoder(new byte[]{2}).flag(), "a flag is 2");
  }

  @Test
  void bytesAfterTheEndAreMalformed() {
    assertMalformed(() -> new Decoder(new byte[3]).end(), "3 bytes too many");
  }

  private static Decoder in(Encoder out) {
    return new Decoder(Arrays.copyOf(out.bytes(), out.size()));
  }

  private static void assertMalformed(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable reading, String what) {
    assertThatThrownBy(reading).isInstanceOf(ProtocolException.class).hasMessageContaining(what);
  }
}
