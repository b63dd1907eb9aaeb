package dev.heddle;

import org.jspecify.annotations.Nullable;

/// A value that travels with the task.
record GivenInput<T extends @Nullable Object>(T value) implements Input<T> {}
