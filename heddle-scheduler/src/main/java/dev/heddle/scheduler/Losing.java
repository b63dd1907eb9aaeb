package dev.heddle.scheduler;

import dev.heddle.scheduler.SchedulerEvent.DeathExplained;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Workers that die: what ran there runs elsewhere, what only they had is computed again, and a task on which
/// too many died fails. A room of [SchedulerState].
final class Losing {
  /// So many deaths are remembered, for words that come later.
  private static final int DEATHS_MAX = 256;

  private record Doomed(Task task, long untilNanos) {}

  private final SchedulerConfig config;
  private final Tasks tasks;
  private final Crew crew;
  private final Queues queues;
  private final Outbox out;
  private final Failing failing;
  private final Reviving reviving;
  private final Keeping keeping;
  private final Inquest inquest;
  private final Tally tally;
  private final ArrayDeque<Death> deaths = new ArrayDeque<>();
  private final ArrayDeque<Doomed> doomed = new ArrayDeque<>();

  Losing(SchedulerConfig config, Tasks tasks, Crew crew, Queues queues, Outbox out, Failing failing,
      Reviving reviving, Keeping keeping, Inquest inquest, Tally tally) {
    this.config = config;
    this.tasks = tasks;
    this.crew = crew;
    this.queues = queues;
    this.out = out;
    this.failing = failing;
    this.reviving = reviving;
    this.keeping = keeping;
    this.inquest = inquest;
    this.tally = tally;
  }

  /// @param left whether it said that it leaves, so that nothing is to blame
  void died(Member member, boolean left, String cause) {
    if (left) {
      tally.left++;
    } else {
      tally.died++;
    }
    inquest.unanswered(member);
    var assigned = assigned(member);
    var blamed = left ? Set.<Task>of() : probablyRan(member, assigned);
    crew.remove(member);
    queues.left(member);
    var death = new Death(member.name(), member.info.pid(), lastWord(member),
        member.deathToldOf.isEmpty() ? cause : member.deathToldOf, !member.deathToldOf.isEmpty(),
        blamed.stream().limit(Death.NAMED_MAX).map(Task::key).toList());
    if (!blamed.isEmpty()) {
      if (deaths.size() == DEATHS_MAX) {
        deaths.removeFirst();
      }
      deaths.addLast(death);
    }
    leaveHome(member);
    for (var task : assigned) {
      if (task.worker == member) {
        if (blamed.contains(task)) {
          blame(task, death);
        }
        reviving.again(task, Cause.WORKER_DIED, member.id());
      }
    }
    member.holdings.forEach(tasks::byId, task -> keeping.lost(task, member, Cause.VALUE_LOST));
    answerRetirement(member, left, cause);
    failDoomed();
  }

  /// For people: how it was when it last said so.
  private String lastWord(Member member) {
    var vitals = member.vitals;
    if (vitals.heapBytesMax() == 0) {
      return "";
    }
    return String.format(Locale.ROOT,
        "by its last word, %.1f s before, its heap was %,d of %,d MiB full, its"
            + " values took %,d of %,d MiB, and it used %d %% of a core",
        (tasks.nowNanos() - member.lastBeatNanos) / 1e9, vitals.heapBytes() >> 20,
        vitals.heapBytesMax() >> 20, member.memoryBytes >> 20, member.memoryBytesMax >> 20,
        vitals.loadPercent());
  }

  private List<Task> assigned(Member member) {
    var assigned = new ArrayList<Task>();
    for (var number : member.assignments.inOrder(n -> tasks.assigned(n) != null)) {
      if (tasks.assigned(number) instanceof Task task) {
        assigned.add(task);
      }
    }
    return assigned;
  }

