package dev.heddle.wire;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The calls over one connection that have no answer yet. For any thread.
final class Calls {
  private final String peer;
  private final int most;
  private final AtomicLong last = new AtomicLong();
  private final ConcurrentHashMap<Long, PendingCall> pending = new ConcurrentHashMap<>();
  private volatile @Nullable String lost;

  /// @param peer for messages: `worker-2 at heddle://10.0.0.7:8786`
  Calls(String peer, int most) {
    this.peer = peer;
    this.most = most;
  }

  String peer() {
    return peer;
  }

  /// Registers a call.
  ///
  /// @return the call; over already where there are too many or the connection has ended
  PendingCall open(Message.Request request) {
    var call = new PendingCall(this, last.incrementAndGet(), request);
    if (pending.mappingCount() >= most) {
      call.end(new PendingCall.Outcome.Busy(most + " calls to " + peer
          + " have no answer yet; await some of them before the next"));
      return call;
    }
    pending.put(call.correlation(), call);
    var reason = lost;
    if (reason != null) {
      pending.remove(call.correlation());
      call.end(new PendingCall.Outcome.Lost(reason));
    }
    return call;
  }

  boolean isPending(long correlation) {
    return pending.containsKey(correlation);
  }

  boolean isEmpty() {
    return pending.isEmpty();
  }

  /// Gives a call its answer, if anybody still waits for it.
  void answer(long correlation, Message.Response response) {
    var call = pending.remove(correlation);
    if (call != null) {
      call.end(new PendingCall.Outcome.Answered(response));
    }
  }

  void forget(long correlation) {
    pending.remove(correlation);
  }

  /// Ends every call, also those to come.
  void loseAll(String reason) {
    lost = reason;
    for (var call : pending.values()) {
      forget(call.correlation());
      call.end(new PendingCall.Outcome.Lost(reason));
    }
  }
}
