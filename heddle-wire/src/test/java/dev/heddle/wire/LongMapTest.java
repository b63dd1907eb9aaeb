package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongMapTest {
  @Test
  void isAMap() {
    var random = new Random(3);
    var map = new LongMap<String>();
    var expected = new HashMap<Long, String>();
    for (var i = 0; i < 50_000; i++) {
      var key = (long) random.nextInt(300) << (random.nextInt(3) * 20);
      switch (random.nextInt(3)) {
        case 0 -> assertThat(map.get(key)).isEqualTo(expected.get(key));
        case 1 -> {
          map.put(key, "v" + i);
          expected.put(key, "v" + i);
        }
        default -> assertThat(map.remove(key)).isEqualTo(expected.remove(key));
      }
      assertThat(map.size()).isEqualTo(expected.size());
    }
    assertThat(map.values()).containsExactlyInAnyOrderElementsOf(expected.values());
  }
}
