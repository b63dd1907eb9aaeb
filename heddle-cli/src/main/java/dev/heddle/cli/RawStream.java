package dev.heddle.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// What a socket on loopback does with nothing around it: bytes from one direct buffer into another, which is
/// filled again and again. What a transfer of a value is compared with.
final class RawStream implements AutoCloseable {
  private static final int CHUNK_BYTES = 256 << 10;

  private final ServerSocketChannel server;
  private final SocketChannel to;
  private final SocketChannel from;
  private final ByteBuffer out = ByteBuffer.allocateDirect(CHUNK_BYTES);
  private final ByteBuffer in = ByteBuffer.allocateDirect(CHUNK_BYTES);

  RawStream() throws IOException {
    server = ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    to = SocketChannel.open(server.getLocalAddress());
    from = server.accept();
  }

  /// @return how long so many bytes take, in nanoseconds
  long nanos(long bytes) throws Exception {
    var started = System.nanoTime();
    try (var sender = Executors.newSingleThreadExecutor()) {
      var sent = sender.submit((Callable<Void>) () -> {
        for (var left = bytes; left > 0;) {
          left -= to.write(out.clear().limit((int) Math.min(CHUNK_BYTES, left)));
        }
        return null;
      });
      for (var left = bytes; left > 0;) {
        var read = from.read(in.clear());
        if (read < 0) {
          throw new IOException("the stream ended " + left + " bytes too early");
        }
        left -= read;
      }
      sent.get();
    }
    return System.nanoTime() - started;
  }

  @Override
  public void close() throws IOException {
    to.close();
    from.close();
    server.close();
  }
}
