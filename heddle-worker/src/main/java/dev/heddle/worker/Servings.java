package dev.heddle.worker;

import dev.heddle.process.Channel;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Where what is to be served goes: a few values that are ready to travel are said at once, the rest
/// is for *serve*. For any number of threads; never waits.
final class Servings {
  /// More take longer than to wake another process.
  private static final int SAID_AT_ONCE_MAX = 16;

  private final Channel<Serving> servings;
  private final SharedMemory shared;

  Servings(Channel<Serving> servings, SharedMemory shared) {
    this.servings = servings;
    this.shared = shared;
  }

  /// @return whether something was said, which the caller has to flush
  boolean serve(Serving serving) {
    if (serving instanceof Serving.Values values) {
      var data = ready(values);
      if (data.isPresent()) {
        Serving.answer(values.to(), values.correlation(), data.get());
        return true;
      }
    }
    if (servings.offer(serving)) {
      return false;
    }
    serving.to().reply(serving.correlation(), Serving.BUSY);
    return true;
  }

  private Optional<Message.Data> ready(Serving.Values values) {
    if (values.found().size() + values.others().size() > SAID_AT_ONCE_MAX) {
      return Optional.empty();
    }
    var data = new LinkedHashMap<Key, Datum>();
    for (var each : values.found().entrySet()) {
      var datum = ready(values.to(), (StoredValue) each.getValue());
      if (datum.isEmpty()) {
        takeBack(values.to(), data);
        return Optional.empty();
      }
      data.put(each.getKey(), datum.get());
    }
    data.putAll(values.others());
    return Optional.of(new Message.Data(data));
  }

  private Optional<? extends Datum> ready(Connection to, StoredValue value) {
    if (value.sizeBytes() >= SharedPool.VALUE_BYTES_MIN && shared.isNear(to)) {
      return shared.handOverAgain(to, value);
    }
    return value.sizeBytes() < Lanes.VALUE_BYTES_MIN
        ? value.ready().map(Datum.Found::new)
        : Optional.empty();
  }

  private void takeBack(Connection to, Map<Key, Datum> data) {
    for (var datum : data.values()) {
      if (datum instanceof Datum.Placed placed) {
        shared.takeBack(to, placed);
      }
    }
  }
}
