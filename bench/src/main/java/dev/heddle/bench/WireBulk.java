package dev.heddle.bench;

import dev.heddle.wire.Bulk;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A value of 64 MiB, from the moment it is sent until the other end has all of it.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class WireBulk {
  private static final int BYTES = 64 << 20;
  private static final int CHUNK_BYTES = 256 << 10;

  private Nodes nodes;
  private RawLoop scratch;
  private RawLoop fresh;
  private ByteBuffer memory;
  private ByteBuffer done;
  private Message.PutData direct;
  private Message.PutData array;

  @Setup
  public void open() throws IOException, InterruptedException {
    nodes = new Nodes();
    scratch = new RawLoop(RawLoop.sink(BYTES));
    fresh = new RawLoop(RawLoop.sinkIntoFreshMemory(BYTES));
    memory = ByteBuffer.allocateDirect(BYTES);
    done = ByteBuffer.allocateDirect(1);
    direct = put(Bulk.Kind.DIRECT.allocate(BYTES));
    array = put(Bulk.Kind.BYTE.allocate(BYTES));
  }

  private static Message.PutData put(Bulk bulk) {
    return new Message.PutData(
        Map.of(Key.of("x"), new Payload(0, List.of(), new byte[0], List.of(bulk))), false);
  }

  @TearDown
  public void close() throws IOException {
    nodes.close();
    scratch.close();
    fresh.close();
  }

  /// Native memory to native memory, which is made for it.
  @Benchmark
  public Message.Response heddleDirect() throws IOException, InterruptedException {
    return nodes.connection().call(direct, Nodes.TIMEOUT);
  }

  /// A `byte[]` to a `byte[]`, which is made for it.
  @Benchmark
  public Message.Response heddleArray() throws IOException, InterruptedException {
    return nodes.connection().call(array, Nodes.TIMEOUT);
  }

  /// Into one buffer again and again, as nobody who wants the value can have it.
  @Benchmark
  public void rawIntoScratch() throws IOException {
    send(scratch);
  }

  @Benchmark
  public void rawIntoFreshMemory() throws IOException {
    send(fresh);
  }

  private void send(RawLoop loop) throws IOException {
    for (var at = 0; at < BYTES; at += CHUNK_BYTES) {
      loop.write(memory.limit(at + CHUNK_BYTES).position(at));
    }
    loop.read(done, 1);
  }
}
