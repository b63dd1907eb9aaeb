package dev.heddle;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A [CompletionStage] by another that is made when it is first asked for.
interface Staged<T extends @Nullable Object> extends CompletionStage<T> {
  /// What does the work.
  CompletableFuture<T> stage();

  /// @return one that is completed like this; completing it has no effect here
  @Override
  default CompletableFuture<T> toCompletableFuture() {
    return stage().copy();
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenApply(
      Function<? super T, ? extends U> fn) {
    return stage().thenApply(fn);
  }

  @Override
  default CompletionStage<Void> thenAccept(Consumer<? super T> action) {
    return stage().thenAccept(action);
  }

  @Override
  default CompletionStage<Void> thenRun(Runnable action) {
    return stage().thenRun(action);
  }

  @Override
  default <U extends @Nullable Object, V extends @Nullable Object> CompletionStage<V> thenCombine(
      CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn) {
    return stage().thenCombine(other, fn);
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<Void> thenAcceptBoth(
      CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
    return stage().thenAcceptBoth(other, action);
  }

  @Override
  default CompletionStage<Void> runAfterBoth(CompletionStage<?> other, Runnable action) {
    return stage().runAfterBoth(other, action);
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> applyToEither(
      CompletionStage<? extends T> other, Function<? super T, U> fn) {
    return stage().applyToEither(other, fn);
  }

  @Override
  default CompletionStage<Void> acceptEither(CompletionStage<? extends T> other,
      Consumer<? super T> action) {
    return stage().acceptEither(other, action);
  }

  @Override
  default CompletionStage<Void> runAfterEither(CompletionStage<?> other,
      Runnable action) {
    return stage().runAfterEither(other, action);
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenCompose(
      Function<? super T, ? extends CompletionStage<U>> fn) {
    return stage().thenCompose(fn);
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> handle(
      BiFunction<? super T, Throwable, ? extends U> fn) {
    return stage().handle(fn);
  }

  @Override
  default CompletionStage<T> whenComplete(BiConsumer<? super T, ? super Throwable> action) {
    return stage().whenComplete(action);
  }

  @Override
  default CompletionStage<T> exceptionally(Function<Throwable, ? extends T> fn) {
    return stage().exceptionally(fn);
  }

  @Override
  default CompletionStage<T> exceptionallyCompose(
      Function<Throwable, ? extends CompletionStage<T>> fn) {
    return stage().exceptionallyCompose(fn);
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenApplyAsync(
      Function<? super T, ? extends U> fn) {
    return stage().thenApplyAsync(fn);
  }

  @Override
  default CompletionStage<Void> thenAcceptAsync(Consumer<? super T> action) {
    return stage().thenAcceptAsync(action);
  }

  @Override
  default CompletionStage<Void> thenRunAsync(Runnable action) {
    return stage().thenRunAsync(action);
  }

  @Override
  default <U extends @Nullable Object, V extends @Nullable Object> CompletionStage<V> thenCombineAsync(
      CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn) {
    return stage().thenCombineAsync(other, fn);
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<Void> thenAcceptBothAsync(
      CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
    return stage().thenAcceptBothAsync(other, action);
  }

  @Override
  default CompletionStage<Void> runAfterBothAsync(CompletionStage<?> other,
      Runnable action) {
    return stage().runAfterBothAsync(other, action);
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> applyToEitherAsync(
      CompletionStage<? extends T> other, Function<? super T, U> fn) {
    return stage().applyToEitherAsync(other, fn);
  }

  @Override
  default CompletionStage<Void> acceptEitherAsync(CompletionStage<? extends T> other,
      Consumer<? super T> action) {
    return stage().acceptEitherAsync(other, action);
  }

  @Override
  default CompletionStage<Void> runAfterEitherAsync(CompletionStage<?> other,
      Runnable action) {
    return stage().runAfterEitherAsync(other, action);
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenComposeAsync(
      Function<? super T, ? extends CompletionStage<U>> fn) {
    return stage().thenComposeAsync(fn);
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> handleAsync(
      BiFunction<? super T, Throwable, ? extends U> fn) {
    return stage().handleAsync(fn);
  }

  @Override
  default CompletionStage<T> whenCompleteAsync(BiConsumer<? super T, ? super Throwable> action) {
    return stage().whenCompleteAsync(action);
  }

  @Override
  default CompletionStage<T> exceptionallyAsync(Function<Throwable, ? extends T> fn) {
    return stage().exceptionallyAsync(fn);
  }

  @Override
  default CompletionStage<T> exceptionallyComposeAsync(
      Function<Throwable, ? extends CompletionStage<T>> fn) {
    return stage().exceptionallyComposeAsync(fn);
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenApplyAsync(
      Function<? super T, ? extends U> fn, Executor executor) {
    return stage().thenApplyAsync(fn, executor);
  }

  @Override
  default CompletionStage<Void> thenAcceptAsync(Consumer<? super T> action,
      Executor executor) {
    return stage().thenAcceptAsync(action, executor);
  }

  @Override
  default CompletionStage<Void> thenRunAsync(Runnable action, Executor executor) {
    return stage().thenRunAsync(action, executor);
  }

  @Override
  default <U extends @Nullable Object, V extends @Nullable Object> CompletionStage<V> thenCombineAsync(
      CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn,
      Executor executor) {
    return stage().thenCombineAsync(other, fn, executor);
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<Void> thenAcceptBothAsync(
      CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action,
      Executor executor) {
    return stage().thenAcceptBothAsync(other, action, executor);
  }

  @Override
  default CompletionStage<Void> runAfterBothAsync(CompletionStage<?> other,
      Runnable action, Executor executor) {
    return stage().runAfterBothAsync(other, action, executor);
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> applyToEitherAsync(
      CompletionStage<? extends T> other, Function<? super T, U> fn, Executor executor) {
    return stage().applyToEitherAsync(other, fn, executor);
  }

  @Override
  default CompletionStage<Void> acceptEitherAsync(CompletionStage<? extends T> other,
      Consumer<? super T> action, Executor executor) {
    return stage().acceptEitherAsync(other, action, executor);
  }

  @Override
  default CompletionStage<Void> runAfterEitherAsync(CompletionStage<?> other,
      Runnable action, Executor executor) {
    return stage().runAfterEitherAsync(other, action, executor);
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenComposeAsync(
      Function<? super T, ? extends CompletionStage<U>> fn, Executor executor) {
    return stage().thenComposeAsync(fn, executor);
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> handleAsync(
      BiFunction<? super T, Throwable, ? extends U> fn, Executor executor) {
    return stage().handleAsync(fn, executor);
  }

  @Override
  default CompletionStage<T> whenCompleteAsync(BiConsumer<? super T, ? super Throwable> action,
      Executor executor) {
    return stage().whenCompleteAsync(action, executor);
  }

  @Override
  default CompletionStage<T> exceptionallyAsync(Function<Throwable, ? extends T> fn,
      Executor executor) {
    return stage().exceptionallyAsync(fn, executor);
  }

  @Override
  default CompletionStage<T> exceptionallyComposeAsync(
      Function<Throwable, ? extends CompletionStage<T>> fn, Executor executor) {
    return stage().exceptionallyComposeAsync(fn, executor);
  }
}
