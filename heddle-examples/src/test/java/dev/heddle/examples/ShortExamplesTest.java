package dev.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heddle.Client;
import dev.heddle.RemoteFuture;
import dev.heddle.junit.Faults;
import dev.heddle.junit.HeddleTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The examples that users copy, on clusters in this JVM and in processes, and on some on which nothing can be
/// relied.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ShortExamplesTest {
  @TempDir
  Path directory;

  @HeddleTest
  void wordsOfAllFilesAreCounted(Client client) throws Exception {
    countWords(client, 5);
    assertThat(WordCount.of(client, List.of())).isEmpty();
  }

  @HeddleTest(processes = 2)
  void wordsAreCountedByProcesses(Client client) throws Exception {
    countWords(client, 5);
  }

  @HeddleTest
  @Faults(seed = {1, 2, 3})
  void wordsAreCountedWhateverBreaks(Client client) throws Exception {
    countWords(client, 100);
  }

  private void countWords(Client client, int count) throws Exception {
    var files = new ArrayList<Path>();
    for (var i = 0; i < count; i++) {
      files.add(Files.writeString(directory.resolve(i + ".txt"),
          "The heddle, the loom;\nthe " + "weft ".repeat(i)));
    }
    assertThat(WordCount.of(client, files))
        .containsExactlyInAnyOrderEntriesOf(Map.of("the", 3L * count, "heddle", (long) count,
            "loom", (long) count, "weft", count * (count - 1L) / 2));
  }

  @HeddleTest(workers = 3)
  void aProductOfBlocksIsTheProduct(Client client) throws Exception {
    multiply(client);
  }

  @HeddleTest(workers = 3)
  @Faults(seed = {4, 5})
  void aProductIsTheProductWhateverBreaks(Client client) throws Exception {
    multiply(client);
  }

  private static void multiply(Client client) throws Exception {
    var size = 4;
    var a = MatrixProduct.random(client, 3, size, 1);
    var b = MatrixProduct.random(client, 3, size, 2);
    var product = matrix(MatrixProduct.product(client, a, b), size);
    var left = matrix(a, size);
    var right = matrix(b, size);
    for (var i = 0; i < left.length; i++) {
      for (var j = 0; j < left.length; j++) {
        var sum = 0.0;
        for (var k = 0; k < left.length; k++) {
          sum += left[i][k] * right[k][j];
        }
        assertThat(product[i][j]).isCloseTo(sum, within(1e-9));
      }
    }
  }

  private static double[][] matrix(List<List<RemoteFuture<double[]>>> blocks, int size)
      throws Exception {
    var matrix = new double[blocks.size() * size][blocks.size() * size];
    for (var row = 0; row < matrix.length; row++) {
      for (var column = 0; column < matrix.length; column++) {
        matrix[row][column] = blocks.get(row / size).get(column / size).get()[row % size * size
            + column % size];
      }
    }
    return matrix;
  }

  @HeddleTest(workers = 1, threads = 2)
  void aSweepEndsWhenOneIsGoodEnoughAndTheRestIsCancelled(Client client) throws Exception {
    var result = ParameterSweep.search(client, 40);
    assertThat(result.best()).get().satisfies(best -> {
      assertThat(best.steps()).isLessThanOrEqualTo(40);
      assertThat(ParameterSweep.attempt(new ParameterSweep.Try(best.start(), best.damping())))
          .isEqualTo(best);
    });
    assertThat(result.tried() + result.cancelled()).isEqualTo(121 * 20);
    assertThat(result.tried()).isPositive();
  }

  @HeddleTest(threads = 2)
  void aSweepInWhichNoneIsGoodEnoughTriesAll(Client client) throws Exception {
    assertThat(ParameterSweep.search(client, 0).cancelled()).isZero();
  }
}
