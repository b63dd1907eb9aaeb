package dev.heddle.values;

import static dev.heddle.values.Fixtures.CLASSES;
import static dev.heddle.values.Fixtures.VALUES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CodecTest {
  /// Not serializable, and no record.
  static final class Odd {
    final String text;

    Odd(String text) {
      this.text = text;
    }
  }

  private record OddCodec(int id) implements Codec {
    @Override
    public Optional<Payload> encode(@Nullable Object value, ClassResolver classes)
        throws IOException {
      if (!(value instanceof Odd odd)) {
        return Optional.empty();
      }
      if (odd.text.isEmpty()) {
        throw new IOException("nothing in it");
      }
      return Optional.of(new Payload(id, List.of(), odd.text.getBytes(StandardCharsets.UTF_8),
          List.of()));
    }

    @Override
    public Object decode(Payload payload, ClassResolver classes) {
      return new Odd(new String(payload.header(), StandardCharsets.UTF_8));
    }
  }

  private static Values with(Codec... codecs) {
    return new Values(CLASSES, ValueLimits.defaults(), List.of(codecs));
  }

  @Test
  void aCodecOfAUsersIsAskedFirstAndItsNumberTravels() {
    var values = with(new OddCodec(300));
    var payload = values.encode(new Odd("x"));
    assertThat(payload.codec()).isEqualTo(300);
    assertThat(values.decode(payload)).isInstanceOfSatisfying(Odd.class,
        odd -> assertThat(odd.text).isEqualTo("x"));
    assertThat(values.decode(values.encode(7))).isEqualTo(7);
  }

  @Test
  void itsFailureNamesIt() {
    assertThatThrownBy(() -> with(new OddCodec(300)).encode(new Odd("")))
        .isInstanceOf(UnserializableValueException.class)
        .hasMessageContaining(
            "the codec 300 (" + OddCodec.class.getName() + ") failed on a value of "
                + Odd.class.getName())
        .hasMessageContaining("nothing in it");
  }

  @Test
  void anUnknownNumberSaysWhatIsKnownAndWhatToDo() {
    var payload = with(new OddCodec(300)).encode(new Odd("x"));
    assertThatThrownBy(() -> VALUES.decode(payload)).isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining("codec 300").hasMessageContaining("0 PlainCodec, 1 JdkCodec")
        .hasMessageContaining("META-INF/services/dev.heddle.values.Codec");
  }

  @Test
  void numbersAreCheckedWhenTheNodeStarts() {
    assertThatThrownBy(() -> with(new OddCodec(1)))
        .hasMessageContaining("take one in 256 to 65535");
    assertThatThrownBy(() -> with(new OddCodec(300), new OddCodec(300)))
        .hasMessageContaining("both have number 300");
  }

  @Test
  void noCodecIsInstalledWhereNoneIsNamed() {
    assertThat(Values.installedCodecs()).isEmpty();
    assertThat(new Values(CLASSES).decode(VALUES.encode("x"))).isEqualTo("x");
  }
}
