package dev.heddle.wire;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;

/// Puts what messages consist of into frames. Large buffers stay outside, in [#chunked].
///
/// The order of the fields is that of the records; `docs/protocol.md` spells it out. Its mirror is [PartReader].
final class PartWriter {
  /// Refers to no writer, so that none has to be made for each message.
  interface Part<T> {
    void write(PartWriter to, T part);
  }

  interface Pair<K, V> {
    void write(PartWriter to, K first, V second);
  }

  private static final int BYTES = Bulks.codeOf(Bulk.Kind.BYTE);

  private final Encoder out;
  private final List<Bulk> chunked = new ArrayList<>();
  private int inlineBytesLeft;

  PartWriter(Encoder out) {
    this.out = out;
  }

  Encoder out() {
    return out;
  }

  /// A message begins.
  void begin() {
    chunked.clear();
    inlineBytesLeft = Protocol.INLINE_BYTES_MAX;
  }

  /// The buffers that did not go into the last message, in order.
  List<Bulk> chunked() {
    return chunked;
  }

  void operation(Operation operation) {
    out.varint(operation.code());
  }

  <T> void list(Collection<T> items, Part<? super T> each) {
    var size = items.size();
    out.varint(size);
    if (items instanceof List<T> inOrder && items instanceof RandomAccess) {
      for (var i = 0; i < size; i++) {
        each.write(this, inOrder.get(i));
      }
    } else {
      for (var item : items) {
        each.write(this, item);
      }
    }
  }

  <K, V> void map(Map<K, V> entries, Pair<? super K, ? super V> each) {
    out.varint(entries.size());
    for (var entry : entries.entrySet()) {
      each.write(this, entry.getKey(), entry.getValue());
    }
  }

  <T> void optional(Optional<T> item, Part<? super T> some) {
    out.flag(item.isPresent());
    if (item.isPresent()) {
      some.write(this, item.get());
    }
  }

  void text(String text) {
    out.text(text);
  }

  void number(long number) {
    out.varint(number);
  }

  void key(Key key) {
    out.key(key);
  }

  void hash(ContentHash hash) {
    out.raw(hash.digest(), 0, ContentHash.BYTES);
  }

  void codeBase(CodeBaseId id) {
    out.fixed64(id.high());
    out.fixed64(id.low());
  }

  void address(Address address) {
    out.text(address.host());
    out.fixed16(address.port());
  }

  void workerId(WorkerId id) {
    out.text(id.name());
    out.fixed64(id.incarnation());
  }

  void workerInfo(WorkerInfo worker) {
    workerId(worker.id());
    address(worker.address());
    out.text(worker.host());
    out.zigzag(worker.pid());
    out.zigzag(worker.threads());
  }

  void entry(Message.Entry entry) {
    key(entry.key());
    out.zigzag(entry.sizeBytes());
  }

  void holdersOf(Key key, List<Holder> holders) {
    key(key);
    list(holders, PartWriter::holder);
  }

  void holder(Holder holder) {
    workerId(holder.worker());
    address(holder.address());
    out.text(holder.host());
    out.zigzag(holder.sizeBytes());
  }

  void amounts(Map<String, Integer> amounts) {
    map(amounts, (_, name, amount) -> {
      out.text(name);
      out.zigzag(amount);
    });
  }

  void counts(Map<String, Long> counts) {
    map(counts, (_, name, count) -> {
      out.text(name);
      out.zigzag(count);
    });
  }

  void callee(Callee callee) {
    switch (callee) {
      case Callee.Known(var function) -> {
        out.u8(0);
        out.zigzag(function);
      }
      case Callee.Carried(var payload) -> {
        out.u8(1);
        payload(payload);
      }
    }
  }

  void operand(Operand operand) {
    switch (operand) {
      case Operand.OfTask(var task) -> {
        out.u8(0);
        out.varint(task);
      }
      case Operand.Inline(var payload) -> {
        out.u8(1);
        payload(payload);
      }
    }
  }

  /// Most tasks have those that go without saying, which takes one byte.
  void settings(TaskSettings settings) {
    var given = !settings.equals(TaskSettings.DEFAULT);
    out.flag(given);
    if (given) {
      out.zigzag(settings.priority());
      out.zigzag(settings.retries());
      out.zigzag(settings.timeoutMillis());
      list(settings.workers(), PartWriter::text);
      amounts(settings.resources());
      out.flag(settings.blocking());
      out.flag(settings.detached());
    }
  }

  void taskEnd(Message.TaskEnd end) {
    switch (end) {
      case Message.TaskEnd.Ready(var type, var sizeBytes, var runNanos, var value) -> {
        out.u8(0);
        out.text(type);
        out.zigzag(sizeBytes);
        out.zigzag(runNanos);
        optional(value, PartWriter::payload);
      }
      case Message.TaskEnd.Failed(var failure, var runNanos) -> {
        out.u8(1);
        failure(failure, 1);
        out.zigzag(runNanos);
      }
      case Message.TaskEnd.Lacking(var inputs, var reason) -> {
        out.u8(2);
        list(inputs, PartWriter::key);
        out.text(reason);
      }
      case Message.TaskEnd.GivenBack(var reason, var begun) -> {
        out.u8(3);
        out.text(reason);
        out.flag(begun);
      }
      case Message.TaskEnd.Cancelled(var begun) -> {
        out.u8(4);
        out.flag(begun);
      }
    }
  }

