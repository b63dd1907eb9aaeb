package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {
  @ParameterizedTest
  @CsvSource({"heddle://host:1234, host, 1234", "host:1, host, 1", "host, host, 8786",
      "HEDDLE://host/, host, 8786", "'[::1]:99', ::1, 99", "heddle://10.0.0.7:8786, 10.0.0.7, 8786",
      "' host ', host, 8786"})
  void anAddressIsReadInAnyOfItsForms(String text, String host, int port) {
    var address = Address.parse(text);
    assertThat(address).isEqualTo(new Address(host, port));
    assertThat(Address.parse(address.toString())).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http://host:1", "heddle://", "host:port", "a b",
      "heddle://user@host", "host/path", "host?x"})
  void anAddressThatIsNoneIsRefusedWithWhatWasGiven(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Address.parse(text))
        .withMessageContaining("address").withMessageContaining(text);
  }

  @Test
  void aPortHas16Bits() {
    assertThatIllegalArgumentException().isThrownBy(() -> Address.parse("host:70000"))
        .withMessage("port 70000 of host is not between 0 and 65535 (HDL-0007)");
  }

  @Test
  void aKeyIsPrintableTextOfLimitedLength() {
    assertThat(Key.of("k".repeat(Key.BYTES_MAX)).text()).hasSize(Key.BYTES_MAX);
    assertThat(Key.of("größe 漢字 🧵").text()).isEqualTo("größe 漢字 🧵");
    for (var bad : new String[]{"", "a\nb", "\u0000", "k".repeat(Key.BYTES_MAX + 1),
        "漢".repeat(400), "half \uD83E", "\uDDF5 half"}) {
      assertThatIllegalArgumentException().isThrownBy(() -> Key.of(bad));
    }
  }

  @Test
  void aFailuresMessageIsCutWhereItGetsAbsurd() {
    var failure = new Failure("E", "m".repeat(Failure.MESSAGE_CHARACTERS_MAX + 5), List.of(), 0,
        Optional.empty(), List.of(), Optional.empty());
    assertThat(failure.message()).endsWith("m… (5 characters more)");
  }

  @Test
  void memoryIsMadeForWholeElementsOnly() {
    assertThatIllegalArgumentException().isThrownBy(() -> Bulk.Kind.LONG.allocate(12));
    assertThatIllegalArgumentException().isThrownBy(() -> Bulk.Kind.BYTE.allocate(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> Bulk.Kind.BYTE.allocate(1L << 31));
    assertThat(Bulk.Kind.DOUBLE.allocate(24).array()).isInstanceOfSatisfying(double[].class,
        array -> assertThat(array).hasSize(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHORT", "CHAR", "INT", "LONG", "FLOAT", "DOUBLE"})
  void swappingReversesTheBytesOfEachElement(String name) {
    var kind = Bulk.Kind.valueOf(name);
    var size = kind.elementBytes();
    var bulk = ConversationTest.filled(kind, 3L * size);
    var before = bulk.segment().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    var after = Bulks.swap(bulk).segment().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    for (var i = 0; i < before.length; i++) {
      assertThat(after[i]).isEqualTo(before[i / size * size + size - 1 - i % size]);
    }
  }
}
