package dev.heddle.bench;

import dev.heddle.wire.Connection;
import dev.heddle.wire.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Many questions, all of whose answers are waited for: questions and answers a second.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
public class WireRate {
  private static final int MESSAGES = 2000;
  private static final int BYTES = 64;

  private Nodes nodes;
  private RawLoop raw;
  private ByteBuffer one;
  private ByteBuffer all;
  private List<Message.Ping> pings;

  @Setup
  public void open() throws IOException, InterruptedException {
    nodes = new Nodes();
    raw = new RawLoop(RawLoop::echo);
    one = ByteBuffer.allocateDirect(BYTES);
    all = ByteBuffer.allocateDirect(BYTES * MESSAGES);
    pings = new ArrayList<>();
    for (var token = 0; token < MESSAGES; token++) {
      pings.add(new Message.Ping(token));
    }
  }

  @TearDown
  public void close() throws IOException {
    nodes.close();
    raw.close();
  }

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void heddleBatched() throws IOException, InterruptedException {
    await(nodes.connection().startAll(pings));
  }

  /// Each asked, and so written, by itself.
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void heddleOneByOne() throws IOException, InterruptedException {
    var calls = new ArrayList<Connection.Call>(MESSAGES);
    for (var ping : pings) {
      calls.add(nodes.connection().start(ping));
    }
    await(calls);
  }

  private static void await(List<Connection.Call> calls)
      throws IOException, InterruptedException {
    for (var call : calls) {
      call.await(Nodes.TIMEOUT);
    }
  }

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void rawBatched() throws IOException {
    raw.write(all.clear());
    raw.read(all, all.capacity());
  }

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void rawOneByOne() throws IOException {
    for (var i = 0; i < MESSAGES; i++) {
      raw.write(one.clear());
    }
    raw.read(all, all.capacity());
  }
}
