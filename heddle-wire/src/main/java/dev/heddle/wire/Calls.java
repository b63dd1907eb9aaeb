package dev.heddle.wire;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The calls over one connection that have no answer yet. For any thread.
final class Calls {
  private final String peer;
  private final int most;
  private final AtomicLong last = new AtomicLong();
  private final ConcurrentHashMap<Long, Pending> pending = new ConcurrentHashMap<>();
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
      call.end(new PendingCall.Outcome.Busy(tooMany()));
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

  private String tooMany() {
    return most + " calls to " + peer
        + " have no answer yet; await some of them before the next";
  }

  /// Registers a question whose answer goes to the handler.
  ///
  /// @return its number
  long ask(Object question) throws IOException {
    if (pending.mappingCount() >= most) {
      throw new RefusedException(Message.Reason.BUSY, tooMany());
    }
    var correlation = last.incrementAndGet();
    pending.put(correlation, new Pending.Question(question));
    var reason = lost;
    if (reason != null) {
      pending.remove(correlation);
      throw new ConnectionLostException("the connection to " + peer + " has ended: " + reason);
    }
    return correlation;
  }

  boolean isPending(long correlation) {
    return pending.containsKey(correlation);
  }

  boolean isEmpty() {
    return pending.isEmpty();
  }

  /// Gives a call its answer, if anybody still waits for it.
  ///
  /// @return the question, if the answer is the handler's
  Optional<Object> answer(long correlation, Message.Response response) {
    return switch (pending.remove(correlation)) {
      case PendingCall call -> {
        call.end(new PendingCall.Outcome.Answered(response));
        yield Optional.empty();
      }
      case Pending.Question(var question) -> Optional.of(question);
      case null -> Optional.empty();
    };
  }

  void forget(long correlation) {
    pending.remove(correlation);
  }

  /// Ends every call, also those to come. Whoever asked through the handler learns it there.
  void loseAll(String reason) {
    lost = reason;
    for (var each : pending.entrySet()) {
      forget(each.getKey());
      if (each.getValue() instanceof PendingCall call) {
        call.end(new PendingCall.Outcome.Lost(reason));
      }
    }
  }
}
