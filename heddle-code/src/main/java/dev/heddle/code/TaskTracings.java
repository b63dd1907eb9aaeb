package dev.heddle.code;

import java.util.Optional;
import java.util.ServiceLoader;

/// Where the [TaskTracing] of this process is kept.
final class TaskTracings {
  static final Optional<TaskTracing> FOUND = ServiceLoader
      .load(TaskTracing.class, TaskTracing.class.getClassLoader()).findFirst();

  private TaskTracings() {}
}
