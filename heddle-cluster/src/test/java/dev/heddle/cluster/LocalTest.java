package dev.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Client;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.Task1;
import dev.heddle.TaskOptions;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Client, scheduler and workers as they are, in one JVM.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LocalTest {
  private static final AtomicInteger RUNS = new AtomicInteger();

  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    client = Heddle.local(1);
  }

  @AfterAll
  static void stop() {
    client.close();
  }

  @Test
  void capturedFuturesAreInputs() throws Exception {
    var x = client.submit(() -> 20 + 1);
    var y = client.submit(a -> a * 2, x);
    Task<Integer> sum = () -> x.get() + y.get();
    assertThat(client.submit(sum).get()).isEqualTo(63);
  }

  @Test
  void equalPureCallsAreComputedOnceAndOthersEachForItself() throws Exception {
    Task1<Integer, Integer> square = n -> {
      RUNS.incrementAndGet();
      return n * n;
    };
    var pure = TaskOptions.named("square").pure();
    var futures = List.of(client.submit(square, 3, pure), client.submit(square, 4, pure),
        client.submit(square, 3, pure));
    assertThat(client.gather(futures)).containsExactly(9, 16, 9);
    assertThat(RUNS.get()).isEqualTo(2);
  }

  @Test
  void anotherFunctionUnderTheSameKeyFailsLoudly() throws Exception {
    Task<Integer> one = () -> 1;
    Task<Integer> two = () -> 2;
    var first = client.submit(one, TaskOptions.NONE.key("the answer"));
    assertThat(first.get()).isEqualTo(1);
    var second = client.submit(two, TaskOptions.NONE.key("the answer"));
    assertThatThrownBy(second::get).isInstanceOf(ExecutionException.class)
        .hasMessageContaining("the answer");
    assertThat(first.get()).isEqualTo(1);
  }

  @Test
  void aFailureSaysWhereItRanAndWhichAttemptItWas() throws Exception {
    Task<Integer> failing = () -> {
      throw new IllegalStateException("no such order");
    };
    var first = client.submit(failing, TaskOptions.named("count").retries(2));
    var second = client.submit(n -> n + 1, first, TaskOptions.named("total"));
    var what = "failed: java.lang.IllegalStateException: no such order (ran as '" + first.key()
        + "' on worker ";
    var where = ", process " + ProcessHandle.current().pid() + "), attempt 3 of 3, after ";
    assertThatThrownBy(first::get).isInstanceOf(ExecutionException.class)
        .hasMessageStartingWith("'" + first.key() + "' " + what).hasMessageContaining(where)
        .cause().isInstanceOf(IllegalStateException.class).hasMessage("no such order");
    assertThatThrownBy(second::get).isInstanceOf(ExecutionException.class)
        .hasMessageStartingWith("'" + second.key() + "' was not computed since its input '"
            + first.key() + "' " + what)
        .hasMessageContaining(where)
        .cause().isInstanceOf(IllegalStateException.class).hasMessage("no such order");
  }

  @Test
  void tasksThatWaitForTasksDoNotBlockTheOnlyThread() throws Exception {
    assertThat(client.submit(LocalTest::fibonacci, 10).get()).isEqualTo(55);
  }

  static Integer fibonacci(Integer n) throws Exception {
    if (n < 2) {
      return n;
    }
    var here = Heddle.current();
    var one = here.submit(LocalTest::fibonacci, n - 1);
    var other = here.submit(LocalTest::fibonacci, n - 2);
    return one.get() + other.get();
  }
}
