package dev.heddle.examples;

import dev.heddle.Client;
import dev.heddle.Heddle;
import dev.heddle.RemoteFuture;
import java.util.ArrayList;
import java.util.List;

/// Multiplies two square matrices that are cut into square blocks, each of which lives on a worker:
/// a block of the product is the sum of products of blocks, and only blocks travel.
///
/// `heddle run --jar heddle-examples.jar dev.heddle.examples.MatrixProduct 8 256`
public final class MatrixProduct {
  private MatrixProduct() {}

  /// Multiplies two matrices of random numbers and prints how long it took.
  ///
  /// @param arguments how many blocks a side, and how many numbers a block's side
  public static void main(String[] arguments) throws Exception {
    var blocks = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 4;
    var size = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 256;
    try (var client = Heddle.connect()) {
      var started = System.nanoTime();
      var a = random(client, blocks, size, 1);
      var b = random(client, blocks, size, 2);
      var trace = client.submit(MatrixProduct::traceOf, diagonal(product(client, a, b))).get();
      var seconds = (System.nanoTime() - started) / 1e9;
      var side = (double) blocks * size;
      System.out.printf("%d x %d: trace %.3f, %.2f s, %.2f Gflop/s%n", blocks * size,
          blocks * size, trace, seconds, 2 * side * side * side / seconds / 1e9);
    }
  }

  /// The product, in blocks; each is submitted as a chain of multiply-and-add.
  public static List<List<RemoteFuture<double[]>>> product(Client client,
      List<List<RemoteFuture<double[]>>> a, List<List<RemoteFuture<double[]>>> b) {
    var rows = new ArrayList<List<RemoteFuture<double[]>>>();
    for (var row : a) {
      var blocks = new ArrayList<RemoteFuture<double[]>>();
      for (var column = 0; column < b.getFirst().size(); column++) {
        var sum = client.submit(MatrixProduct::multiplied, row.getFirst(),
            b.getFirst().get(column));
        for (var k = 1; k < row.size(); k++) {
          sum = client.submit(MatrixProduct::multipliedAndAdded, sum, row.get(k),
              b.get(k).get(column));
        }
        blocks.add(sum);
      }
      rows.add(blocks);
    }
    return rows;
  }

  /// A matrix of random numbers, made on the workers.
  public static List<List<RemoteFuture<double[]>>> random(Client client, int blocks, int size,
      long seed) {
    var rows = new ArrayList<List<RemoteFuture<double[]>>>();
    for (var row = 0; row < blocks; row++) {
      var first = seed * 1_000_003 + (long) row * blocks;
      var seeds = java.util.stream.LongStream.range(first, first + blocks).boxed().toList();
      rows.add(client.map(seeds, each -> new java.util.Random(each).doubles((long) size * size)
          .toArray()));
    }
    return rows;
  }

  private static List<RemoteFuture<double[]>> diagonal(List<List<RemoteFuture<double[]>>> blocks) {
    var diagonal = new ArrayList<RemoteFuture<double[]>>();
    for (var i = 0; i < blocks.size(); i++) {
      diagonal.add(blocks.get(i).get(i));
    }
    return diagonal;
  }

  // --- on the workers

  static double[] multiplied(double[] a, double[] b) {
    return multipliedAndAdded(new double[a.length], a, b);
  }

  /// `c + a · b`, row by row so that memory is read in order.
  static double[] multipliedAndAdded(double[] c, double[] a, double[] b) {
    var size = (int) Math.round(Math.sqrt(a.length));
    var sum = c.clone();
    for (var i = 0; i < size; i++) {
      for (var k = 0; k < size; k++) {
        var factor = a[i * size + k];
        for (var j = 0; j < size; j++) {
          sum[i * size + j] += factor * b[k * size + j];
        }
      }
    }
    return sum;
  }

  static double traceOf(List<RemoteFuture<double[]>> diagonal) throws Exception {
    var trace = 0.0;
    for (var block : diagonal) {
      var numbers = block.get();
      var size = (int) Math.round(Math.sqrt(numbers.length));
      for (var i = 0; i < size; i++) {
        trace += numbers[i * size + i];
      }
    }
    return trace;
  }
}
