package dev.heddle.scheduler;

import dev.heddle.scheduler.SchedulerEvent.MapSubmitted;
import dev.heddle.scheduler.SchedulerEvent.Scattered;
import dev.heddle.scheduler.SchedulerEvent.Submitted;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.Message.SubmitMap;
import dev.heddle.wire.Operand;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.TaskSettings;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes tasks of what clients submit. A room of [SchedulerState].
final class Submitting {
  private final String namespace;
  private final Tasks tasks;
  private final Queues queues;
  private final Crew crew;
  private final Outbox out;
  private final Wanting wanting;
  private final Failing failing;
  private final Keeping keeping;
  private final Settling settling;
  private final Paces paces;
  private long submissions;
  private final Inputs inputs = new Inputs();

  Submitting(SchedulerConfig config, Tasks tasks, Queues queues, Crew crew, Outbox out,
      Wanting wanting, Failing failing, Keeping keeping, Settling settling, Paces paces) {
    this.namespace = config.namespace();
    this.tasks = tasks;
    this.queues = queues;
    this.crew = crew;
    this.out = out;
    this.wanting = wanting;
    this.failing = failing;
    this.keeping = keeping;
    this.settling = settling;
    this.paces = paces;
  }

  // --- single tasks

  void submitted(Client client, Submitted event) {
    var submit = event.submit();
    var number = submit.number();
    var key = submit.key();
    var known = client.numbers.get(number);
    if (known != null) {
      again(client, number, key, known);
      return;
    }
    if (submit.fingerprint().isPresent()) {
      if (!TaskKeys.isOf(key, namespace) || !key.has('@')) {
        refuse(client, number, key, "a key that a client gives must end with '@', the namespace '"
            + namespace + "' and its fingerprint");
        return;
      }
      var same = tasks.sameGiven(key);
      if (same != null) {
        joined(client, submit.number(), key, submit.fingerprint().equals(
            Optional.ofNullable(same.template.fingerprint)), same);
        return;
      }
    } else if (!TaskKeys.isOf(key, namespace, client.id, number)) {
      refuse(client, number, key, "it is not the key of that client's task " + number
          + " at the scheduler with the namespace '" + namespace + "'");
      return;
    }
    inputs.start();
    var captured = inputs.captured(client, submit.captured());
    var argument = inputs.argument(client, submit.operands());
    var template = Template.one(client, key, event.function(), submit.settings(), captured,
        submit.fingerprint().orElse(null), event.trace(), queues.shelf(client, submit.settings()),
        paces.of(key));
    open(template, number, inputs.take(), argument, inputs.unknown(), submit.returning());
  }

  /// A number that is in use was submitted: by a client that came back, or twice.
  private void again(Client client, long number, Key key, Task known) {
    if (!known.key().equals(key)) {
      refuse(client, number, key, "the number " + number + " is that of '" + known
          + "'; use each number once");
      return;
    }
    wanting.want(client, number, known);
    wanting.tellOrCompute(client, number, known);
  }

  /// A key that is in use was submitted under another number.
  private void joined(Client client, long number, Key key, boolean equal, Task same) {
    if (!equal || !same.template.name.equals(key)) {
      refuse(client, number, key, "the same key stands for another function or other inputs: '"
          + same + "'; use another key, or drop all futures of that one first");
      return;
    }
    wanting.want(client, number, same);
    wanting.tellOrCompute(client, number, same);
  }

  private void refuse(Client client, long number, Key key, String why) {
    out.tell(client, new Result.Lost(number,
        ErrorCode.REFUSED.of("'" + key + "' was refused: " + why)));
  }

  // --- maps

  void mapSubmitted(Client client, MapSubmitted event) {
    var map = event.map();
    if (!isGroupOf(client, map)) {
      for (var i = 0; i < map.operands().size(); i++) {
        refuse(client, map.first() + i, map.group(), "it is not the key of a map of that client"
            + " whose element " + map.index() + " is its task " + map.first());
      }
      return;
    }
    inputs.start();
    var captured = inputs.captured(client, map.captured());
    var capturedUnknown = inputs.unknown();
    inputs.take();
    var template = Template.map(client, map.group(), map.first(), map.index(), event.function(),
        map.settings(), captured, event.trace(), queues.shelf(client, map.settings()),
        paces.of(map.group()));
    for (var i = 0; i < map.operands().size(); i++) {
      var number = map.first() + i;
      var known = client.numbers.get(number);
      if (known != null) {
        again(client, number, template.key(number), known);
      } else {
        element(template, number, map.operands().get(i), captured, capturedUnknown,
            map.returning());
      }
    }
    if (template.shelf.tasks == 0) {
      template.shelf.pool.drop(template.shelf);
    }
  }

