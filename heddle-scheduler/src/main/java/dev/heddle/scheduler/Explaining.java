package dev.heddle.scheduler;

import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Says of any key why it is not done, or how it is. A room of [SchedulerState].
final class Explaining {
  /// So far a chain of tasks that wait for each other is followed.
  private static final int DEPTH_MAX = 20;
  private static final int NAMED_MAX = 5;

  private final Tasks tasks;
  private final Crew crew;
  private final Settling settling;

  Explaining(Tasks tasks, Crew crew, Settling settling) {
    this.tasks = tasks;
    this.crew = crew;
    this.settling = settling;
  }

  String explain(Key key, long nowNanos) {
    var task = tasks.find(key);
    if (task == null) {
      return "'" + key + "' is not known here: it was never submitted to this scheduler,"
          + " nobody needs it any more, or one of its inputs had failed already when it was submitted,"
          + " which its client knows";
    }
    var lines = new ArrayList<String>();
    for (var depth = 0; depth < DEPTH_MAX; depth++) {
      lines.add("'" + task + "' " + why(task, nowNanos));
      var next = firstMissing(task);
      if ((task.state != TaskState.WAITING && !task.has(Task.AHEAD)) || next == null) {
        return String.join("\n", lines);
      }
      task = next;
    }
    lines.add("… and so on");
    return String.join("\n", lines);
  }

  private static @Nullable Task firstMissing(Task task) {
    for (var input : task.inputs) {
      if (input.state != TaskState.MEMORY) {
        return input;
      }
    }
    return null;
  }

  private String why(Task task, long nowNanos) {
    return switch (task.state) {
      case RELEASED -> "is not kept, for nobody needs its value now; how to compute it is known";
      case WAITING -> whyWaiting(task);
      case QUEUED -> "is queued: " + whyQueued(task);
      case PROCESSING -> whyProcessing(task, nowNanos);
      case MEMORY -> "is done; its value (" + task.sizeBytes + " bytes) is on "
          + Telling.holders(task).stream().map(holder -> holder.worker().name())
              .collect(Collectors.joining(", "));
      case ERRED -> "has no value: "
          + (task.end instanceof Verdict verdict ? verdict.text() : "nobody knows why");
      case FORGOTTEN -> throw tasks.impossible(task, "explaining");
    };
  }

  private String whyWaiting(Task task) {
    if (task.has(Task.DOOMED)) {
      return "ran on too many workers that died, and will fail as soon as it is known why they did";
    }
    if (task.has(Task.HELD) || task.has(Task.SCATTERED)) {
      return "is held back until the workers that may have it are back: " + settling.awaited(task);
    }
    if (task.missing > 0) {
      var missing = new ArrayList<String>();
      for (var input : task.inputs) {
        if (input.state != TaskState.MEMORY && missing.size() < NAMED_MAX) {
          missing.add("'" + input + "'");
        }
      }
      return "waits for " + task.missing + " of its " + task.inputs.length + " inputs: "
          + String.join(", ", missing) + (task.missing > missing.size() ? ", …" : "");
    }
    if (task.has(Task.PARKED)) {
      return "is tried again soon: " + task.rare().lackings
          + " times its inputs could not be had from the workers that have them";
    }
    return "waits, and nothing that it waits for is known: a defect";
  }

