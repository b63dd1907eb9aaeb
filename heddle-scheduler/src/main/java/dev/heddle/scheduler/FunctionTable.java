package dev.heddle.scheduler;

import dev.heddle.wire.Callee;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Which shared functions one worker has been sent over one connection, under which numbers; those
/// used least recently go when there are too many. Any thread may use it.
final class FunctionTable {
  private static final int FUNCTIONS_MAX = 512;
  private static final long BYTES_MAX = 64L << 20;

  private final Connection worker;
  private final LinkedHashMap<Function, Integer> numbers = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;
  private int last;

  FunctionTable(Connection worker) {
    this.worker = worker;
  }

  /// How a function is named to the worker, which is sent it first if it does not have it.
  ///
  /// @throws dev.heddle.wire.UnsendableException if it is more than the worker takes
  synchronized Callee callee(Function function) {
    if (!function.shared()) {
      return new Callee.Carried(function.payload());
    }
    var known = numbers.get(function);
    if (known != null) {
      return new Callee.Known(known);
    }
    worker.notice(new Message.Define(last + 1, function.payload()));
    last++;
    numbers.put(function, last);
    bytes += function.payload().sizeBytes();
    makeRoom();
    return new Callee.Known(last);
  }

  private void makeRoom() {
    var dropped = new ArrayList<Integer>();
    var oldest = numbers.entrySet().iterator();
    while (numbers.size() > 1 && (numbers.size() > FUNCTIONS_MAX || bytes > BYTES_MAX)) {
      var next = oldest.next();
      bytes -= next.getKey().payload().sizeBytes();
      dropped.add(next.getValue());
      oldest.remove();
    }
    if (!dropped.isEmpty()) {
      worker.notice(new Message.Undefine(dropped));
    }
  }

  /// Its client has no more use for it. Should it be assigned once more, it is sent once more.
  ///
  /// @return whether the worker had it, and the connection wants to be flushed
  synchronized boolean drop(Function function) {
    var number = numbers.remove(function);
    if (number == null) {
      return false;
    }
    bytes -= function.payload().sizeBytes();
    worker.notice(new Message.Undefine(List.of(number)));
    return true;
  }
}
