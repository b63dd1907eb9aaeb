package dev.heddle.wire;

/// The numbers of the protocol that no node can choose. `docs/protocol.md` explains them.
final class Protocol {
  /// The oldest and the newest version that this node speaks.
  static final int VERSION_LEAST = 1;
  static final int VERSION_MOST = 1;

  /// `HDDL`, the first bytes of everything said in a handshake.
  static final int MAGIC = 0x4C444448;
  /// The longest thing said in a handshake.
  static final int HANDSHAKE_BYTES_MAX = 4096;

  /// The length before every frame.
  static final int LENGTH_BYTES = 4;
  /// What follows the body of a message with bulk: the transfer's number and size.
  static final int TRAILER_BYTES = 16;
  /// The most bytes of a transfer in one frame.
  static final int CHUNK_BYTES_MAX = 256 << 10;
  /// The longest text, in bytes of UTF-8.
  static final int TEXT_BYTES_MAX = 1 << 20;
  /// The longest reason in a goodbye.
  static final int REASON_BYTES_MAX = 1024;
  /// Larger buffers travel in chunks; smaller ones too once those in the message are
  /// [#INLINE_BYTES_MAX] together.
  static final int INLINE_BUFFER_BYTES_MAX = 16 << 10;
  static final int INLINE_BYTES_MAX = 1 << 20;

  private Protocol() {}
}
