package dev.heddle.wire;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A call that waits for its answer. The first outcome counts.
final class PendingCall implements Pending, Connection.Call {
  sealed interface Outcome {
    record Answered(Message.Response response) implements Outcome {}

    record Lost(String reason) implements Outcome {}

    record Busy(String message) implements Outcome {}

    record TimedOut(String message) implements Outcome {}
  }

  private final Calls calls;
  private final long correlation;
  private final Message.Request request;
  private final CountDownLatch done = new CountDownLatch(1);
  private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();

  PendingCall(Calls calls, long correlation, Message.Request request) {
    this.calls = calls;
    this.correlation = correlation;
    this.request = request;
  }

  long correlation() {
    return correlation;
  }

  void end(Outcome how) {
    if (outcome.compareAndSet(null, how)) {
      done.countDown();
    }
  }

  @Override
  public Message.Response await(Duration timeout) throws IOException, InterruptedException {
    if (!done.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      calls.forget(correlation);
      end(new Outcome.TimedOut("no answer to " + Operation.nameOf(request) + " from "
          + calls.peer() + " within " + Timeouts.text(timeout)
          + "; it may be busy or cut off. Whether it was carried out is not known"));
    }
    return switch (Objects.requireNonNull(outcome.get(), "set before done")) {
      case Outcome.Answered(Message.Refused(var reason, var message)) ->
        throw new RefusedException(reason, calls.peer() + " refused "
            + Operation.nameOf(request) + " (" + reason + "): " + message);
      case Outcome.Answered(var response) -> response;
      case Outcome.Lost(var reason) -> throw lost(reason);
      case Outcome.Busy(var message) ->
        throw new RefusedException(Message.Reason.BUSY, message);
      case Outcome.TimedOut(var message) -> throw new CallTimeoutException(message);
    };
  }

  private ConnectionLostException lost(String reason) {
    return new ConnectionLostException("the connection to " + calls.peer()
        + " ended before it answered " + Operation.nameOf(request) + ": " + reason);
  }
}
