package dev.heddle.wire;

/// How much a node takes on. What concerns the peer is told to it in the handshake, so that it
/// refuses at the sender what the receiver would have to refuse.
///
/// @param frameBytesMax the largest frame; a message without its bulk must fit into one (16 MiB)
/// @param bulkBytesMax the most bulk bytes of one message (64 GiB)
/// @param bulkInFlightBytesMax the most bulk bytes announced and not yet arrived on one connection;
///     the sender holds messages back beyond it (64 GiB)
/// @param transfersMax the most messages with bulk under way on one connection, likewise (1024)
/// @param outboxBytesMax how many bytes of messages may wait for a peer that does not read, bulk
///     aside; beyond it the connection ends (256 MiB)
/// @param outboxMessagesMax how many messages may wait so (2^20)
/// @param callsMax how many calls may be unanswered on one connection (2^20)
/// @param connectionsMax how many connections a node has at once (4096)
/// @param strangersMax how many accepted connections may be in their handshake at once (64)
public record Limits(int frameBytesMax, long bulkBytesMax, long bulkInFlightBytesMax,
    int transfersMax, long outboxBytesMax, int outboxMessagesMax, int callsMax, int connectionsMax,
    int strangersMax) {

  public static final Limits DEFAULT = new Limits(16 << 20, 64L << 30, 64L << 30, 1024, 256L << 20,
      1 << 20, 1 << 20, 4096, 64);

  /// The most that [#transfersMax] may be.
  static final int TRANSFERS_MOST = 1 << 20;
  /// The smallest [#frameBytesMax] that a node may have.
  static final int FRAME_BYTES_LEAST = 64 << 10;
  /// The largest [#frameBytesMax] that a node may have.
  static final int FRAME_BYTES_MOST = 1 << 30;

  public Limits {
    check("frameBytesMax", frameBytesMax, FRAME_BYTES_LEAST, FRAME_BYTES_MOST);
    check("bulkBytesMax", bulkBytesMax, 0, Long.MAX_VALUE);
    check("bulkInFlightBytesMax", bulkInFlightBytesMax, bulkBytesMax, Long.MAX_VALUE);
    check("transfersMax", transfersMax, 1, TRANSFERS_MOST);
    check("outboxBytesMax", outboxBytesMax, frameBytesMax, Long.MAX_VALUE);
    check("outboxMessagesMax", outboxMessagesMax, 1, Integer.MAX_VALUE);
    check("callsMax", callsMax, 1, Integer.MAX_VALUE);
    check("connectionsMax", connectionsMax, 1, Integer.MAX_VALUE);
    check("strangersMax", strangersMax, 1, Integer.MAX_VALUE);
  }

  private static void check(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + ", expected " + least + " to " + most);
    }
  }

  public Limits withFrameBytesMax(int max) {
    return new Limits(max, bulkBytesMax, bulkInFlightBytesMax, transfersMax, outboxBytesMax,
        outboxMessagesMax, callsMax, connectionsMax, strangersMax);
  }

  /// For one message and for all under way alike.
  public Limits withBulkBytesMax(long max) {
    return new Limits(frameBytesMax, max, Math.max(max, bulkInFlightBytesMax), transfersMax,
        outboxBytesMax, outboxMessagesMax, callsMax, connectionsMax, strangersMax);
  }

  public Limits withBulkInFlight(long bytesMax, int transfers) {
    return new Limits(frameBytesMax, Math.min(bulkBytesMax, bytesMax), bytesMax, transfers,
        outboxBytesMax, outboxMessagesMax, callsMax, connectionsMax, strangersMax);
  }

  public Limits withOutbox(long bytesMax, int messagesMax) {
    return new Limits(frameBytesMax, bulkBytesMax, bulkInFlightBytesMax, transfersMax, bytesMax,
        messagesMax, callsMax, connectionsMax, strangersMax);
  }

  public Limits withCallsMax(int max) {
    return new Limits(frameBytesMax, bulkBytesMax, bulkInFlightBytesMax, transfersMax,
        outboxBytesMax, outboxMessagesMax, max, connectionsMax, strangersMax);
  }

  public Limits withConnections(int max, int strangers) {
    return new Limits(frameBytesMax, bulkBytesMax, bulkInFlightBytesMax, transfersMax,
        outboxBytesMax, outboxMessagesMax, callsMax, max, strangers);
  }
}
