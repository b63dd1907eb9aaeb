package dev.heddle.worker;

import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.wire.UnsendableException;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/// Something to be answered that takes too long for the link that it came by: values are serialized,
/// classes are read and hashed.
sealed interface Serving {
  /// The answer when too much is to be served already.
  Message.Refused BUSY = new Message.Refused(Message.Reason.BUSY,
      "too many requests for data at once; ask again in a moment");

  /// Answers, or, where the answer breaks a limit, leaves it at the refusal that the asker gets of
  /// that by itself.
  static void answer(Connection to, long correlation, Message.Response response) {
    try {
      to.reply(correlation, response);
    } catch (UnsendableException e) {
      LoggerFactory.getLogger(Serving.class).warn("{} asked for more than fits one answer: {}",
          to.peer().name(), e.getMessage());
    }
  }

  Connection to();

  long correlation();

  record Values(Connection to, long correlation, Map<Key, Value> found, Map<Key, Datum> others)
      implements
        Serving {}

  record Content(Connection to, long correlation, CodeBaseId codeBase, List<String> names)
      implements
        Serving {}

  record Blobs(Connection to, long correlation, List<ContentHash> hashes) implements Serving {}
}
