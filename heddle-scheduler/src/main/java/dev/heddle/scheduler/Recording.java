package dev.heddle.scheduler;

import java.util.List;

/// Keeps the values of the inputs of tasks that failed, of clients that want that, so that nothing has to
/// be computed again when they are replayed: until then, whether or not somebody holds their futures, and of
/// those that failed last, as many as there is room for. A room of [SchedulerState].
final class Recording {
  /// So many failed tasks of one client.
  static final int TASKS_MAX = 32;
  /// So much of one client, in bytes. The inputs of the task that failed last are kept in any case.
  static final long BYTES_MAX = 1L << 30;

  private final Releasing releasing;

  Recording(Releasing releasing) {
    this.releasing = releasing;
  }

  /// @param task has failed just now, by itself, and is not unlinked; its inputs are still there
  void failed(Task task) {
    var owner = task.template.owner;
    if (!owner.recordsFailures || task.inputs.length == 0) {
      return;
    }
    task.set(Task.RECORDED);
    for (var input : task.inputs) {
      input.needed++;
    }
    for (var other : List.copyOf(owner.recorded)) {
      if (other.has(Task.REPLAYED) && !other.wanted()) {
        forget(other); // Its replay, just begun, may still have needed them then.
      }
    }
    owner.recorded.add(task);
    owner.recordedBytes += bytes(task);
    while (owner.recorded.size() > 1
        && (owner.recorded.size() > TASKS_MAX || owner.recordedBytes > BYTES_MAX)) {
      forget(owner.recorded.getFirst());
    }
  }

  /// It is to be forgotten, or others have taken its place.
  void forget(Task task) {
    if (!task.has(Task.RECORDED)) {
      return;
    }
    task.clear(Task.RECORDED | Task.REPLAYED);
    releasing.doubt(task);
    var owner = task.template.owner;
    owner.recorded.remove(task);
    owner.recordedBytes = 0;
    for (var other : owner.recorded) {
      owner.recordedBytes += bytes(other);
    }
    for (var input : task.inputs) {
      input.needed--;
      releasing.doubt(input);
    }
  }

  private static long bytes(Task task) {
    var sum = 0L;
    for (var input : task.inputs) {
      sum += Math.max(0, input.sizeBytes);
    }
    return sum;
  }
}
