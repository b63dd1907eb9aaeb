package dev.heddle.cli;

import dev.heddle.Client;
import dev.heddle.TaskOptions;

/// A large value that a function on one worker made, needed by one on another of the same host, which looks at
/// its ends only: what it costs to get hold of it. A stream over a socket, of as many bytes, just before.
///
/// @param first the name of the worker that has it
/// @param second the name of the worker that needs it
record Handovers(Client client, String first, String second, ValueKind kind, long bytes,
    RawStream raw) implements Bench {
  @Override
  public Measured once() throws Exception {
    var there = TaskOptions.NONE.workers(first);
    try (var value = client.submit(ValueKind::make, kind, bytes, there)) {
      Bench.check(client.submit(ValueKind::ends, value, there).get(), kind.endsOf(bytes));
      var rawNanos = raw.nanos(bytes);
      var before = System.nanoTime();
      client.submit(ValueKind::ends, value, there).get();
      var nanosThere = System.nanoTime() - before;
      var started = System.nanoTime();
      var ends = client.submit(ValueKind::ends, value, TaskOptions.NONE.workers(second)).get();
      var nanos = System.nanoTime() - started;
      Bench.check(ends, kind.endsOf(bytes));
      return new Measured(nanos, 1).moved(bytes, rawNanos).with("handoverMicros",
          (nanos - nanosThere) / 1_000.0);
    }
  }
}
