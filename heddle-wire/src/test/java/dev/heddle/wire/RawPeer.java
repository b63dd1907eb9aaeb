package dev.heddle.wire;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/// A client made of a socket and the protocol's description, which does only what it is told.
final class RawPeer implements AutoCloseable {
  final Socket socket;

  RawPeer(Address address) throws IOException {
    socket = new Socket(address.host(), address.port());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) TestNode.SOON.toMillis());
    handshake();
  }

  private void handshake() throws IOException {
    var out = HandshakeChannel.part(Handshake.INTRODUCTION);
    new Introduction(Protocol.VERSION_LEAST, Protocol.VERSION_MOST,
        new Hello(Hello.Role.CLIENT, "raw", "0", "0", Optional.empty()), Limits.DEFAULT,
        Handshake.nonce()).write(out);
    var mine = Arrays.copyOf(out.bytes(), out.size());
    ByteBuffer.wrap(mine).order(ByteOrder.LITTLE_ENDIAN).putShort(5, (short) (mine.length - 7));
    socket.getOutputStream().write(mine);
    var theirs = hearPart();
    var transcript = Arrays.copyOf(mine, mine.length + theirs.length);
    System.arraycopy(theirs, 0, transcript, mine.length, theirs.length);
    var proof = ByteBuffer.allocate(39).order(ByteOrder.LITTLE_ENDIAN)
        .putInt(Protocol.MAGIC).put((byte) Handshake.PROOF).putShort((short) 32)
        .put(TestNode.SECRET.prove("heddle client", transcript));
    socket.getOutputStream().write(proof.array());
    hearPart();
  }

  private byte[] hearPart() throws IOException {
    var head = socket.getInputStream().readNBytes(7);
    var length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getShort(5);
    var part = Arrays.copyOf(head, 7 + length);
    socket.getInputStream().readNBytes(part, 7, length);
    return part;
  }

  void say(byte... frame) throws IOException {
    var bytes = ByteBuffer.allocate(4 + frame.length).order(ByteOrder.LITTLE_ENDIAN)
        .putInt(frame.length).put(frame);
    socket.getOutputStream().write(bytes.array());
  }

  /// @return type and body; empty at the end
  byte[] hear() throws IOException {
    var head = socket.getInputStream().readNBytes(4);
    return head.length < 4
        ? head
        : socket.getInputStream()
            .readNBytes(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