  private void element(Template template, long number, Operand operand, Task[] captured,
      long capturedUnknown, boolean returning) {
    switch (operand) {
      case Operand.Inline(var payload) ->
        open(template, number, captured, payload, capturedUnknown, returning);
      case Operand.OfTask(var task) -> {
        inputs.start();
        var input = inputs.add(template.owner, task);
        inputs.addAll(captured);
        open(template, number, inputs.take(), input,
            capturedUnknown > 0 ? capturedUnknown : inputs.unknown(), returning);
      }
    }
  }

  private boolean isGroupOf(Client client, SubmitMap map) {
    return map.index() >= 0 && map.first() >= map.index()
        && map.first() <= Long.MAX_VALUE - map.operands().size()
        && TaskKeys.isOf(map.group(), namespace, client.id, map.first() - map.index());
  }

  // --- values from the client

  void scattered(Client client, Scattered event) {
    var values = event.values();
    var known = client.numbers.get(values.number());
    if (known != null) {
      again(client, values.number(), values.key(), known);
      return;
    }
    if (!TaskKeys.isOf(values.key(), namespace, client.id, values.number())) {
      refuse(client, values.number(), values.key(), "it is not the key of that client's task "
          + values.number());
      return;
    }
    var template = Template.one(client, values.key(), null, TaskSettings.DEFAULT, Task.NONE, null,
        "", queues.shelf(client, TaskSettings.DEFAULT), paces.of(values.key()));
    var task = tasks.open(template, values.number(), rank(template, Task.NONE), Task.NONE, null);
    task.set(Task.SCATTERED | Task.OWNER_WANTS);
    client.numbers.put(values.number(), task);
    var isBelieved = settling.matchScattered(task, values.sizeBytes());
    for (var holder : values.holders()) {
      var member = isBelieved ? crew.find(holder) : null;
      if (member != null && task.state == TaskState.RELEASED) {
        keeping.scattered(task, member, values.sizeBytes());
      } else if (member != null) {
        keeping.found(task, member, values.sizeBytes());
      }
    }
    if (task.state == TaskState.RELEASED) {
      settling.awaitScattered(task, values.holders());
    } else if (client.returned || !isWhereSaid(task, values)) {
      wanting.tellOrCompute(client, values.number(), task);
    }
  }

  /// Whether the client knows where its value is: since it put it there, it may have been moved.
  private static boolean isWhereSaid(Task task, Message.Scattered values) {
    return Telling.holders(task).stream().map(Holder::worker).collect(Collectors.toSet())
        .equals(Set.copyOf(values.holders()));
  }

  // --- into the table

  /// @param lost the number of an input that is unknown, 0 for none
  private void open(Template template, long number, Task[] needed, @Nullable Object argument,
      long lost, boolean returning) {
    var task = tasks.open(template, number, rank(template, needed), lost > 0 ? Task.NONE : needed,
        lost > 0 ? null : argument);
    task.set(Task.OWNER_WANTS);
    template.owner.numbers.put(number, task);
    if (lost > 0) {
      failing.fail(task, new Verdict.Lost(ErrorCode.FUTURE_MISPLACED.of("'" + task
          + "' needs the value of the client's task " + lost + ", which is not known here; its"
          + " future was closed before '" + task + "' was submitted, or it is another client's")),
          Cause.IMPOSSIBLE, null);
      return;
    }
    for (var input : needed) {
      input.addDependent(task);
    }
    settling.start(task, returning);
  }

  private long rank(Template template, Task[] needed) {
    var level = 0;
    for (var input : needed) {
      level = Math.max(level, Rank.level(input.rank) + 1);
    }
    return Rank.of(template.settings.priority(), level, submissions++);
  }
}
