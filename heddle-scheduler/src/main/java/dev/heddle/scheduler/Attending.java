package dev.heddle.scheduler;

import dev.heddle.scheduler.SchedulerEvent.Beat;
import dev.heddle.scheduler.SchedulerEvent.RetireAsked;
import dev.heddle.scheduler.SchedulerEvent.Waits;
import dev.heddle.scheduler.SchedulerEvent.WorkerCame;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Workers that come, come back, and beat: what is believed of them is compared with what they say. A room of
/// [SchedulerState].
final class Attending {
  private static final int KEPT_NAMED_MAX = 3;

  private final SchedulerConfig config;
  private final Tasks tasks;
  private final Crew crew;
  private final Queues queues;
  private final Outbox out;
  private final Posting posting;
  private final Reviving reviving;
  private final Keeping keeping;
  private final Losing losing;
  private final Inquest inquest;
  private final Settling settling;
  private final Defects defects;
  private final Tally tally;

  Attending(SchedulerConfig config, Tasks tasks, Crew crew, Queues queues, Outbox out,
      Posting posting, Reviving reviving, Keeping keeping, Losing losing, Inquest inquest,
      Settling settling, Defects defects, Tally tally) {
    this.config = config;
    this.tasks = tasks;
    this.crew = crew;
    this.queues = queues;
    this.out = out;
    this.posting = posting;
    this.reviving = reviving;
    this.keeping = keeping;
    this.losing = losing;
    this.inquest = inquest;
    this.settling = settling;
    this.defects = defects;
    this.tally = tally;
  }

  // --- come and go

  void came(WorkerCame came) {
    var known = crew.named(came.worker().id().name());
    if (known != null && !known.id().equals(came.worker().id())) {
      losing.died(known, false, "it was started anew, as process " + came.worker().pid());
      known = null;
    }
    var attached = came.attached();
    if (known == null) {
      var member = crew.add(came.worker(), config.queueAhead().toNanos());
      member.attached(attached.slots(), attached.resources(), attached.memoryBytesMax());
      member.lastBeatNanos = tasks.nowNanos();
      queues.came(member);
      settling.came(member, came.stored(), came.unfinished());
    } else {
      cameBack(known, came);
    }
  }

  private void cameBack(Member member, WorkerCame came) {
    tally.workersBack++;
    inquest.unanswered(member);
    var assigned = new ArrayList<Task>();
    for (var number : member.assignments.inOrder(n -> tasks.assigned(n) != null)) {
      if (tasks.assigned(number) instanceof Task task) {
        assigned.add(task);
      }
    }
    queues.left(member);
    member.away = true;
    for (var task : assigned) {
      if (task.worker == member) {
        reviving.again(task, Cause.WORKER_CAME, member.id());
      }
    }
    member.assignments.reconnected();
    member.info = came.worker();
    member.attached(came.attached().slots(), came.attached().resources(),
        came.attached().memoryBytesMax());
    member.away = false;
    member.balking = false;
    member.paused = "";
    member.cameBack(tasks.nowNanos());
    queues.came(member);
    crew.tellAgain();
    var stored = new HashSet<Key>();
    for (var entry : came.stored()) {
      stored.add(entry.key());
    }
    dropWhatItLacks(member, stored);
    // What it finished while it was away tells its type and value when it is asked for it again.
    var resumed = resume(member, assigned, stored, new HashSet<>(came.unfinished()));
    settling.came(member, came.stored().stream().filter(e -> !resumed.contains(e.key())).toList(),
        came.unfinished().stream().filter(key -> !resumed.contains(key)).toList());
    member.holdings.forEach(tasks::byId, keeping::tellIfAskedFor);
    if (member.retiring) {
      // It may never have been told.
      out.add(new SchedulerCommand.AskToLeave(member.id()));
    }
  }

  private void dropWhatItLacks(Member member, Set<Key> stored) {
    member.holdings.forEach(tasks::byId, task -> {
      if (!stored.contains(task.key())) {
        keeping.lost(task, member, Cause.WORKER_CAME);
      }
    });
  }

