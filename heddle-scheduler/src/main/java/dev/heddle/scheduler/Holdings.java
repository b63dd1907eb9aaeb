package dev.heddle.scheduler;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Which tasks' values one worker has: their ids, with outdated ones among them that are dropped
/// lazily. That costs 4 bytes a value, and nothing when a value goes.
final class Holdings {
  private final Member self;
  private int[] ids = new int[16];
  private int end;
  private int count;

  Holdings(Member self) {
    this.self = self;
  }

  int count() {
    return count;
  }

  /// @param byId the task with an id; null if there is none
  void add(Task task, IntFunction<@Nullable Task> byId) {
    if (end == ids.length) {
      makeRoom(byId);
    }
    ids[end++] = task.id;
    count++;
    self.storedBytes += Math.max(0, task.sizeBytes);
  }

  void remove(Task task) {
    count--;
    self.storedBytes -= Math.max(0, task.sizeBytes);
    if (count == 0) {
      end = 0;
    }
  }

  /// What it has now; `action` may take from it.
  void forEach(IntFunction<@Nullable Task> byId, Consumer<Task> action) {
    var now = Arrays.copyOf(ids, end);
    for (var id : now) {
      var task = byId.apply(id);
      if (task != null && task.isHeldBy(self)) {
        action.accept(task);
      }
    }
  }

  private void makeRoom(IntFunction<@Nullable Task> byId) {
    var kept = 0;
    if (count < end / 2) {
      for (var i = 0; i < end; i++) {
        var task = byId.apply(ids[i]);
        if (task != null && task.isHeldBy(self)) {
          ids[kept++] = ids[i];
        }
      }
      end = kept;
    }
    if (2 * end >= ids.length) {
      ids = Arrays.copyOf(ids, 2 * ids.length);
    }
  }
}