  private String whyQueued(Task task) {
    if (crew.isEmpty()) {
      return ErrorCode.NO_WORKER_FITS.of("there are no workers; start one");
    }
    if (task.has(Task.HOMED)) {
      return "it waits for room on " + task.there
          + ", which has inputs of it that are too large to move";
    }
    var demand = task.template.shelf.pool.demand;
    var all = crew.all();
    var allowed = all.stream().filter(demand::isAllowed).toList();
    if (allowed.isEmpty()) {
      return ErrorCode.NO_WORKER_FITS.of("it may run " + demand.text()
          + " only, and there is none of these; there are: " + names(all)
          + "; start one of them, or let it run elsewhere");
    }
    var enough = allowed.stream().filter(demand::hasEnough).toList();
    if (enough.isEmpty()) {
      return ErrorCode.NO_WORKER_FITS.of("it needs a worker with " + text(demand.resources())
          + ", and there is none; there are: "
          + allowed.stream().limit(NAMED_MAX).map(m -> m + " with " + text(m.resources))
              .collect(Collectors.joining(", "))
          + (allowed.size() > NAMED_MAX ? ", …" : "")
          + "; start one by heddle worker --resource " + demand.resources().entrySet().stream()
              .map(Object::toString).collect(Collectors.joining(" --resource ")));
    }
    var willing = enough.stream().filter(Member::willing).toList();
    if (willing.isEmpty()) {
      return ErrorCode.NO_WORKER_FITS.of("no worker that fits takes anything: "
          + enough.stream().limit(NAMED_MAX).map(m -> m + " is " + Attending.state(m))
              .collect(Collectors.joining(", ")));
    }
    var unknown = willing.stream().filter(member -> member.strays > 0).toList();
    if (!demand.resources().isEmpty() && unknown.equals(willing)) {
      return "these still compute what they were given before this scheduler was started, and whether"
          + " that takes " + demand.resources() + " is known when its clients are back, or given"
          + " up: " + names(willing);
    }
    var open = willing.stream().filter(member -> member.openSlots() > 0).toList();
    if (open.isEmpty() && !demand.blocking()) {
      return "no worker that fits has a slot for it: " + willing.stream().limit(NAMED_MAX)
          .map(member -> "of " + member + ", " + Attending.keptText(member))
          .collect(Collectors.joining("; "))
          + "; a function that was cancelled ends when it heeds its interruption, or with its worker";
    }
    return "all that fit are busy: " + names(willing) + "; before it are queued, at most, "
        + (task.template.shelf.pool.queued() - 1);
  }

  private static String text(Map<String, Integer> resources) {
    return resources.isEmpty()
        ? "none"
        : resources.entrySet().stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  private static String names(List<Member> members) {
    return members.stream().limit(NAMED_MAX).map(Member::name).collect(Collectors.joining(", "))
        + (members.size() > NAMED_MAX ? ", … (" + members.size() + ")" : "");
  }

  private static String whyProcessing(Task task, long nowNanos) {
    var member = task.worker;
    if (member == null) {
      return "was given to a worker that is not known: a defect";
    }
    var since = member.runningSinceNanos(task.assignment);
    if (task.has(Task.AHEAD)) {
      return "is on " + member + ", where it waits for what that worker is computing";
    }
    if (task.has(Task.WAITS)) {
      return "runs on " + member + " and waits for another task";
    }
    return since != null
        ? "runs on " + member + " since at least " + millis(nowNanos - since)
            + " ago; last heard of it " + millis(nowNanos - member.lastBeatNanos) + " ago"
            + (member.away ? ", and its connection is broken" : "")
        : "was given to " + member + ", and runs there or waits for a slot; the worker has "
            + member.assignments.live() + " tasks for " + member.slots()
            + (member.slots() == 1 ? " slot" : " slots")
            + (member.kept.isEmpty() ? "" : ", of which " + Attending.keptText(member))
            + (member.away ? ", and its connection is broken" : "");
  }

  private static String millis(long nanos) {
    return Math.max(0, nanos) / 1_000_000 + " ms";
  }

  Message.WorkerStatus status(Member member, long nowNanos) {
    var running = 0;
    for (var number : member.running()) {
      var task = tasks.assigned(number);
      running += task != null && task.worker == member ? 1 : 0;
    }
    return new Message.WorkerStatus(member.info, Attending.state(member), member.assignments.live(),
        running, member.holdings.count(), member.storedBytes, member.memoryBytes,
        member.memoryBytesMax, member.diskBytes,
        member.resources, Math.max(0, nowNanos - member.lastBeatNanos) / 1_000_000);
  }
}
