package dev.heddle.cli;

import dev.heddle.Client;
import dev.heddle.TaskOptions;
import java.nio.ByteBuffer;

/// A large buffer that a function on one worker made, needed by one on another of the same host, which looks at
/// its ends only: what it costs to get hold of it.
///
/// @param first the name of the worker that has it
/// @param second the name of the worker that needs it
record Handovers(Client client, String first, String second, int bytes) implements Bench {
  @Override
  public Measured once() throws Exception {
    try (var value = client.submit(Handovers::buffer, bytes, TaskOptions.NONE.workers(first))) {
      Bench.check(client.submit(Handovers::ends, value, TaskOptions.NONE.workers(first)).get(), 9);
      var started = System.nanoTime();
      var sum = client.submit(Handovers::ends, value, TaskOptions.NONE.workers(second)).get();
      var nanos = System.nanoTime() - started;
      Bench.check(sum, 9);
      return new Measured(nanos, 1).moved(bytes);
    }
  }

  static ByteBuffer buffer(Integer bytes) {
    var buffer = ByteBuffer.allocateDirect(bytes);
    return buffer.put(0, (byte) 4).put(bytes - 1, (byte) 5);
  }

  static Integer ends(ByteBuffer buffer) {
    return buffer.get(buffer.position()) + buffer.get(buffer.limit() - 1);
  }
}
