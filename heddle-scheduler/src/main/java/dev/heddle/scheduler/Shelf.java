package dev.heddle.scheduler;

import org.jspecify.annotations.Nullable;

/// The queued tasks of one client in one [Pool].
final class Shelf extends Heap.Item {
  final Client client;
  final Pool pool;
  private final Lanes lanes = new Lanes(
      task -> task.state == TaskState.QUEUED && !task.has(Task.HOMED));
  /// Of its first task: see [Rank#urgency].
  int urgency;
  /// How much its client had been served when that was last looked at.
  long served;
  /// How many are queued here.
  private int queued;
  /// How many tasks there are that would be queued here; with the last of them the shelf goes.
  int tasks;

  Shelf(Client client, Pool pool) {
    this.client = client;
    this.pool = pool;
  }

  void add(Task task) {
    lanes.add(task);
    queued++;
    if (lanes.entries() > 2 * queued + 1_000) {
      lanes.compact();
    }
  }

  /// A task of it is queued no more.
  void gone() {
    queued--;
    if (queued == 0) {
      lanes.clear();
    }
  }

  /// A task that would be queued here is forgotten.
  void left() {
    tasks--;
    if (tasks == 0) {
      pool.drop(this);
    }
  }

  int queued() {
    return queued;
  }

  /// The first, which stays.
  @Nullable
  Task peek() {
    return queued == 0 ? null : lanes.peek();
  }
}