  /// The first that were given to it, as many as it runs at once, and those that ran by its last word. What it
  /// merely had in hand is not to blame.
  private Set<Task> probablyRan(Member member, List<Task> assigned) {
    var ran = new LinkedHashSet<Task>();
    var byItsWord = member.running();
    var slots = member.openSlots();
    for (var task : assigned) {
      var first = slots > 0 && !task.has(Task.AHEAD | Task.WAITS);
      slots -= first ? 1 : 0;
      if (first || byItsWord.contains(task.assignment)) {
        ran.add(task);
      }
    }
    return ran;
  }

  private void blame(Task task, Death death) {
    var rare = task.rare();
    rare.deaths.add(death);
    if (rare.deaths.size() >= config.allowedFailures()) {
      task.set(Task.DOOMED);
      doomed.add(new Doomed(task,
          tasks.nowNanos() + config.deathReportWithin().toNanos()));
    }
  }

  /// What waited for this worker may go elsewhere.
  void leaveHome(Member member) {
    for (var task = member.home.poll(); task != null; task = member.home.poll()) {
      queues.fromHome(task);
    }
  }

  private void answerRetirement(Member member, boolean left, String cause) {
    for (var asker : member.retireAskers) {
      if (left) {
        out.reply(asker, new Message.Done());
      } else {
        out.refuse(asker, Reason.UNAVAILABLE, "the worker " + member
            + " died before it had given all its values to others: " + cause
            + "; what is still needed is computed again");
      }
    }
    member.retireAskers.clear();
  }

  // --- why they died

  void explained(DeathExplained explained) {
    var member = crew.named(explained.worker());
    if (member != null && member.info.pid() == explained.pid()) {
      member.deathToldOf = explained.cause();
    }
    for (var death : deaths) {
      if (!death.explained() && death.worker.equals(explained.worker())
          && death.pid == explained.pid()) {
        death.explain(explained.cause());
      }
    }
    failDoomed();
  }

  void tick() {
    failDoomed();
  }

  /// Fails those of which all is known, or whose time is up.
  private void failDoomed() {
    for (var i = doomed.size(); i > 0; i--) {
      var next = doomed.removeFirst();
      var task = next.task();
      if (task.state != TaskState.WAITING || !task.has(Task.DOOMED)) {
        continue;
      }
      if (next.untilNanos() <= tasks.nowNanos()
          || task.rare().deaths.stream().allMatch(Death::explained)) {
        failing.fail(task, new Verdict.Failed(task.key(), Optional.empty(), failure(task)),
            Cause.DEATHS, null);
      } else {
        doomed.addLast(next);
      }
    }
  }

  private static Failure failure(Task task) {
    var key = task.key();
    List<Death> all = task.rare().deaths;
    return new Failure("dev.heddle.WorkersDiedException",
        ErrorCode.WORKERS_DIED.of("'" + key + "' was running on " + all.size()
            + " workers when they died, so it is probably what ends them, and is not tried"
            + " again:\n" + all.stream().map(death -> "- " + death.text(key))
                .collect(Collectors.joining("\n"))),
        List.of(), 0, Optional.empty(), List.of(), Optional.empty());
  }

  // --- values that workers have dropped

  void unregistered(Member member, List<Key> keys) {
    for (var key : keys) {
      var task = tasks.find(key);
      if (task != null) {
        keeping.lost(task, member, Cause.VALUE_LOST);
      }
    }
  }

  /// A worker that is full has put these on `to`. It may be rid of them once somebody else is known to have
  /// them, which each worker says of itself: what is said of another may be over by now.
  ///
  /// @param to null if it is not here
  /// @param last whether `to` need not keep them either, unless it is known to have them
  void moved(Member member, List<Key> keys, @Nullable Member to, boolean last) {
    for (var key : keys) {
      var task = tasks.find(key);
      if (task != null && task.state == TaskState.MEMORY && task.isHeldByAnother(member)) {
        keeping.lost(task, member, Cause.MOVED);
        out.release(member, key);
      } else if (to != null && (task == null
          || (last && task.worker != to && !task.isHeldBy(to)))) {
        out.release(to, key);
      }
    }
  }
}
