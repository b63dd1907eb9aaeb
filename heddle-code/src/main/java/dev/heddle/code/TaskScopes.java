package dev.heddle.code;

/// Where the current [TaskScope] is kept.
final class TaskScopes {
  static final ScopedValue<TaskScope> CURRENT = ScopedValue.newInstance();

  private TaskScopes() {}
}
