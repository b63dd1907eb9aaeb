package dev.heddle.scheduler;

/// The watchdog: looks at a slice of the tasks now and then, and at each whether something will move it on.
/// A task that nothing will move on is a defect, which names itself and is put right. A room of
/// [SchedulerState].
final class Watching {
  private static final int SLICE = 4_096;

  private final Tasks tasks;
  private final Reviving reviving;
  private final Defects defects;
  private int next;

  Watching(Tasks tasks, Reviving reviving, Defects defects) {
    this.tasks = tasks;
    this.reviving = reviving;
    this.defects = defects;
  }

  void look() {
    var end = Math.min(next + SLICE, tasks.idsEnd());
    for (; next < end; next++) {
      var task = tasks.byId(next);
      if (task != null) {
        look(task);
      }
    }
    if (next >= tasks.idsEnd()) {
      next = 0;
    }
  }

  private void look(Task task) {
    switch (task.state) {
      case WAITING -> {
        if (task.missing == 0 && (task.flags & Task.OBSTACLES) == 0) {
          defects.add("'" + task + "' waited for nothing, and is queued now; its story:\n"
              + String.join("\n", tasks.story(task)));
          reviving.advance(task);
        }
      }
      case PROCESSING -> {
        var member = task.worker;
        if (member == null || member.dead) {
          defects.add("'" + task + "' was on the worker " + member
              + ", which is dead, and is given to another now; its story:\n"
              + String.join("\n", tasks.story(task)));
          reviving.again(task, Cause.WATCHDOG, null);
        }
      }
      case RELEASED, QUEUED, MEMORY, ERRED, FORGOTTEN -> {
        // Done, or moved on by whichever worker has room next.
      }
    }
  }
}
