package dev.heddle.junit;

import dev.heddle.Client;
import dev.heddle.RemoteFuture;
import dev.heddle.Task1;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What a user might compute.
final class Jobs {
  private Jobs() {}

  /// The sum of the squares below `count`: a map and a tree.
  static long sumOfSquares(Client client, int count) throws Exception {
    var squares = client.map(IntStream.range(0, count).boxed().toList(), n -> (long) n * n);
    return client.reduce(squares, Long::sum).get();
  }

  /// The last of a chain of steps, each submitted by itself.
  static int chain(Client client, int count) throws Exception {
    Task1<Integer, Integer> next = n -> n + 1;
    var steps = new ArrayList<RemoteFuture<Integer>>();
    steps.add(client.submit(() -> 1));
    while (steps.size() < count) {
      steps.add(client.submit(next, steps.getLast()));
    }
    return steps.getLast().get();
  }

  /// The length of all blocks together, which travel between the workers.
  static long lengthOfBlocks(Client client, int count, int bytes) throws Exception {
    var blocks = client.map(IntStream.range(0, count).boxed().toList(), n -> new byte[bytes + n]);
    return client.submit(Jobs::lengths, blocks).get();
  }

  static long lengths(List<RemoteFuture<byte[]>> blocks) throws Exception {
    var sum = 0L;
    for (var block : blocks) {
      sum += block.get().length;
    }
    return sum;
  }
}
