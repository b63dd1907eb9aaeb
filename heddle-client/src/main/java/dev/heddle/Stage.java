package dev.heddle;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// A stage whose asynchronous dependents run on the client's threads for callbacks.
final class Stage<T extends @Nullable Object> extends CompletableFuture<T> {
  private final Executor callbacks;

  Stage(Executor callbacks) {
    this.callbacks = callbacks;
  }

  @Override
  public Executor defaultExecutor() {
    return callbacks;
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    return new Stage<>(callbacks);
  }
}
