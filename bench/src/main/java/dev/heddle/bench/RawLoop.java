package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// Two ends of a loopback connection with nothing in between: what the sockets themselves can do.
/// One end is the benchmark's, the other runs a loop on a platform thread.
final class RawLoop implements AutoCloseable {
  /// What the far end does.
  interface FarEnd {
    void run(SocketChannel channel) throws IOException;
  }

  private final SocketChannel near;
  private final SocketChannel far;
  private final Thread thread;

  RawLoop(FarEnd farEnd) throws IOException {
    try (var listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      near = SocketChannel.open(listener.getLocalAddress());
      far = listener.accept();
    }
    near.setOption(StandardSocketOptions.TCP_NODELAY, true);
    far.setOption(StandardSocketOptions.TCP_NODELAY, true);
    thread = Thread.ofPlatform().name("raw loop").start(() -> {
      try {
        farEnd.run(far);
      } catch (ClosedChannelException e) {
        // The benchmark is over.
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  SocketChannel near() {
    return near;
  }

  /// Sends back whatever comes, a read at a time.
  static void echo(SocketChannel channel) throws IOException {
    var buffer = ByteBuffer.allocateDirect(256 << 10);
    while (channel.read(buffer.clear()) >= 0) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  /// The same, with a selector of its own: reads first, and waits only when there is nothing.
  static void echoBySelector(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    try (var selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_READ);
      var buffer = ByteBuffer.allocateDirect(256 << 10);
      while (true) {
        var read = channel.read(buffer.clear());
        if (read < 0) {
          return;
        }
        if (read == 0) {
          selector.select(_ -> {}, 1000);
          continue;
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
    }
  }

  /// Reads `sizeBytes` at a time into one scratch buffer, and says when it has them.
  static FarEnd sink(long sizeBytes) {
    return channel -> {
      var scratch = ByteBuffer.allocateDirect(256 << 10);
      var done = ByteBuffer.allocateDirect(1);
      while (true) {
        for (var left = sizeBytes; left > 0;) {
          scratch.clear().limit((int) Math.min(left, scratch.capacity()));
          var read = channel.read(scratch);
          if (read < 0) {
            return;
          }
          left -= read;
        }
        channel.write(done.clear());
      }
    };
  }

  /// The same, into fresh memory each time.
  static FarEnd sinkIntoFreshMemory(int sizeBytes) {
    return channel -> {
      var done = ByteBuffer.allocateDirect(1);
      while (true) {
        var memory = java.lang.foreign.Arena.ofAuto().allocate(sizeBytes, 8).asByteBuffer();
        while (memory.hasRemaining()) {
          var chunk = memory.duplicate()
              .limit(Math.min(memory.capacity(), memory.position() + (256 << 10)));
          var read = channel.read(chunk);
          if (read < 0) {
            return;
          }
          memory.position(memory.position() + read);
        }
        channel.write(done.clear());
      }
    };
  }

  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      near.write(bytes);
    }
  }

  void read(ByteBuffer bytes, int least) throws IOException {
    bytes.clear().limit(least);
    while (bytes.hasRemaining()) {
      if (near.read(bytes) < 0) {
        throw new IOException("the far end is gone");
      }
    }
  }

  @Override
  public void close() throws IOException {
    near.close();
    far.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
