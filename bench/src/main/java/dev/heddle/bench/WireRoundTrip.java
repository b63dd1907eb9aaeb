package dev.heddle.bench;

import dev.heddle.wire.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// One question at a time: how long until the answer is there.
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class WireRoundTrip {
  private static final int BYTES = 64;

  private Nodes nodes;
  private RawLoop blocking;
  private RawLoop bySelector;
  private Selector selector;
  private ByteBuffer buffer;

  @Setup
  public void open() throws IOException, InterruptedException {
    nodes = new Nodes();
    blocking = new RawLoop(RawLoop::echo);
    bySelector = new RawLoop(RawLoop::echoBySelector);
    bySelector.near().configureBlocking(false);
    selector = Selector.open();
    bySelector.near().register(selector, SelectionKey.OP_READ);
    buffer = ByteBuffer.allocateDirect(BYTES);
  }

  @TearDown
  public void close() throws IOException {
    nodes.close();
    blocking.close();
    bySelector.close();
    selector.close();
  }

  /// A call over a connection: two threads at the near end, the caller's and the link's.
  @Benchmark
  public Message.Response heddlePing() throws IOException, InterruptedException {
    return nodes.connection().call(new Message.Ping(1), Nodes.TIMEOUT);
  }

  /// Blocking sockets, one thread at each end.
  @Benchmark
  public ByteBuffer rawBlocking() throws IOException {
    blocking.write(buffer.clear());
    blocking.read(buffer, BYTES);
    return buffer;
  }

  /// A selector at each end, as links have it.
  @Benchmark
  public ByteBuffer rawSelector() throws IOException {
    bySelector.write(buffer.clear());
    buffer.clear();
    while (buffer.hasRemaining()) {
      if (bySelector.near().read(buffer) == 0) {
        selector.select(_ -> {}, 1000);
      }
    }
    return buffer;
  }
}
