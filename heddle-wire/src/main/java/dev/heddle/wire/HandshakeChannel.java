package dev.heddle.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/// What is said before frames are: parts of magic, kind, length and body, within one time limit for
/// all of them. Never reads beyond a part.
final class HandshakeChannel {
  private static final int HEAD_BYTES = 7;

  private final SocketChannel channel;
  private final Selector selector;
  private final String peer;
  private final Duration timeout;
  private final long deadline;
  private boolean heardAnything;

  /// @param channel not blocking, registered with `selector`
  HandshakeChannel(SocketChannel channel, Selector selector, String peer, Duration timeout) {
    this.channel = channel;
    this.selector = selector;
    this.peer = peer;
    this.timeout = timeout;
    deadline = System.nanoTime() + timeout.toNanos();
  }

  /// What was said, whole.
  // Made for one reader, never compared.
  @SuppressWarnings("ArrayRecordComponent")
  record Part(int kind, byte[] bytes) {
    Decoder body() {
      var in = new Decoder();
      in.reset(bytes, HEAD_BYTES, bytes.length - HEAD_BYTES);
      return in;
    }
  }

  /// How the bytes of a part begin; the length is filled in by [#say].
  static Encoder part(int kind) {
    var out = new Encoder(new byte[256], Protocol.HANDSHAKE_BYTES_MAX);
    out.fixed16(Protocol.MAGIC & 0xFFFF);
    out.fixed16(Protocol.MAGIC >>> 16);
    out.u8(kind);
    out.fixed16(0);
    return out;
  }

  /// @return the bytes as sent
  byte[] say(Encoder part) throws IOException, InterruptedException {
    var bytes = Arrays.copyOf(part.bytes(), part.size());
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putShort(HEAD_BYTES - 2, (short) (bytes.length - HEAD_BYTES));
    while (buffer.hasRemaining()) {
      if (channel.write(buffer) == 0) {
        await(SelectionKey.OP_WRITE);
      }
    }
    return bytes;
  }

  Part hear() throws IOException, InterruptedException {
    var head = ByteBuffer.allocate(HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (head.hasRemaining()) {
      readSome(head);
      checkMagic(head);
    }
    var length = Short.toUnsignedInt(head.getShort(HEAD_BYTES - 2));
    if (length > Protocol.HANDSHAKE_BYTES_MAX) {
      throw new HandshakeException(HandshakeException.Cause.MALFORMED,
          peer + " announces " + length + " bytes in the handshake; at most "
              + Protocol.HANDSHAKE_BYTES_MAX + " are allowed");
    }
    var whole = ByteBuffer.wrap(Arrays.copyOf(bytesOf(head), HEAD_BYTES + length))
        .position(HEAD_BYTES);
    while (whole.hasRemaining()) {
      readSome(whole);
    }
    return new Part(head.get(4), whole.array());
  }

  private void readSome(ByteBuffer into) throws IOException, InterruptedException {
    while (true) {
      var read = channel.read(into);
      if (read > 0) {
        heardAnything = true;
        return;
      }
      if (read < 0) {
        throw new HandshakeException(HandshakeException.Cause.ENDED, peer
            + " closed the connection in the handshake" + (heardAnything
                ? ""
                : " without a word; it may be busy, or no Heddle node"));
      }
      await(SelectionKey.OP_READ);
    }
  }

  private void await(int operation) throws IOException, InterruptedException {
    var left = deadline - System.nanoTime();
    if (left <= 0) {
      throw new HandshakeException(HandshakeException.Cause.TIMEOUT, peer
          + (heardAnything ? " did not finish the handshake" : " said nothing") + " within "
          + Timeouts.text(timeout));
    }
    channel.keyFor(selector).interestOps(operation);
    selector.select(_ -> {}, TimeUnit.NANOSECONDS.toMillis(left) + 1);
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted in the handshake with " + peer);
    }
  }

  private void checkMagic(ByteBuffer head) throws HandshakeException {
    for (var i = 0; i < Math.min(4, head.position()); i++) {
      if (head.get(i) != (byte) (Protocol.MAGIC >>> (8 * i))) {
        throw new HandshakeException(HandshakeException.Cause.NOT_HEDDLE,
            peer + " " + languageOf(bytesOf(head)));
      }
    }
  }

  private static byte[] bytesOf(ByteBuffer filled) {
    var bytes = new byte[filled.position()];
    filled.get(0, bytes);
    return bytes;
  }

  private static String languageOf(byte[] bytes) {
    var text = new String(bytes, ISO_8859_1);
    if (bytes.length >= 2 && bytes[0] == 0x16 && bytes[1] == 3) {
      return "speaks TLS; this port speaks Heddle's own protocol";
    }
    if (text.matches("(?s)(GET|POST|HEAD|PUT|OPTIONS|DELETE|PATCH|CONNECT|TRACE|PRI|HTTP)\\b.*"
        + "|OPTIONS?|DELETE|CONNECT|PATCH")) {
      return "speaks HTTP; this port speaks Heddle's own protocol";
    }
    if (text.startsWith("SSH-")) {
      return "speaks SSH; this port speaks Heddle's own protocol";
    }
    return "does not speak Heddle: it began with the bytes "
        + HexFormat.ofDelimiter(" ").formatHex(bytes);
  }
}
