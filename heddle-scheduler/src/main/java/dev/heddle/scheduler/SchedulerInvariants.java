package dev.heddle.scheduler;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What always holds of a [SchedulerState] between two batches of events.
record SchedulerInvariants(Tasks tasks, Clients clients, Crew crew, Queues queues,
    Wanting wanting) {

  /// What a worker's books must say.
  private static final class Sums {
    int live;
    int runnable;
    int waits;
    int demanding;
    int blocking;
    int ahead;
    long load;
    int values;
    long storedBytes;
    int homed;
    final Map<String, Integer> inUse = new HashMap<>();
  }

  /// @throws IllegalStateException naming what does not hold
  void check() {
    var sums = new HashMap<Member, Sums>();
    crew.all().forEach(member -> sums.put(member, new Sums()));
    var queued = 0;
    var counted = new long[TaskState.values().length];
    for (var task : tasks.all()) {
      counted[task.state.code()]++;
      checkLinks(task);
      checkNeeded(task);
      checkHolders(task, sums);
      switch (task.state) {
        case RELEASED -> require(!task.has(Task.HOMED), task, "is at a home");
        case WAITING -> {
          require(task.missing == missing(task), task, "lacks " + missing(task) + " inputs, not "
              + task.missing);
          require(task.missing > 0 || (task.flags & Task.OBSTACLES) != 0, task,
              "waits for nothing");
          require(task.thereCount <= there(task), task, "thinks that " + task.thereCount
              + " of its inputs are on " + task.there + ", and it is " + there(task));
        }
        case QUEUED -> {
          require(missing(task) == 0 && task.missing == 0, task, "lacks inputs");
          queued += task.has(Task.HOMED) ? 0 : 1;
          if (task.has(Task.HOMED)) {
            sum(sums, task, task.there).homed++;
          }
        }
        case PROCESSING -> {
          require(task.missing == missing(task), task, "lacks " + missing(task) + " inputs, not "
              + task.missing);
          checkAssigned(task, sum(sums, task, task.worker));
        }
        case MEMORY -> {
          require(task.end instanceof String, task, "has no type");
          require(task.holder != null, task, "is held by nobody");
        }
        case ERRED -> require(task.end instanceof Verdict, task, "has no verdict");
        case FORGOTTEN -> throw broken(task, "is in the table");
      }
      require(task.state == TaskState.PROCESSING || (task.worker == null && task.assignment == 0),
          task, "is on a worker");
      require(!task.has(Task.SEEN), task, "is being gathered");
    }
    for (var state : TaskState.values()) {
      require(state == TaskState.FORGOTTEN || counted[state.code()] == tasks.count(state),
          "there are " + counted[state.code()] + " tasks " + state + ", not "
              + tasks.count(state));
    }
    var inPools = queues.plain().queued() + queues.busy().stream().mapToInt(Pool::queued).sum();
    require(queued == inPools, queued + " tasks are queued, and " + inPools + " are in pools");
    sums.forEach(SchedulerInvariants::checkBooks);
    queues.check();
    checkPlaced();
    checkClients();
  }

  // --- one task

  private void checkLinks(Task task) {
    var live = new HashSet<Task>();
    for (var i = 0; i < task.dependentsCount; i++) {
      var dependent = task.dependents[i];
      if (!dependent.has(Task.UNLINKED)) {
        require(live.add(dependent), task, "has '" + dependent + "' as a dependent twice");
        require(tasks.byId(dependent.id) == dependent, task, "has a forgotten dependent");
        require(List.of(dependent.inputs).contains(task), task,
            "is not an input of its dependent '" + dependent + "'");
      }
    }
    require(live.size() == task.dependentsLive, task, "has " + live.size() + " dependents, not "
        + task.dependentsLive);
    require(!task.has(Task.UNLINKED) || task.state == TaskState.ERRED, task,
        "is unlinked and has not erred");
    for (var input : task.inputs) {
      require(tasks.byId(input.id) == input, task, "has a forgotten input");
      require(!task.state.active() || input.state != TaskState.ERRED, task,
          "is under way though its input '" + input + "' has erred");
      require(task.state != TaskState.WAITING || input.state != TaskState.RELEASED, task,
          "waits for '" + input + "', which is not under way");
    }
  }

  private void checkNeeded(Task task) {
    var needed = 0;
    for (var i = 0; i < task.dependentsCount; i++) {
      var dependent = task.dependents[i];
      needed += !dependent.has(Task.UNLINKED)
          && (dependent.state.active() || dependent.has(Task.RECORDED)) ? 1 : 0;
    }
    require(task.needed == needed, task, "is needed by " + needed + ", not " + task.needed);
    var kept = task.wanted() || task.needed > 0 || task.runsAnyway() || task.has(Task.RECORDED);
    require(kept || !(task.state.active() || task.state == TaskState.MEMORY), task,
        "is " + task.state.text() + " though nobody needs it");
    require(kept || task.dependentsLive > 0, task, "is known though nothing depends on it");
    require(task.state != TaskState.RELEASED || !task.wanted() || task.has(Task.TOLD), task,
        "is wanted by somebody who has not got it, and not under way");
  }

  private void checkHolders(Task task, Map<Member, Sums> sums) {
    if (task.state != TaskState.MEMORY) {
      require(task.holder == null, task, "has a holder");
      return;
    }
    var seen = new HashSet<Member>();
    for (var i = 0; i < task.holdersCount(); i++) {
      var member = i == 0 ? task.holder : task.moreHolders[i - 1];
      var sum = sum(sums, task, member);
      require(seen.add(Objects.requireNonNull(member)), task, "has a holder twice");
      sum.values++;
      sum.storedBytes += Math.max(0, task.sizeBytes);
    }
  }

  private void checkAssigned(Task task, Sums sum) {
    require(tasks.assigned(task.assignment) == task, task, "has an assignment that is over");
    var demand = task.template.shelf.pool.demand;
    sum.live++;
    demand.resources().forEach((name, amount) -> sum.inUse.merge(name, amount, Integer::sum));
    if (task.has(Task.AHEAD)) {
      sum.ahead++;
    } else if (demand.blocking()) {
      sum.blocking++;
    } else {
      sum.runnable++;
      sum.demanding += demand.resources().isEmpty() ? 0 : 1;
      sum.waits += task.has(Task.WAITS) ? 1 : 0;
      sum.load += task.has(Task.WAITS) ? 0 : task.cost;
    }
  }

  private static int missing(Task task) {
    var missing = 0;
    for (var input : task.inputs) {
      missing += input.state == TaskState.MEMORY ? 0 : 1;
    }
    return missing;
  }

  private static int there(Task task) {
    var there = 0;
    for (var input : task.inputs) {
      there += input.state == TaskState.PROCESSING && input.worker == task.there ? 1 : 0;
    }
    return there;
  }

  // --- workers, clients, queues

  private static void checkBooks(Member member, Sums sums) {
    require(sums.live == member.assignments.live() && sums.runnable == member.runnable
        && sums.waits == member.waits && sums.demanding == member.demanding
        && sums.blocking == member.blocking && sums.ahead == member.ahead
        && sums.load == member.load(),
        "the books of " + member + " are wrong: " + sums.live
            + " assigned, not " + member.assignments.live() + "; " + sums.runnable
            + " runnable, not " + member.runnable + "; " + sums.waits + " wait, not "
            + member.waits + "; " + sums.ahead + " ahead, not " + member.ahead + "; load "
            + sums.load + ", not " + member.load());
    require(sums.homed == member.homeCount, member + " is home to " + sums.homed + ", not "
        + member.homeCount);
    require(sums.values == member.holdings.count() && sums.storedBytes == member.storedBytes,
        member + " has " + sums.values + " values of " + sums.storedBytes + " bytes, not "
            + member.holdings.count() + " of " + member.storedBytes);
    for (var used : member.inUse.entrySet()) {
      require(used.getValue().equals(sums.inUse.getOrDefault(used.getKey(), 0)), member
          + " has " + used + " in use, and tasks take " + sums.inUse);
      require(used.getValue() <= member.resources.getOrDefault(used.getKey(), 0), member
          + " has " + used + " in use, of " + member.resources);
    }
  }

  /// No worker has room for what is queued.
  private void checkPlaced() {
    require(queues.next() == null, "tasks are queued that a worker has room for");
  }

  private void checkClients() {
    for (var client : clients.all()) {
      for (var number : client.numbers.all()) {
        var task = client.numbers.get(number);
        require(task != null && tasks.byId(task.id) == task,
            "the client " + client.id + " has a forgotten task " + number);
      }
    }
    wanting.published().values().forEach(
        task -> require(tasks.byId(task.id) == task, task, "is published and forgotten"));
  }

  private static Sums sum(Map<Member, Sums> sums, Task task,
      @Nullable Member member) {
    var sum = member == null ? null : sums.get(member);
    if (sum == null) {
      throw broken(task, "is with the worker " + member + ", which is dead");
    }
    return sum;
  }

  private static void require(boolean holds, Task task, String otherwise) {
    if (!holds) {
      throw broken(task, otherwise);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  private static IllegalStateException broken(Task task, String what) {
    return new IllegalStateException("'" + task + "' (" + task.state.text() + ") " + what);
  }
}
