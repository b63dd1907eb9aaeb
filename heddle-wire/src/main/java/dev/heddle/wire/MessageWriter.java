package dev.heddle.wire;

import java.util.List;

/// Puts messages into frames. Its mirror is [MessageReader].
final class MessageWriter {
  private final PartWriter parts;

  MessageWriter(Encoder out) {
    parts = new PartWriter(out);
  }

  /// The buffers that did not go into the last message, in order.
  List<Bulk> chunked() {
    return parts.chunked();
  }

  void write(Message message) {
    parts.begin();
    switch (message) {
      case Message.Request request -> RequestWriter.write(request, parts);
      case Message.Response response -> ResponseWriter.write(response, parts);
      case Message.Notice notice -> NoticeWriter.write(notice, parts);
    }
  }
}
