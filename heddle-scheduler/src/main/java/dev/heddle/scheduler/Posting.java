package dev.heddle.scheduler;

import dev.heddle.scheduler.SchedulerCommand.Assign;
import dev.heddle.wire.Argument;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Payload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Gives a task to a worker, and keeps the worker's books about that. A room of [SchedulerState].
final class Posting {
  /// So many holders of an input are named.
  private static final int HOLDERS_MAX = 3;

  private final Tasks tasks;
  private final Queues queues;
  private final Outbox out;
  private final long unknownNanos;

  Posting(SchedulerConfig config, Tasks tasks, Queues queues, Outbox out) {
    this.tasks = tasks;
    this.queues = queues;
    this.out = out;
    unknownNanos = config.queueAhead().toNanos() / 4;
  }

  int cost(Task task) {
    return task.template.pace.cost(unknownNanos);
  }

  /// @param task waiting or queued
  void assign(Task task, Member member, Cause cause) {
    var cost = cost(task);
    var wasQueued = task.state == TaskState.QUEUED;
    tasks.to(task, TaskState.PROCESSING, cause, member.id());
    if (wasQueued) {
      queues.serve(task, cost);
      queues.gone(task);
    }
    task.clear(Task.RECALLED | Task.WAITS);
    task.cost = cost;
    task.there = null;
    task.thereCount = 0;
    var assignment = tasks.nextAssignment(task);
    task.assignment = assignment;
    task.worker = member;
    if (task.missing > 0) {
      task.set(Task.AHEAD);
    }
    member.assignments.add(assignment, number -> tasks.assigned(number) != null);
    member.gave(task, tasks.nowNanos());
    queues.changed(member);
    out.assign(member, command(task, member));
    for (var i = 0; i < task.dependentsCount; i++) {
      var dependent = task.dependents[i];
      if (dependent.state == TaskState.WAITING && !dependent.has(Task.UNLINKED)) {
        coming(dependent, member);
      }
    }
  }

  /// A task is on its worker no more; its next state follows at once. Unless its worker said otherwise
  /// just now, it may have begun there.
  void leave(Task task) {
    var member = task.worker;
    if (member == null) {
      throw tasks.impossible(task, "leaving its worker");
    }
    task.assignment = 0;
    task.worker = null;
    task.clear(Task.SPARED);
    if (task.has(Task.NOT_BEGUN_THERE)) {
      task.clear(Task.NOT_BEGUN_THERE);
    } else {
      task.set(Task.BEGUN);
    }
    member.took(task, tasks.nowNanos());
    queues.changed(member);
  }

  // --- what may run ahead

  /// An input of a waiting task was given to a worker.
  void coming(Task task, Member member) {
    if (task.thereCount == 0) {
      task.there = member;
      task.thereCount = 1;
    } else if (task.there == member) {
      task.thereCount++;
    }
    mayRunAhead(task);
  }

  /// An input of a waiting task is on that worker no more. The count never exceeds the truth; it may fall
  /// short of it, which costs a round trip.
  static void going(Task task, Member member) {
    if (task.there == member && task.thereCount > 0) {
      task.thereCount--;
    }
  }

  /// Notes that all that a waiting task waits for is on one worker, if so.
  void mayRunAhead(Task task) {
    var member = task.there;
    if (member != null && task.missing > 0 && task.thereCount == task.missing
        && !task.has(Task.CANDIDATE | Task.NEVER_AHEAD)) {
      task.set(Task.CANDIDATE);
      member.candidates.add(task);
      queues.changed(member);
    }
  }

  // --- the command

  private static Assign command(Task task, Member member) {
    var template = task.template;
    var function = template.function;
    if (function == null) {
      throw new IllegalStateException("'" + task + "' has no function, and cannot be computed");
    }
    var captured = template.captured.length == 0
        ? List.<Key>of()
        : List.of(template.captured).stream().map(Task::key).toList();
    return new Assign(member.id(), task.assignment, task.key(), function, arguments(task), captured,
        holders(task, member), task.rank, template.settings.timeoutMillis(),
        template.settings.blocking(), trace(task));
  }

  private static Message.Trace trace(Task task) {
    var attempt = task.attempt();
    return attempt == 1 && task.template.trace.isEmpty()
        ? Message.Trace.NONE
        : new Message.Trace(task.template.trace, attempt);
  }

  static List<Argument> arguments(Task task) {
    return switch (task.argument) {
      case null -> List.of();
      case Object[] many -> {
        var arguments = new ArrayList<Argument>(many.length);
        for (var each : many) {
          arguments.add(argument(each));
        }
        yield arguments;
      }
      case Object one -> List.of(argument(one));
    };
  }

  private static Argument argument(Object operand) {
    return switch (operand) {
      case Payload payload -> new Argument.Inline(payload);
      case Task input -> new Argument.Stored(input.key());
      default -> throw new IllegalStateException("no argument: " + operand.getClass());
    };
  }

  /// Where the inputs are that the worker lacks.
  private static Map<Key, List<Holder>> holders(Task task, Member member) {
    var inputs = task.inputs;
    if (inputs.length == 0) {
      return Map.of();
    }
    if (inputs.length == 1) {
      var input = inputs[0];
      return input.holder == null || input.isHeldBy(member)
          ? Map.of()
          : Map.of(input.key(), few(input));
    }
    var holders = new LinkedHashMap<Key, List<Holder>>();
    for (var input : inputs) {
      if (input.holder != null && !input.isHeldBy(member)) {
        holders.put(input.key(), few(input));
      }
    }
    return holders;
  }

  private static List<Holder> few(Task input) {
    var all = Telling.holders(input);
    return all.size() <= HOLDERS_MAX ? all : all.subList(0, HOLDERS_MAX);
  }
}
