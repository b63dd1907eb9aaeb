package dev.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heddle.Client;
import dev.heddle.Heddle;
import dev.heddle.RemoteFuture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The examples that users copy, on a cluster in this JVM.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ShortExamplesTest {
  private static Client client;

  @TempDir
  Path directory;

  @BeforeAll
  static void start() throws Exception {
    client = Heddle.local(2);
  }

  @AfterAll
  static void stop() {
    client.close();
  }

  @Test
  void wordsOfAllFilesAreCounted() throws Exception {
    var files = new ArrayList<Path>();
    for (var i = 0; i < 5; i++) {
      files.add(Files.writeString(directory.resolve(i + ".txt"),
          "The heddle, the loom;\nthe " + "weft ".repeat(i)));
    }
    assertThat(WordCount.of(client, files))
        .containsExactlyInAnyOrderEntriesOf(Map.of("the", 15L, "heddle", 5L, "loom", 5L, "weft",
            10L));
    assertThat(WordCount.of(client, List.of())).isEmpty();
  }

  @Test
  void aProductOfBlocksIsTheProduct() throws Exception {
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

  @Test
  void aSweepEndsWhenOneIsGoodEnoughAndTheRestIsCancelled() throws Exception {
    var result = ParameterSweep.search(client, 40);
    assertThat(result.best()).get().satisfies(best -> {
      assertThat(best.steps()).isLessThanOrEqualTo(40);
      assertThat(ParameterSweep.attempt(new ParameterSweep.Try(best.start(), best.damping())))
          .isEqualTo(best);
    });
    assertThat(result.tried() + result.cancelled()).isEqualTo(121 * 20);
    assertThat(result.tried()).isPositive();
  }

  @Test
  void aSweepInWhichNoneIsGoodEnoughTriesAll() throws Exception {
    assertThat(ParameterSweep.search(client, 0).cancelled()).isZero();
  }
}
