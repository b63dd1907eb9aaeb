package dev.heddle.values;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class HeaviestTest {
  private interface Function extends Supplier<Object>, Serializable {}

  @SuppressWarnings("ArrayRecordComponent") // a large value in a field
  private record Words(String language, byte[] text) implements Serializable {}

  @Test
  void theCapturedVariableIsNamed() {
    var few = "few";
    var words = new Words("en", new byte[100_000]);
    Function function = () -> few + words.language();
    assertThat(Values.heaviestPart(function))
        .contains("HeaviestTest.theCapturedVariableIsNamed captures words → Words.text")
        .endsWith("(byte[])");
  }

  @Test
  void theWayGoesThroughCollections() {
    assertThat(Values.heaviestPart(List.of(1, Map.of("big", new int[10_000]), 2)))
        .isEqualTo("[1][\"big\"] (int[])");
  }

  @Test
  void whatIsLargeByManySmallPartsIsNamedAsAWhole() {
    var many = List.of("one", "two", "three", "four");
    assertThat(Values.heaviestPart(Map.of("many", many))).startsWith("[\"many\"] (");
  }
}
