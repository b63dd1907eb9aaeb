package dev.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SkipsTest {
  @Test
  void allAreCountedAndAFewAreNamedTheGraverFirst() {
    var many = Skips.of(IntStream.range(0, 1_000)
        .mapToObj(i -> skip(Skips.Reason.MODULE_DESCRIPTOR, "m" + i)).toList());
    var merged = many.merge(Skips.of(List.of(skip(Skips.Reason.BROKEN, "b"))));
    assertThat(merged.counts())
        .isEqualTo(Map.of(Skips.Reason.MODULE_DESCRIPTOR, 1_000, Skips.Reason.BROKEN, 1));
    assertThat(merged.total()).isEqualTo(1_001);
    assertThat(merged.examples()).hasSize(Skips.EXAMPLES_MAX)
        .startsWith(skip(Skips.Reason.BROKEN, "b"));
  }

  @Test
  void theOrderOfMergingMakesNoDifference() {
    var a = Skips
        .of(IntStream.range(0, 30).mapToObj(i -> skip(Skips.Reason.BROKEN, "a" + i)).toList());
    var b = Skips
        .of(IntStream.range(0, 30).mapToObj(i -> skip(Skips.Reason.BROKEN, "b" + i)).toList());
    var c = Skips.of(List.of(skip(Skips.Reason.UNREADABLE, "c")));
    assertThat(a.merge(b).merge(c)).isEqualTo(c.merge(b.merge(a)));
    assertThat(a.merge(Skips.NONE)).isEqualTo(a).isEqualTo(Skips.NONE.merge(a));
  }

  private static Skips.Skip skip(Skips.Reason reason, String where) {
    return new Skips.Skip(reason, where, "");
  }
}
