package dev.heddle.worker;

import dev.heddle.process.Body;
import dev.heddle.process.Source;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.worker.WorkerEvent.ValueLost;
import java.util.LinkedHashMap;
import java.util.function.Consumer;

/// Answers requests for values and for classes, one at a time; there are several of these.
///
/// - In: `servings`, from the core (values) and from the links (classes).
/// - Out: the answers, straight to the connection that asked; to the core, which values were lost.
/// - Ends when `servings` is done. A value that cannot be serialized never ends it: that is an
///   answer.
final class Server implements Body {
  private final Source<Serving> servings;
  private final NodeCode code;
  private final SharedMemory shared;
  private final Lanes lanes;
  private final Consumer<WorkerEvent> core;

  Server(Source<Serving> servings, NodeCode code, SharedMemory shared, Lanes lanes,
      Consumer<WorkerEvent> core) {
    this.servings = servings;
    this.code = code;
    this.shared = shared;
    this.lanes = lanes;
    this.core = core;
  }

  @Override
  public void run() throws InterruptedException {
    while (servings.receiveOrDone() instanceof Serving serving) {
      Serving.answer(serving.to(), serving.correlation(), answerTo(serving));
      lanes.said(serving.to());
      serving.to().flush();
    }
  }

  private Message.Response answerTo(Serving serving) {
    return switch (serving) {
      case Serving.Values values -> data(values);
      case Serving.Content content -> code.content(content.codeBase(), content.names());
      case Serving.Blobs blobs -> code.blobs(blobs.hashes());
    };
  }

  private Message.Data data(Serving.Values values) {
    var data = new LinkedHashMap<Key, Datum>();
    values.found()
        .forEach((key, value) -> data.put(key, datum(values.to(), key, (StoredValue) value)));
    data.putAll(values.others());
    return new Message.Data(data);
  }

  private Datum datum(Connection to, Key key, StoredValue value) {
    try {
      var placed = shared.handOver(to, value, code);
      if (placed.isPresent()) {
        return placed.get();
      }
      return value.sizeBytes() < Lanes.VALUE_BYTES_MIN || lanes.enter(to)
          ? new Datum.Found(value.encoded(code))
          : new Datum.Later();
    } catch (LostValueException e) {
      core.accept(new ValueLost(key, value, String.valueOf(e.getMessage())));
      return new Datum.Missing();
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      return new Datum.Unsendable(code.capture(e));
    }
  }
}
