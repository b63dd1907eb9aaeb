package dev.heddle;

import dev.heddle.wire.Key;
import java.io.ObjectStreamException;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A task as the program holds it. Two references, and no more: what there is to know is in its
/// [Entry].
// It never travels as it is: see writeReplace.
@SuppressWarnings("serial")
final class Handle<T extends @Nullable Object> implements RemoteFuture<T>, Staged<T> {
  private final transient ClientCore core;
  private final transient Entry entry;

  Handle(ClientCore core, ReferenceQueue<Handle<?>> collected, long number, Label label,
      @Nullable CallSite submitted) {
    this.core = core;
    this.entry = new Entry(this, collected, number, label, submitted);
  }

  ClientCore core() {
    return core;
  }

  Entry entry() {
    return entry;
  }

  @Override
  public Key key() {
    return entry.key();
  }

  @Override
  public Client client() {
    return core.client();
  }

  // The type is what the function gave, which the caller's types promise, null included.
  @SuppressWarnings({"unchecked", "NullAway"})
  @Override
  public T get() throws InterruptedException, ExecutionException {
    try {
      return (T) core.reading().get(entry);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  // As above.
  @SuppressWarnings({"unchecked", "NullAway"})
  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      return (T) core.reading().get(entry, unit.toNanos(timeout));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean isDone() {
    return entry.outcome != null;
  }

  @Override
  public boolean isCancelled() {
    return entry.outcome instanceof Outcome.Cancelled || entry.outcome instanceof Outcome.Closed;
  }

  @Override
  public State state() {
    var outcome = entry.outcome;
    if (outcome == null) {
      return State.RUNNING;
    }
    return switch (outcome) {
      case Outcome.Decoded _,Outcome.Encoded _,Outcome.Elsewhere _ -> State.SUCCESS;
      case Outcome.Failed _,Outcome.Ended _ -> State.FAILED;
      case Outcome.Cancelled _,Outcome.Closed _ -> State.CANCELLED;
    };
  }

  @Override
  public T resultNow() {
    return switch (state()) {
      case RUNNING -> throw new IllegalStateException(this + " is not done");
      case FAILED -> throw new IllegalStateException(this + " failed", exceptionNow());
      case CANCELLED -> throw new IllegalStateException(this + " was cancelled");
      case SUCCESS -> RemoteFuture.super.resultNow();
    };
  }

  @Override
  public Throwable exceptionNow() {
    return switch (state()) {
      case RUNNING -> throw new IllegalStateException(this + " is not done");
      case SUCCESS -> throw new IllegalStateException(this + " has a value");
      case CANCELLED -> throw new IllegalStateException(this + " was cancelled");
      case FAILED -> core.reading().failure(entry);
    };
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return core.cancel(entry, mayInterruptIfRunning);
  }

  @Override
  public void close() {
    core.ledger().close(entry);
  }

  @Override
  public CompletableFuture<T> stage() {
    var stage = new Stage<T>(core.callbacks());
    core.complete(this, stage);
    return stage;
  }

  private Object writeReplace() throws ObjectStreamException {
    return Encoding.replacing(this);
  }

  @Override
  public String toString() {
    return "RemoteFuture '" + key() + "' (" + switch (state()) {
      case RUNNING -> "not done";
      case SUCCESS -> "done";
      case FAILED -> "failed";
      case CANCELLED -> "cancelled";
    } + ")";
  }
}
