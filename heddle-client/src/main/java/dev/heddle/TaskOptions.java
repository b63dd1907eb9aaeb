package dev.heddle;

import dev.heddle.wire.TaskSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// How a task is to be run. Each method gives a new object:
/// `TaskOptions.named("count").retries(2).timeout(Duration.ofMinutes(1))`.
public final class TaskOptions {
  /// Nothing special.
  public static final TaskOptions NONE = new TaskOptions(Optional.empty(), false, false,
      TaskSettings.DEFAULT);

  private final Optional<String> name;
  private final boolean pure;
  private final boolean keyed;
  private final TaskSettings settings;

  private TaskOptions(Optional<String> name, boolean pure, boolean keyed, TaskSettings settings) {
    this.name = name;
    this.pure = pure;
    this.keyed = keyed;
    this.settings = settings;
  }

  /// As [#name].
  public static TaskOptions named(String name) {
    return NONE.name(name);
  }

  /// What the task is called for people, in its key and in messages; by default the method that the
  /// function is written in, or refers to.
  public TaskOptions name(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("a task's name is blank; leave it out, or give a word");
    }
    return new TaskOptions(Optional.of(text), pure, keyed, settings);
  }

  /// The function gives the same for the same inputs, and does nothing else: equal calls, by this
  /// client or others, are computed once and share the result.
  public TaskOptions pure() {
    return new TaskOptions(name, true, keyed, settings);
  }

  /// The task is known by this key to all clients: whoever submits the same function with the same
  /// inputs under it gets the same result. Another function or other inputs under the same key are
  /// an error.
  ///
  /// @param key 1 to 900 bytes without `@` and control characters
  public TaskOptions key(String key) {
    if (key.isBlank() || key.indexOf('@') >= 0
        || key.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > 900) {
      throw new IllegalArgumentException(
          "the key '" + key + "' is blank, too long, or has an '@'; give 1 to 900 other bytes");
    }
    return new TaskOptions(Optional.of(key), true, true, settings);
  }

  /// The higher, the earlier; 0 where nothing is said.
  public TaskOptions priority(int priority) {
    return with(new TaskSettings(priority, settings.retries(), settings.timeoutMillis(),
        settings.workers(), settings.resources(), settings.blocking(), settings.detached()));
  }

  /// How often the task is run again when its function throws.
  public TaskOptions retries(int retries) {
    return with(new TaskSettings(settings.priority(), retries, settings.timeoutMillis(),
        settings.workers(), settings.resources(), settings.blocking(), settings.detached()));
  }

  /// How long the function may run before it is interrupted and the task fails.
  public TaskOptions timeout(Duration timeout) {
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("a timeout of " + timeout + "; give at least 1 ms");
    }
    return with(new TaskSettings(settings.priority(), settings.retries(), timeout.toMillis(),
        settings.workers(), settings.resources(), settings.blocking(), settings.detached()));
  }

  /// The names or hosts of the workers that may run it.
  public TaskOptions workers(String... workers) {
    return with(new TaskSettings(settings.priority(), settings.retries(),
        settings.timeoutMillis(), List.of(workers), settings.resources(), settings.blocking(),
        settings.detached()));
  }

  /// So much of a worker's resource is the task's while it runs: `resource("GPU", 1)`.
  public TaskOptions resource(String resource, int amount) {
    var all = new TreeMap<>(settings.resources());
    all.put(resource, amount);
    return with(new TaskSettings(settings.priority(), settings.retries(),
        settings.timeoutMillis(), settings.workers(), Map.copyOf(all), settings.blocking(),
        settings.detached()));
  }

  /// The function mostly waits, so it needs none of a worker's threads.
  public TaskOptions blocking() {
    return with(new TaskSettings(settings.priority(), settings.retries(),
        settings.timeoutMillis(), settings.workers(), settings.resources(), true,
        settings.detached()));
  }

  /// The task is run even if nobody wants its result any more.
  public TaskOptions detached() {
    return with(new TaskSettings(settings.priority(), settings.retries(),
        settings.timeoutMillis(), settings.workers(), settings.resources(), settings.blocking(),
        true));
  }

  private TaskOptions with(TaskSettings changed) {
    return new TaskOptions(name, pure, keyed, changed);
  }

  Optional<String> name() {
    return name;
  }

  boolean isPure() {
    return pure;
  }

  /// Whether [#name] is the key that was given.
  boolean isKeyed() {
    return keyed;
  }

  TaskSettings settings() {
    return settings;
  }

  /// What a trailing list of options comes to.
  static TaskOptions single(TaskOptions[] options) {
    return switch (options.length) {
      case 0 -> NONE;
      case 1 -> options[0];
      default -> throw new IllegalArgumentException(options.length
          + " options were given for one task; combine them: TaskOptions.named(…).retries(…)");
    };
  }
}
