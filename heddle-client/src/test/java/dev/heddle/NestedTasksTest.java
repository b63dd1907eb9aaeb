package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class NestedTasksTest {
  static int fibonacci(int n) throws Exception {
    if (n < 2) {
      return n;
    }
    var client = Heddle.current();
    var one = client.submit(NestedTasksTest::fibonacci, n - 1);
    var two = client.submit(NestedTasksTest::fibonacci, n - 2);
    return one.get() + two.get();
  }

  @Test
  void tasksSubmitTasksAndWaitWithoutTheirSlot() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      assertThat(client.submit(NestedTasksTest::fibonacci, 7).get()).isEqualTo(13);
      assertThat(toy.waitedWithoutSlot).hasPositiveValue();
    }
  }

  @Test
  void allTasksOfAWorkerShareOneClientWhichTheyCannotClose() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      Task1<Integer, Integer> task = a -> {
        try (var own = Heddle.current()) {
          return System.identityHashCode(own) + 0 * own.submit(b -> b, a).get();
        }
      };
      var clients = client.gather(client.map(List.of(1, 2, 3), task));
      assertThat(clients).containsOnly(clients.getFirst());
      assertThat(toy.clients()).isEqualTo(2);
    }
  }

  @Test
  void outsideATaskThereIsNoCurrentClient() {
    assertThatThrownBy(Heddle::current).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Heddle.connect");
  }
}
