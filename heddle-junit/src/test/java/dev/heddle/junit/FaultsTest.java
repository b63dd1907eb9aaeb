package dev.heddle.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Client;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Jobs whose workers die, whose messages are late, and whose connections are lost.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FaultsTest {
  @HeddleTest
  @Faults(seed = {1, 2, 4})
  void aTreeIsRightWhateverBreaks(Client client) throws Exception {
    assertThat(Jobs.sumOfSquares(client, 1_000)).isEqualTo(332_833_500);
  }

  @HeddleTest
  @Faults(seed = {7, 8})
  void aChainIsRightWhateverBreaks(Client client) throws Exception {
    assertThat(Jobs.chain(client, 200)).isEqualTo(200);
  }

  @HeddleTest(workers = 3)
  @Faults(seed = {11, 12})
  void largeValuesArriveWhateverBreaks(Client client) throws Exception {
    assertThat(Jobs.lengthOfBlocks(client, 50, 100_000)).isEqualTo(50 * 100_000 + 49 * 50 / 2);
  }

  @HeddleTest(processes = 2)
  @Faults(seed = 13)
  void workerProcessesAreKilledAndStartedAgain(Client client) throws Exception {
    assertThat(Jobs.sumOfSquares(client, 2_000)).isEqualTo(2_664_667_000L);
  }

  /// Fails once it has seen a fault or two.
  static class Failing {
    @HeddleTest
    @Faults(seed = 77)
    void fixed(Client client) throws Exception {
      assertThat(Jobs.chain(client, 100)).isEqualTo(99);
    }

    @HeddleTest
    @Faults(repeat = 2)
    void drawn(Client client) throws Exception {
      assertThat(Jobs.chain(client, 2)).isEqualTo(1);
    }
  }

  @HeddleTest
  @Faults
  static class OfAClass {
    @Test
    void once(Client client) throws Exception {
      assertThat(Jobs.chain(client, 10)).isEqualTo(10);
    }

    @RepeatedTest(2)
    void repeated(Client client) throws Exception {
      assertThat(Jobs.chain(client, 10)).isEqualTo(9);
    }

    @Test
    @Faults(repeat = 3)
    void moreThanATestCan(Client client) {}
  }

  @Test
  void aFailureTellsItsSeedAndWhatWasDone() {
    var failure = Runs.of(Failing.class, "fixed(dev.heddle.Client)").failures().getFirst();
    assertThat(failure).isInstanceOf(AssertionError.class);
    assertThat(List.of(failure.getSuppressed())).hasSize(1).first()
        .satisfies(played -> assertThat(played)
            .isInstanceOf(FaultsPlayed.class).hasMessageContaining("@Faults(seed = 77L)")
            .hasMessageContaining("-Dheddle.faults.seed=77").hasMessageContaining(" happened:")
            .hasMessageContaining("(connection 1), after "));
  }

  @Test
  void withoutASeedOneIsDrawnForEachRun() {
    var runs = Runs.of(Failing.class, "drawn(dev.heddle.Client)");
    var seeds = seeds(runs);
    assertThat(seeds).hasSize(2).doesNotHaveDuplicates();
    assertThat(runs.names())
        .containsExactlyElementsOf(seeds.stream().map(seed -> "seed " + seed).toList());
  }

  @Test
  void thePropertyOverridesTheSeed() {
    System.setProperty(Faults.SEED_PROPERTY, "4711");
    try {
      assertThat(seeds(Runs.of(Failing.class, "fixed(dev.heddle.Client)"))).containsExactly(4711L);
    } finally {
      System.clearProperty(Faults.SEED_PROPERTY);
    }
  }

  @Test
  void aClassMayHaveFaultsAndEachRepetitionItsSeed() {
    assertThat(Runs.of(OfAClass.class, "once(dev.heddle.Client)").failures()).isEmpty();
    assertThat(seeds(Runs.of(OfAClass.class, "repeated(dev.heddle.Client)"))).hasSize(2)
        .doesNotHaveDuplicates();
    assertThat(Runs.of(OfAClass.class, "moreThanATestCan(dev.heddle.Client)").message())
        .contains("OfAClass.moreThanATestCan asks for several runs");
  }

  private static List<Long> seeds(Runs runs) {
    return runs.failures().stream().flatMap(failure -> Stream.of(failure.getSuppressed()))
        .map(played -> ((FaultsPlayed) played).seed()).toList();
  }
}
