package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.code.Task1;
import dev.heddle.wire.Key;
import dev.heddle.worker.TaskFailedException;
import dev.heddle.worker.WorkerClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A worker that finds out that a function changes what it was given.
class ChecksTest {
  private static final Key X = Key.of("x");
  private static final Key SUM = Key.of("sum");

  private TestCluster cluster;
  private WorkerClient worker;

  @BeforeEach
  void start() throws Exception {
    cluster = new TestCluster();
    worker = cluster.client(cluster.start(cluster.options("a").withChecks(true)));
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  @Test
  void aFunctionThatChangesAnArrayFails() throws Exception {
    worker.put(X, new long[]{3, 2, 1});
    Task1<long[], Long> first = numbers -> {
      java.util.Arrays.sort(numbers);
      return numbers[0];
    };
    assertThatThrownBy(() -> worker.compute(SUM, first, X))
        .isInstanceOf(TaskFailedException.class)
        .hasStackTraceContaining("MutatedInputException")
        .hasStackTraceContaining("while 'sum' ran, its input 'x' changed ([J)");
  }

  @Test
  void aFunctionThatChangesAnObjectFails() throws Exception {
    worker.put(X, new ArrayList<>(List.of("b", "a")));
    Task1<List<String>, Integer> add = words -> {
      words.add("c");
      return words.size();
    };
    assertThatThrownBy(() -> worker.compute(SUM, add, X))
        .hasStackTraceContaining("MutatedInputException");
  }

  @Test
  void aFunctionThatOnlyReadsDoesNot() throws Exception {
    var map = new HashMap<String, Object>();
    IntStream.range(0, 1_000).forEach(i -> map.put("key " + i, new HashSet<>(List.of(i, i + 1))));
    worker.put(X, map);
    Task1<HashMap<String, Object>, Integer> size = HashMap::size;
    worker.compute(SUM, size, X);
    assertThat(worker.get(SUM)).isEqualTo(1_000);
  }
}
