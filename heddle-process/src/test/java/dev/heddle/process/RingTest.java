package dev.heddle.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 15, 16, 17, 100})
  void aRingBehavesLikeAQueueOfItsCapacity(int capacity) {
    var random = new Random(capacity);
    var ring = new Ring<Integer>(capacity);
    var queue = new ArrayDeque<Integer>();
    for (int step = 0; step < 5_000; step++) {
      int last = step;
      switch (random.nextInt(4)) {
        case 0 -> {
          if (ring.room() > 0) {
            ring.add(step);
            queue.add(step);
          }
        }
        case 1 -> {
          int count = random.nextInt(ring.room() + 1);
          var items = IntStream.range(0, count + 2).map(i -> last + i).boxed().toList();
          ring.addAll(items.toArray(), 1, count);
          queue.addAll(items.subList(1, count + 1));
        }
        case 2 -> {
          if (ring.count() > 0) {
            assertThat(ring.take()).isEqualTo(queue.remove());
          }
        }
        default -> {
          if (random.nextInt(5) == 0) {
            assertThat(ring.takeAll()).isEqualTo(List.copyOf(queue));
            queue.clear();
          }
        }
      }
      assertThat(ring.count()).isEqualTo(queue.size());
      assertThat(ring.room()).isEqualTo(capacity - queue.size());
    }
  }
}
