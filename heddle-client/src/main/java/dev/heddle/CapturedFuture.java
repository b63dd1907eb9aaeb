package dev.heddle;

import dev.heddle.wire.Key;
import java.io.ObjectStreamException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An input of a task, as the task sees it: done.
// It never travels as it is: see writeReplace.
@SuppressWarnings("serial")
final class CapturedFuture<T extends @Nullable Object> implements RemoteFuture<T>, Staged<T> {
  private final transient Key key;
  private final transient T value;

  CapturedFuture(Key key, T value) {
    this.key = key;
    this.value = value;
  }

  T value() {
    return value;
  }

  @Override
  public Key key() {
    return key;
  }

  @Override
  public Client client() {
    return Heddle.current();
  }

  @Override
  public T get() {
    return value;
  }

  @Override
  public T get(long timeout, TimeUnit unit) {
    return value;
  }

  @Override
  public boolean isDone() {
    return true;
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return false;
  }

  /// The worker lets go of the inputs of a task when it ends.
  @Override
  public void close() {}

  @Override
  public CompletableFuture<T> stage() {
    return CompletableFuture.completedFuture(value);
  }

  private Object writeReplace() throws ObjectStreamException {
    return Encoding.replacing(this);
  }

  @Override
  public String toString() {
    return "RemoteFuture '" + key + "' (done)";
  }
}
