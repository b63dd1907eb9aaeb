package dev.heddle.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Client;
import dev.heddle.Task1;
import dev.heddle.cluster.LocalCluster;
import dev.heddle.process.Processes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a test is given.
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class HeddleTestTest {
  @HeddleTest
  void aMethodGetsAClientOfTwoWorkers(Client client, LocalCluster cluster) throws Exception {
    assertThat(client.workers()).hasSize(2);
    assertThat(cluster.client()).isSameAs(client);
    assertThat(Jobs.sumOfSquares(client, 10)).isEqualTo(285);
  }

  @HeddleTest(workers = 1, threads = 3)
  void theClusterIsAsLargeAsItSays(Client client) throws Exception {
    assertThat(client.workers()).singleElement()
        .satisfies(worker -> assertThat(worker.threads()).isEqualTo(3));
  }

  @HeddleTest(processes = 2)
  void workersMayBeProcesses(Client client) throws Exception {
    assertThat(client.run(() -> ProcessHandle.current().pid()).values()).hasSize(2)
        .doesNotContain(ProcessHandle.current().pid());
  }

  @HeddleTest
  void aFunctionThatChangesItsInputFails(Client client) throws Exception {
    var words = client.scatter(new ArrayList<>(List.of("b", "a")));
    Task1<ArrayList<String>, Integer> sorting = list -> {
      list.sort(null);
      return list.size();
    };
    assertThatThrownBy(client.submit(sorting, words)::get).isInstanceOf(ExecutionException.class)
        .hasMessageContaining("MutatedInputException");
  }

  @HeddleTest(processes = 1)
  void soItDoesInAProcess(Client client) throws Exception {
    var numbers = client.scatter(new long[]{2, 1});
    Task1<long[], Long> sorting = array -> {
      java.util.Arrays.sort(array);
      return array[0];
    };
    assertThatThrownBy(client.submit(sorting, numbers)::get)
        .hasMessageContaining("MutatedInputException");
  }

  @HeddleTest(checks = false)
  void unlessThatIsNotWanted(Client client) throws Exception {
    var numbers = client.scatter(new long[]{2, 1});
    Task1<long[], Long> sorting = array -> {
      java.util.Arrays.sort(array);
      return array[0];
    };
    assertThat(client.submit(sorting, numbers).get()).isEqualTo(1);
  }

  @Test
  void eachTestHasAClusterOfItsOwnThatEndsWithIt() {
    OfAClass.ADDRESSES.clear();
    var runs = Runs.of(OfAClass.class);
    assertThat(runs.failures()).isEmpty();
    assertThat(runs.names()).hasSize(5);
    assertThat(OfAClass.ADDRESSES).hasSize(5).doesNotHaveDuplicates();
    assertThat(Processes.openScopes()).isEmpty();
  }

  @HeddleTest
  static class OfAClass {
    static final List<String> ADDRESSES = new CopyOnWriteArrayList<>();
    private Client before;

    @BeforeEach
    void remember(Client client) {
      before = client;
      ADDRESSES.add(client.address().toString());
    }

    @Test
    void aTestOfTheClass(Client client) {
      assertThat(client).isSameAs(before);
    }

    @Test
    void anotherOne(LocalCluster cluster) {
      assertThat(cluster.address()).isEqualTo(before.address());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void otherKindsOfTests(int count, Client client) throws Exception {
      assertThat(Jobs.chain(client, count)).isEqualTo(count);
    }

    @AfterEach
    void stillThere(Client client) throws Exception {
      assertThat(client.workers()).hasSize(2);
    }

    @Nested
    class Inside {
      @Test
      void ofANestedClass(Client client) {
        assertThat(client).isSameAs(before);
      }
    }
  }

  @Test
  void aTestWithoutAClusterStartsNone() {
    assertThat(Runs.of(Bare.class).failures()).isEmpty();
  }

  @HeddleTest
  static class Bare {
    @Test
    void nothingRuns() {
      assertThat(Processes.openScopes()).isEmpty();
    }
  }

  @Test
  void twoKindsOfTestAtOnceAreRefused() {
    assertThat(Runs.of(Twice.class).failures()).hasSize(1).first()
        .satisfies(failure -> assertThat(failure).hasMessageContaining(
            "Twice.both has @Test beside @HeddleTest, and would run twice; remove @Test"));
  }

  static class Twice {
    @Test
    @HeddleTest
    void both() {}
  }

  @Test
  void aClusterForAllTestsOfAClassIsRefused() {
    assertThat(Runs.of(ForAll.class).message()).contains("a cluster is one test's");
  }

  @HeddleTest
  static class ForAll {
    ForAll(Client client) {
      throw new AssertionError("made with " + client);
    }

    @Test
    void never() {}
  }
}
