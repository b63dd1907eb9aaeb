package dev.heddle.wire;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What a connection has yet to write. Any thread puts messages in, already as frames; whoever
/// writes ([LinkWriter]) takes all that there is.
///
/// Bulk is only referred to. Messages whose bulk the peer has no room for yet are held back here,
/// in order; those without bulk pass them, but requests and notices never pass a notice.
final class Outbox {
  /// A segment that has so many bytes is full.
  private static final int SEGMENT_BYTES = 64 << 10;
  private static final int SEGMENT_BYTES_FIRST = 4 << 10;
  private static final int SPARES_MAX = 4;

  /// Whole frames, one after another.
  // Handed from one owner to the next, never compared.
  @SuppressWarnings("ArrayRecordComponent")
  record Segment(byte[] bytes, int length, int messages) {}

  @SuppressWarnings("ArrayRecordComponent") // as above
  private record Held(byte[] frame, int type, @Nullable OutboundTransfer transfer) {}

  private final ReentrantLock lock = new ReentrantLock();
  /// Signalled when less waits than before, while [#waitingForRoom] is above 0.
  private final Condition room = lock.newCondition();
  private int waitingForRoom;
  private final Limits own;
  private final Limits peers;
  private final Encoder encoder;
  private final MessageWriter writer;
  private int messagesInEncoder;
  private final ArrayDeque<Segment> full = new ArrayDeque<>();
  private final ArrayDeque<byte[]> spares = new ArrayDeque<>();
  private final ArrayDeque<OutboundTransfer> starting = new ArrayDeque<>();
  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private int heldNotices;
  private long heldBytes;
  private long takenBytes;
  private int takenMessages;
  private long fullBytes;
  private int fullMessages;
  private int transfers;
  private long transferBytes;
  private long heldTransferBytes;
  private long lastTransfer;
  private boolean closed;

  /// @param peers what the peer takes on: its frames and bulk
  Outbox(Limits own, Limits peers) {
    this.own = own;
    this.peers = peers;
    encoder = new Encoder(new byte[SEGMENT_BYTES_FIRST],
        Math.min(own.frameBytesMax(), peers.frameBytesMax()));
    writer = new MessageWriter(encoder);
  }

  /// Puts a message in, unless the box was closed.
  ///
  /// @param type of the frame
  /// @param correlation of a request or response
  /// @return whether the box is within its bounds still; if not, the connection has to end
  /// @throws UnsendableException if the message breaks a limit; then nothing was put in
  boolean add(int type, long correlation, Message message) {
    lock.lock();
    try {
      if (closed) {
        return true;
      }
      encoder.begin(type);
      try {
        if (type != FrameType.NOTICE) {
          encoder.varint(correlation);
        }
        writer.write(message);
        if (writer.chunked().isEmpty()) {
          encoder.checkFrame();
          encoder.end();
          if (heldNotices > 0 && type != FrameType.RESPONSE) {
            hold(type, null);
          } else {
            added();
          }
        } else {
          addWithBulk(type, correlation);
        }
      } catch (UnsendableException e) {
        encoder.rollBack();
        throw new UnsendableException(
            "cannot send " + Operation.nameOf(message) + ": " + e.getMessage());
      } catch (RuntimeException | Error e) {
        encoder.rollBack();
        throw e;
      } finally {
        writer.chunked().clear();
      }
      return isWithinBounds();
    } finally {
      lock.unlock();
    }
  }

  private void addWithBulk(int type, long correlation) {
    var size = 0L;
    for (var bulk : writer.chunked()) {
      size = Math.addExact(size, bulk.sizeBytes());
    }
    if (size > peers.bulkBytesMax()) {
      throw new UnsendableException("it has " + size + " bytes in large buffers; the peer takes at"
          + " most " + peers.bulkBytesMax() + " at once");
    }
    var transfer = new OutboundTransfer(lastTransfer + 1, type, correlation, writer.chunked(),
        size);
    encoder.fixed64(transfer.id());
    encoder.fixed64(size);
    encoder.markBulk();
    encoder.checkFrame();
    encoder.end();
    lastTransfer++;
    if (held.isEmpty() && hasRoomFor(transfer)) {
      launch(transfer);
      added();
    } else {
      hold(type, transfer);
    }
  }

  private void hold(int type, @Nullable OutboundTransfer transfer) {
    var frame = encoder.cut();
    heldBytes += frame.length;
    heldTransferBytes += transfer == null ? 0 : transfer.sizeBytes();
    heldNotices += type == FrameType.NOTICE ? 1 : 0;
    held.add(new Held(frame, type, transfer));
  }

  private boolean hasRoomFor(OutboundTransfer transfer) {
    return transfers < peers.transfersMax()
        && transferBytes + transfer.sizeBytes() <= peers.bulkInFlightBytesMax();
  }

  private void launch(OutboundTransfer transfer) {
    transfers++;
    transferBytes += transfer.sizeBytes();
    starting.add(transfer);
  }

  private void added() {
    messagesInEncoder++;
    if (encoder.size() >= SEGMENT_BYTES) {
      rotate();
    }
  }

