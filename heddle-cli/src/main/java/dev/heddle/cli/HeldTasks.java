package dev.heddle.cli;

import dev.heddle.Client;
import dev.heddle.RemoteFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What the scheduler keeps for a task that has its result and whose future is still held.
record HeldTasks(Client client, ClusterFigures figures, int count, boolean single)
    implements
      Bench {

  @Override
  public Measured once() throws Exception {
    var before = figures.schedulerLiveBytes();
    var started = System.nanoTime();
    var futures = submitted();
    var sum = client.gather(futures).stream().mapToLong(Integer::longValue).sum();
    var nanos = System.nanoTime() - started;
    Bench.check(sum, (long) count * (count - 1) / 2);
    var held = figures.schedulerLiveBytes() - before;
    client.release(futures);
    return new Measured(nanos, count).with("bytesPerTask", (double) held / count);
  }

  private List<RemoteFuture<Integer>> submitted() {
    if (!single) {
      return client.map(IntStream.range(0, count).boxed().toList(), TaskBenches::same);
    }
    var futures = new ArrayList<RemoteFuture<Integer>>(count);
    for (var i = 0; i < count; i++) {
      futures.add(client.submit(TaskBenches::same, i));
    }
    return futures;
  }
}
