package dev.heddle.wire;

/// Puts notices into frames. Its mirror is [MessageReader#notice()].
final class NoticeWriter {
  private NoticeWriter() {}

  static void write(Message.Notice notice, PartWriter to) {
    var out = to.out();
    switch (notice) {
      case Message.Changed(var watch, var changes, var lost) -> {
        to.operation(Operation.CHANGED);
        out.fixed64(watch);
        to.list(changes, PartWriter::change);
        out.flag(lost);
      }
      case Message.Assign(var task, var key, var function, var arguments, var captured, var holders, var order, var timeoutMillis, var blocking) -> {
        to.operation(Operation.ASSIGN);
        out.varint(task);
        to.key(key);
        to.callee(function);
        to.list(arguments, PartWriter::argument);
        to.list(captured, PartWriter::key);
        to.map(holders, PartWriter::holdersOf);
        out.zigzag(order);
        out.varint(timeoutMillis);
        out.flag(blocking);
      }
      case Message.Ended(var task, var end) -> {
        to.operation(Operation.ENDED);
        out.varint(task);
        to.taskEnd(end);
      }
      case Message.Results(var results) -> {
        to.operation(Operation.RESULTS);
        to.list(results, PartWriter::result);
      }
      case Message.Submit(var number, var key, var function, var operands, var captured, var settings, var fingerprint, var returning) -> {
        to.operation(Operation.SUBMIT);
        out.varint(number);
        to.key(key);
        to.callee(function);
        to.list(operands, PartWriter::operand);
        to.list(captured, PartWriter::number);
        to.settings(settings);
        to.optional(fingerprint, PartWriter::hash);
        out.flag(returning);
      }
      case Message.SubmitMap(var first, var group, var index, var function, var operands, var captured, var settings, var returning) -> {
        to.operation(Operation.SUBMIT_MAP);
        out.varint(first);
        to.key(group);
        out.zigzag(index);
        to.callee(function);
        to.list(operands, PartWriter::operand);
        to.list(captured, PartWriter::number);
        to.settings(settings);
        out.flag(returning);
      }
      case Message.Define(var function, var payload) -> {
        to.operation(Operation.DEFINE);
        out.zigzag(function);
        to.payload(payload);
      }
      case Message.Undefine(var functions) -> {
        to.operation(Operation.UNDEFINE);
        to.list(functions, (_, function) -> out.zigzag(function));
      }
      case Message.Scattered(var number, var key, var holders, var sizeBytes) -> {
        to.operation(Operation.SCATTERED);
        out.varint(number);
        to.key(key);
        to.list(holders, PartWriter::workerId);
        out.zigzag(sizeBytes);
      }
      case Message.Drop(var tasks) -> {
        to.operation(Operation.DROP);
        to.list(tasks, (_, range) -> {
          out.varint(range.first());
          out.varint(range.count());
        });
      }
      case Message.Need(var tasks) -> {
        to.operation(Operation.NEED);
        to.list(tasks, PartWriter::number);
      }
      case Message.SubmittedAt(var place, var tasks) -> {
        to.operation(Operation.SUBMITTED_AT);
        out.text(place);
        to.list(tasks, PartWriter::number);
      }
      case Message.Withdraw(var tasks) -> {
        to.operation(Operation.WITHDRAW);
        to.list(tasks, PartWriter::number);
      }
      case Message.Abort(var tasks) -> {
        to.operation(Operation.ABORT);
        to.list(tasks, PartWriter::number);
      }
      case Message.WorkersNow(var workers) -> {
        to.operation(Operation.WORKERS_NOW);
        to.list(workers, PartWriter::workerInfo);
      }
      case Message.Farewell() -> to.operation(Operation.FAREWELL);
      case Message.Trace(var context, var attempt) -> {
        to.operation(Operation.TRACE);
        out.text(context);
        out.zigzag(attempt);
      }
      case Message.LetGo(var handOvers) -> {
        to.operation(Operation.LET_GO);
        to.list(handOvers, PartWriter::number);
      }
      case Message.Recall(var tasks) -> {
        to.operation(Operation.RECALL);
        to.list(tasks, PartWriter::number);
      }
      case Message.Release(var keys) -> {
        to.operation(Operation.RELEASE);
        to.list(keys, PartWriter::key);
      }
      case Message.Holding(var stored, var unfinished) -> {
        to.operation(Operation.HOLDING);
        to.list(stored, PartWriter::entry);
        to.list(unfinished, PartWriter::key);
      }
      case Message.Waits(var task, var waiting) -> {
        to.operation(Operation.WAITS);
        out.varint(task);
        out.flag(waiting);
      }
      case Message.Beat(var assignsSeen, var unfinished, var running, var values, var memoryBytes, var diskBytes, var vitals, var paused, var kept) -> {
        to.operation(Operation.BEAT);
        out.varint(assignsSeen);
        to.list(unfinished, PartWriter::number);
        to.list(running, PartWriter::number);
        out.zigzag(values);
        out.zigzag(memoryBytes);
        out.zigzag(diskBytes);
        out.zigzag(vitals.heapBytes());
        out.zigzag(vitals.heapBytesMax());
        out.zigzag(vitals.loadPercent());
        out.text(paused);
        to.list(kept, PartWriter::key);
      }
      case Message.ValuesLost(var keys) -> {
        to.operation(Operation.VALUES_LOST);
        to.list(keys, PartWriter::key);
      }
      case Message.ValuesMoved(var keys, var taker, var last) -> {
        to.operation(Operation.VALUES_MOVED);
        to.list(keys, PartWriter::key);
        to.workerId(taker);
        out.flag(last);
      }
    }
  }
}