  private void rotate() {
    full.add(new Segment(encoder.bytes(), encoder.size(), messagesInEncoder));
    fullBytes += encoder.size();
    fullMessages += messagesInEncoder;
    messagesInEncoder = 0;
    var spare = spares.poll();
    encoder.reset(spare == null ? new byte[SEGMENT_BYTES_FIRST] : spare);
  }

  private boolean isWithinBounds() {
    return waitingBytes() <= own.outboxBytesMax()
        && fullMessages + messagesInEncoder + takenMessages + held.size() <= own
            .outboxMessagesMax();
  }

  private long waitingBytes() {
    return fullBytes + encoder.size() + takenBytes + heldBytes;
  }

  /// How many bytes of messages wait, bulk aside.
  /// Also of the large buffers of which not all is written.
  long unwrittenBytes() {
    lock.lock();
    try {
      return waitingBytes() + transferBytes + heldTransferBytes;
    } finally {
      lock.unlock();
    }
  }

  long sizeBytes() {
    lock.lock();
    try {
      return waitingBytes();
    } finally {
      lock.unlock();
    }
  }

  /// Whether nothing waits and no bulk is under way.
  boolean isEmpty() {
    lock.lock();
    try {
      return waitingBytes() == 0 && transfers == 0;
    } finally {
      lock.unlock();
    }
  }

  /// Puts a frame without a message in.
  void addControl(int type) {
    lock.lock();
    try {
      if (!closed) {
        encoder.begin(type);
        encoder.end();
        added();
      }
    } finally {
      lock.unlock();
    }
  }

  void addAbandon(OutboundTransfer transfer, String reason) {
    lock.lock();
    try {
      if (!closed) {
        encoder.begin(FrameType.ABANDON);
        encoder.varint(transfer.id());
        encoder.text(cut(reason));
        encoder.end();
        added();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Puts the last words in; nothing comes after them.
  void addGoodbye(String reason) {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        held.clear();
        heldNotices = 0;
        heldBytes = 0;
        heldTransferBytes = 0;
        starting.clear();
        room.signalAll();
        encoder.begin(FrameType.GOODBYE);
        encoder.text(cut(reason));
        encoder.end();
        added();
      }
    } finally {
      lock.unlock();
    }
  }

  private static String cut(String reason) {
    var most = Protocol.REASON_BYTES_MAX / 3;
    return reason.length() <= most ? reason : reason.substring(0, most - 1) + "…";
  }

  /// Forgets everything, and takes no more.
  void discard() {
    lock.lock();
    try {
      closed = true;
      held.clear();
      heldNotices = 0;
      starting.clear();
      full.clear();
      encoder.reset(new byte[0]);
      heldBytes = 0;
      heldTransferBytes = 0;
      fullBytes = 0;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until at most so many bytes wait, bulk included, or the box was closed.
  void awaitAtMost(long bytes) throws InterruptedException {
    lock.lock();
    try {
      waitingForRoom++;
      try {
        while (!closed && waitingBytes() + transferBytes + heldTransferBytes > bytes) {
          room.await();
        }
      } finally {
        waitingForRoom--;
      }
    } finally {
      lock.unlock();
    }
  }

  private void tellOfRoom() {
    if (waitingForRoom > 0) {
      room.signalAll();
    }
  }

  /// Hands over all that may be written now.
  void take(ArrayDeque<Segment> segments, ArrayDeque<OutboundTransfer> ring) {
    lock.lock();
    try {
      if (encoder.size() > 0) {
        rotate();
      }
      takenBytes += fullBytes;
      takenMessages += fullMessages;
      fullBytes = 0;
      fullMessages = 0;
      segments.addAll(full);
      full.clear();
      ring.addAll(starting);
      starting.clear();
    } finally {
      lock.unlock();
    }
  }

  /// So much of what was taken has been written.
  void written(int bytes, int messages) {
    if (bytes == 0) {
      return;
    }
    lock.lock();
    try {
      takenBytes -= bytes;
      takenMessages -= messages;
      tellOfRoom();
    } finally {
      lock.unlock();
    }
  }

  /// Takes the array of a segment back, for another.
  void recycle(byte[] bytes) {
    if (bytes.length > 4 * SEGMENT_BYTES) {
      return;
    }
    lock.lock();
    try {
      if (spares.size() < SPARES_MAX) {
        spares.add(bytes);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Makes room for messages that were held back.
  ///
  /// @param transfer all of it has been written
  void ended(OutboundTransfer transfer) {
    lock.lock();
    try {
      transfers--;
      transferBytes -= transfer.sizeBytes();
      while (!held.isEmpty() && mayGo(held.getFirst())) {
        var next = held.removeFirst();
        heldBytes -= next.frame().length;
        heldNotices -= next.type() == FrameType.NOTICE ? 1 : 0;
        heldTransferBytes -= next.transfer() instanceof OutboundTransfer waited
            ? waited.sizeBytes()
            : 0;
        encoder.begin(0);
        encoder.rollBack();
        encoder.raw(next.frame(), 0, next.frame().length);
        if (next.transfer() instanceof OutboundTransfer begins) {
          launch(begins);
        }
        added();
      }
      tellOfRoom();
    } finally {
      lock.unlock();
    }
  }

  private boolean mayGo(Held next) {
    return next.transfer() == null || hasRoomFor(next.transfer());
  }
}
