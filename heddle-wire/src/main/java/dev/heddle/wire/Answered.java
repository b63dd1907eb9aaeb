package dev.heddle.wire;

/// The answer to a [Connection#ask].
///
/// @param question as the asker gave it
public record Answered(Object question, Message.Response response) {}