  void result(Message.Result result) {
    switch (result) {
      case Message.Result.Ready(var task, var type, var sizeBytes, var holders, var value) -> {
        out.u8(0);
        out.varint(task);
        out.text(type);
        out.zigzag(sizeBytes);
        list(holders, PartWriter::holder);
        optional(value, PartWriter::payload);
      }
      case Message.Result.Failed(var task, var origin, var attempt, var failure) -> {
        out.u8(1);
        out.varint(task);
        optional(origin, PartWriter::key);
        optional(attempt, PartWriter::attempt);
        failure(failure, 1);
      }
      case Message.Result.Cancelled(var task, var reason, var begun) -> {
        out.u8(2);
        out.varint(task);
        out.text(reason);
        out.u8(Codes.of(begun));
      }
      case Message.Result.Lost(var task, var reason) -> {
        out.u8(3);
        out.varint(task);
        out.text(reason);
      }
    }
  }

  void attempt(Attempt attempt) {
    key(attempt.key());
    out.text(attempt.worker());
    out.text(attempt.host());
    out.zigzag(attempt.pid());
    out.zigzag(attempt.number());
    out.zigzag(attempt.most());
    out.zigzag(attempt.runNanos());
  }

  void argument(Argument argument) {
    switch (argument) {
      case Argument.Stored(var key) -> {
        out.u8(0);
        key(key);
      }
      case Argument.Inline(var payload) -> {
        out.u8(1);
        payload(payload);
      }
    }
  }

  void datum(Message.Datum datum) {
    switch (datum) {
      case Message.Datum.Found(var payload) -> {
        out.u8(0);
        payload(payload);
      }
      case Message.Datum.Missing() -> out.u8(1);
      case Message.Datum.Unsendable(var failure) -> {
        out.u8(2);
        failure(failure, 1);
      }
      case Message.Datum.Later() -> out.u8(3);
      case Message.Datum.Placed(var rest, var handOver, var segment, var places) -> {
        out.u8(4);
        payload(rest);
        out.varint(handOver);
        out.varint(segment);
        list(places, (_, place) -> {
          out.varint(place.buffer());
          out.varint(place.offset());
          out.varint(place.sizeBytes());
        });
      }
    }
  }

  void change(Message.Change change) {
    switch (change) {
      case Message.Change.Registered(var worker, var key, var sizeBytes) -> {
        out.u8(0);
        workerId(worker);
        key(key);
        out.zigzag(sizeBytes);
      }
      case Message.Change.Unregistered(var worker, var key) -> {
        out.u8(1);
        workerId(worker);
        key(key);
      }
      case Message.Change.Joined(var worker) -> {
        out.u8(2);
        workerInfo(worker);
      }
      case Message.Change.Left(var worker) -> {
        out.u8(3);
        workerId(worker);
      }
    }
  }

  void failure(Failure failure, int depth) {
    if (depth > Failure.DEPTH_MAX) {
      throw new UnsendableException("a failure has causes and suppressed failures more than "
          + Failure.DEPTH_MAX + " deep: " + failure);
    }
    if (failure.frames().size() > Failure.FRAMES_MAX) {
      throw new UnsendableException("a failure has " + failure.frames().size()
          + " frames; at most " + Failure.FRAMES_MAX + " are allowed: " + failure);
    }
    out.text(failure.type());
    out.text(failure.message());
    list(failure.frames(), (_, frame) -> {
      out.text(frame.className());
      out.text(frame.methodName());
      optional(frame.fileName(), PartWriter::text);
      out.zigzag(frame.line());
    });
    out.varint(failure.framesOmitted());
    optional(failure.cause(), (_, cause) -> failure(cause, depth + 1));
    list(failure.suppressed(), (_, suppressed) -> failure(suppressed, depth + 1));
    optional(failure.original(), PartWriter::payload);
  }

  void payload(Payload payload) {
    out.varint(payload.codec());
    list(payload.codeBases(), PartWriter::codeBase);
    header(payload.header());
    list(payload.buffers(), PartWriter::buffer);
  }

  /// As [#buffer], for what is small nearly always.
  private void header(byte[] bytes) {
    if (isInline(bytes.length)) {
      inlineBytesLeft -= bytes.length;
      out.u8(BYTES);
      out.varint(bytes.length);
      out.raw(bytes, 0, bytes.length);
    } else {
      buffer(Bulk.of(bytes));
    }
  }

  private boolean isInline(long size) {
    return size < Protocol.INLINE_BUFFER_BYTES_MAX && size <= inlineBytesLeft;
  }

  void buffer(Bulk bulk) {
    var size = bulk.sizeBytes();
    var kind = Bulks.codeOf(bulk.kind());
    Bulks.checkAlive(bulk);
    if (isInline(size)) {
      inlineBytesLeft -= (int) size;
      out.u8(kind);
      out.varint(size);
      var at = out.skip((int) size);
      Bulks.copyOut(Bulks.toWire(bulk), out.bytes(), at);
    } else {
      Bulks.checkShared(bulk);
      out.u8(kind | PartReader.CHUNKED);
      out.varint(size);
      chunked.add(bulk);
    }
  }
}
