package dev.heddle.scheduler;

/// The watchdog: says once, each time, that nothing moves though something could; and looks at a slice of the tasks now and then, and at each whether something will move it on.
/// A task that nothing will move on is a defect, which names itself and is put right. A room of
/// [SchedulerState].
final class Watching {
  private static final int SLICE = 4_096;

  /// After how long without any transition it is asked whether something could move.
  static final long STALL_NANOS = 30_000_000_000L;
  /// Who was heard of within this is there.
  private static final long HEARD_NANOS = 5_000_000_000L;

  private final Tasks tasks;
  private final Crew crew;
  private final Reviving reviving;
  private final Defects defects;
  private final Tally tally;
  private int next;
  private long movesSeen = -1;
  private long movedNanos;
  private boolean isStallTold;
  private String stall = "";

  Watching(Tasks tasks, Crew crew, Reviving reviving, Defects defects, Tally tally) {
    this.tasks = tasks;
    this.crew = crew;
    this.reviving = reviving;
    this.defects = defects;
    this.tally = tally;
  }

  /// What could move and does not, told once a standstill; empty for nothing.
  String takeStall() {
    var taken = stall;
    stall = "";
    return taken;
  }

  private boolean isStill() {
    if (tasks.moves() != movesSeen) {
      movesSeen = tasks.moves();
      movedNanos = tasks.nowNanos();
      isStallTold = false;
    }
    return !isStallTold && tasks.nowNanos() - movedNanos >= STALL_NANOS;
  }

  private void stalls(String what) {
    tally.standstills++;
    stall = what;
    isStallTold = true;
  }

  /// A worker that is there, runs nothing, and has all that a task which it was given needs. One whose tasks
  /// all lack something may be fetching it, which ends by itself.
  private void lookForIdle(Member member) {
    if (!member.willing() || !member.running().isEmpty() || member.openSlots() == 0
        || tasks.nowNanos() - member.lastBeatNanos >= HEARD_NANOS) {
      return;
    }
    for (var number : member.assignments.inOrder(n -> tasks.assigned(n) != null)) {
      if (tasks.assigned(number) instanceof Task task && !task.has(Task.AHEAD | Task.WAITS)
          && hasAll(member, task)) {
        stalls("the worker " + member + " was given '" + task + "', has all its inputs, and runs"
            + " nothing; it has " + member.assignments.live() + " tasks");
        return;
      }
    }
  }

  private static boolean hasAll(Member member, Task task) {
    for (var input : task.inputs) {
      if (!input.isHeldBy(member)) {
        return false;
      }
    }
    return true;
  }

  private void lookForRoom(Task task) {
    var demand = task.template.shelf.pool.demand;
    for (var member : crew.all()) {
      if (demand.fits(member) && member.hasRoomFor(demand)) {
        stalls("'" + task + "' is queued, and the worker " + member + " has room for it");
        return;
      }
    }
  }

  void look() {
    if (isStill()) {
      crew.all().forEach(this::lookForIdle);
    }
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
      case QUEUED -> {
        if (isStill() && !task.has(Task.HOMED)) {
          lookForRoom(task);
        }
      }
      case RELEASED, MEMORY, ERRED, FORGOTTEN -> {
        // Done, or wanted by nobody.
      }
    }
  }
}