  /// Gives a worker again what it has to compute, or has computed, in the order in which it was given.
  private Set<Key> resume(Member member, List<Task> assigned, Set<Key> stored,
      Set<Key> unfinished) {
    var resumed = new HashSet<Key>();
    for (var task : assigned) {
      if ((task.state != TaskState.WAITING && task.state != TaskState.QUEUED)
          || (task.flags & Task.OBSTACLES) != 0
          || !task.template.shelf.pool.demand.isFree(member)) {
        continue;
      }
      var key = task.key();
      if (stored.contains(key) || unfinished.contains(key)) {
        posting.assign(task, member, Cause.FOUND);
        resumed.add(key);
      }
    }
    return resumed;
  }

  void away(Member member) {
    member.away = true;
    inquest.unanswered(member);
    losing.leaveHome(member);
    queues.changed(member);
  }

  void retireAsked(RetireAsked asked) {
    var member = crew.named(asked.worker());
    if (member == null) {
      out.refuse(asked.asker(), Reason.BAD_REQUEST, "there is no worker '" + asked.worker() + "'"
          + (crew.isEmpty()
              ? ", and no other either"
              : "; there are: " + crew.all().stream().map(Member::name).toList()));
      return;
    }
    member.retireAskers.add(asked.asker());
    if (!member.retiring) {
      member.retiring = true;
      losing.leaveHome(member);
      queues.changed(member);
    }
    out.add(new SchedulerCommand.AskToLeave(member.id()));
  }

  // --- signs of life

  void waits(Member member, Waits waits) {
    var task = tasks.assigned(waits.task());
    if (task != null && task.worker == member) {
      member.waits(task, waits.waiting());
      queues.changed(member);
    }
  }

  void beat(Member member, Beat beat) {
    var word = beat.beat();
    member.beats(word.running(), tasks.nowNanos());
    member.paused = word.paused();
    member.kept = word.kept();
    member.memoryBytes = word.memoryBytes();
    member.diskBytes = word.diskBytes();
    member.vitals = word.vitals();
    member.balking = false;
    queues.changed(member);
    if (!word.paused().isEmpty() || member.openSlots() == 0) {
      losing.leaveHome(member);
    }
    var unfinished = new HashSet<>(word.unfinished());
    // Its ends come before this on the same connection, so that what it has seen, has not and did not end was lost.
    for (var number : member.assignments.amongFirst(word.assignsSeen(),
        n -> tasks.assigned(n) != null)) {
      if (!unfinished.contains(number) && tasks.assigned(number) instanceof Task task) {
        defects.add("the worker " + member + " was given '" + task
            + "' and has neither got it nor ended it; it is given to a worker again");
        reviving.again(task, Cause.MISSED, member.id());
      }
    }
    for (var number : word.unfinished()) {
      var task = tasks.assigned(number);
      if (task == null || task.worker != member) {
        out.abort(member, number);
      }
    }
  }

  /// Who is how, for [dev.heddle.wire.Message.Status].
  static String state(Member member) {
    if (member.away) {
      return "away";
    }
    if (member.retiring) {
      return "retiring";
    }
    if (!member.paused.isEmpty()) {
      return "paused: " + member.paused;
    }
    if (!member.kept.isEmpty()) {
      return "running; " + keptText(member);
    }
    return member.balking ? "gives tasks back" : "running";
  }

  /// Which of its slots are taken by what nobody wants any more.
  static String keptText(Member member) {
    var kept = member.kept.size();
    return kept + " of " + member.slots() + (member.slots() == 1 ? " slot is" : " slots are")
        + " kept by what was cancelled and goes on: "
        + member.kept.stream().limit(KEPT_NAMED_MAX).map(key -> "'" + key + "'")
            .collect(Collectors.joining(", "))
        + (kept > KEPT_NAMED_MAX ? ", …" : "");
  }
}
