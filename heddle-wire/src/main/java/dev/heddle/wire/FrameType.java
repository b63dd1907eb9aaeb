package dev.heddle.wire;

/// The byte after a frame's length.
final class FrameType {
  static final int REQUEST = 1;
  static final int RESPONSE = 2;
  static final int NOTICE = 3;
  /// A piece of a transfer.
  static final int CHUNK = 4;
  static final int PING = 5;
  static final int PONG = 6;
  /// The last frame, with the reason.
  static final int GOODBYE = 7;
  /// The rest of a transfer will not come.
  static final int ABANDON = 8;

  /// Set with [#REQUEST], [#RESPONSE] and [#NOTICE] where bulk follows in chunks.
  static final int WITH_BULK = 0x80;

  private FrameType() {}
}
