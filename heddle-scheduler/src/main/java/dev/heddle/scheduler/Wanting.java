package dev.heddle.scheduler;

import dev.heddle.scheduler.SchedulerEvent.AbortAsked;
import dev.heddle.scheduler.SchedulerEvent.AdoptAsked;
import dev.heddle.scheduler.SchedulerEvent.Dropped;
import dev.heddle.scheduler.SchedulerEvent.Needed;
import dev.heddle.scheduler.SchedulerEvent.PublishAsked;
import dev.heddle.scheduler.SchedulerEvent.UnpublishAsked;
import dev.heddle.scheduler.SchedulerEvent.Withdrawn;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.wire.Message.Result;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who wants what: futures of clients, and published names. A room of [SchedulerState].
final class Wanting {
  private final Tasks tasks;
  private final Outbox out;
  private final Telling telling;
  private final Releasing releasing;
  private final Failing failing;
  private final Reviving reviving;
  private final Inquest inquest;
  private final Map<String, Task> published = new LinkedHashMap<>();

  Wanting(Tasks tasks, Outbox out, Telling telling, Releasing releasing, Failing failing,
      Reviving reviving,
      Inquest inquest) {
    this.tasks = tasks;
    this.out = out;
    this.telling = telling;
    this.releasing = releasing;
    this.failing = failing;
    this.reviving = reviving;
    this.inquest = inquest;
  }

  /// A client wants a task under a number that it does not use, or uses for this very task.
  void want(Client client, long number, Task task) {
    if (client == task.template.owner && number == task.number) {
      task.set(Task.OWNER_WANTS);
      if (client.numbers.get(number) == null) {
        client.numbers.put(number, task);
      }
    } else if (client.numbers.get(number) == null) {
      client.numbers.put(number, task);
      task.rare().wants.add(new Rare.Want(client, number));
    }
  }

  /// A client wants to be told of a task how it ended, or will.
  void tellOrCompute(Client client, long number, Task task) {
    if (task.state == TaskState.RELEASED) {
      reviving.need(task, Cause.NEEDED_AGAIN);
    } else {
      telling.ended(task, client, number);
    }
  }

  /// Whether a client holds a future under a number that means this task.
  private static boolean wants(Client client, long number, Task task) {
    return client != task.template.owner || number != task.number || task.has(Task.OWNER_WANTS);
  }

  void dropped(Client client, Dropped dropped) {
    for (var range : dropped.tasks()) {
      var end = Math.min(range.first() + range.count(), client.numbers.highest() + 1);
      for (var number = range.first(); number < end; number++) {
        number = client.numbers.nextPage(number, end);
        if (number < end) {
          drop(client, number);
        }
      }
    }
  }

  void withdrawn(Client client, Withdrawn withdrawn) {
    for (var number : withdrawn.tasks()) {
      var task = client.numbers.get(number);
      drop(client, number);
      if (task != null) {
        releasing.spare(task);
      }
    }
  }

  private void drop(Client client, long number) {
    var task = client.numbers.get(number);
    if (task == null) {
      return;
    }
    if (client == task.template.owner && number == task.number) {
      // The number keeps its meaning for as long as the task is known: its key is made from it.
      task.clear(Task.OWNER_WANTS);
    } else {
      client.numbers.remove(number);
      task.rare().wants.removeIf(want -> want.client() == client && want.number() == number);
    }
    releasing.doubt(task);
  }

  /// A client wants nothing any more.
  void left(Client client) {
    client.left = true;
    client.here = false;
    for (var number : client.numbers.all()) {
      drop(client, number);
    }
    client.recorded.forEach(releasing::doubt);
  }

  void needed(Client client, Needed needed) {
    for (var number : needed.tasks()) {
      var task = client.numbers.get(number);
      if (task == null || !wants(client, number, task)) {
        out.tell(client,
            new Result.Lost(number, "the task " + number + " of the client " + client.id
                + " is not known here; it was dropped, or never submitted"));
      } else if (task.state == TaskState.MEMORY && Keeping.allAway(task)) {
        task.clear(Task.TOLD);
        task.set(Task.ASKED_FOR);
      } else {
        tellOrCompute(client, number, task);
      }
    }
  }

  void abortAsked(Client client, AbortAsked asked) {
    for (var number : asked.tasks()) {
      var task = client.numbers.get(number);
      if (task != null && task.state.active()) {
        inquest.open(task);
        failing.fail(task, new Verdict.Cancelled("'" + task + "' was cancelled by the client '"
            + client.name + "' (" + client.id + ")"), Cause.CANCELLED, null);
      }
    }
  }

  // --- names

  void publishAsked(Client client, PublishAsked asked) {
    var task = client.numbers.get(asked.task());
    if (task == null || !wants(client, asked.task(), task)) {
      out.refuse(asked.asker(), Reason.BAD_REQUEST, "the task " + asked.task()
          + " is not known here, so it cannot be published as '" + asked.name()
          + "'; publish it before its future is closed");
      return;
    }
    var known = published.get(asked.name());
    if (known != null && known != task) {
      out.refuse(asked.asker(), Reason.BAD_REQUEST, "the name '" + asked.name()
          + "' is that of '" + known + "' already; unpublish it first, or use another name");
      return;
    }
    if (known == null) {
      published.put(asked.name(), task);
      task.rare().published++;
      task.clear(Task.TOLD);
      if (task.state == TaskState.RELEASED) {
        reviving.need(task, Cause.NEEDED_AGAIN);
      }
    }
    out.reply(asked.asker(), new Message.Done());
  }

  void unpublishAsked(UnpublishAsked asked) {
    var task = published.remove(asked.name());
    if (task != null) {
      task.rare().published--;
      releasing.doubt(task);
    }
    out.reply(asked.asker(), new Message.Done());
  }

  void adoptAsked(Client client, AdoptAsked asked) {
    var task = published.get(asked.name());
    if (task == null) {
      task = known(asked.name());
    }
    if (task == null) {
      out.refuse(asked.asker(), Reason.BAD_REQUEST, "nothing is published as '" + asked.name()
          + "', nor is that the key of a task" + (published.isEmpty()
              ? "; nothing is published at all"
              : "; there are: " + String.join(", ", published.keySet())));
      return;
    }
    var other = client.numbers.get(asked.task());
    if (other != null && other != task) {
      out.refuse(asked.asker(), Reason.BAD_REQUEST, "the number " + asked.task()
          + " is that of '" + other + "' already; use each number once");
      return;
    }
    want(client, asked.task(), task);
    out.reply(asked.asker(), new Message.Adopted(task.key()));
    tellOrCompute(client, asked.task(), task);
  }

  private @Nullable Task known(String name) {
    try {
      return tasks.find(Key.of(name));
    } catch (IllegalArgumentException _) {
      return null; // No key is like that.
    }
  }

  /// What is published, by name.
  Map<String, Task> published() {
    return published;
  }
}
