package dev.heddle.wire;

/// Something that a peer sent and that this node has to act on.
public sealed interface Incoming {
  /// To be answered by [Connection#reply] with the same number.
  record Asked(long correlation, Message.Request request) implements Incoming {}

  record Noticed(Message.Notice notice) implements Incoming {}
}
