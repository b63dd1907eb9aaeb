package dev.heddle;

import org.jspecify.annotations.Nullable;

/// A function without arguments that can run on a worker.
@FunctionalInterface
public interface Task<R extends @Nullable Object> extends dev.heddle.code.Task<R> {}
