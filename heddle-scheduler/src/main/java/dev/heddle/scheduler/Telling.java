package dev.heddle.scheduler;

import dev.heddle.wire.Holder;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tells clients how their tasks ended. A room of [SchedulerState].
final class Telling {
  /// So many holders are named.
  private static final int HOLDERS_MAX = 8;

  private final Outbox out;

  Telling(Outbox out) {
    this.out = out;
  }

  /// Tells all who want it.
  ///
  /// @param value itself, where it is at hand
  void ended(Task task, Optional<Payload> value) {
    var allHaveIt = value.isPresent();
    if (task.has(Task.OWNER_WANTS)) {
      var owner = task.template.owner;
      out.tell(owner, result(task, task.number, value));
      allHaveIt &= owner.here;
    }
    if (task.rare != null) {
      for (var want : task.rare.wants) {
        out.tell(want.client(), result(task, want.number(), value));
        allHaveIt &= want.client().here;
      }
      allHaveIt &= task.rare.published == 0;
    }
    if (allHaveIt && task.state == TaskState.MEMORY) {
      task.set(Task.TOLD);
    }
    task.clear(Task.ASKED_FOR);
  }

  /// Tells one, if it has ended; otherwise it will be told.
  void ended(Task task, Client client, long number) {
    switch (task.state) {
      case MEMORY, ERRED -> out.tell(client, result(task, number, Optional.empty()));
      case RELEASED, WAITING, QUEUED, PROCESSING -> {
      }
      case FORGOTTEN -> throw new IllegalStateException(
          "the client " + client.id + " wants its task " + number + ", which is forgotten");
    }
    task.clear(Task.TOLD);
  }

  private static Result result(Task task, long number, Optional<Payload> value) {
    return switch (task.end) {
      case String type -> new Result.Ready(number, type, task.sizeBytes,
          value.isPresent() ? List.of() : holders(task), value);
      case Verdict verdict -> verdict.result(number, task.has(Task.ORIGIN), task.begun());
      case null, default -> throw new IllegalStateException(
          "'" + task + "' is to be told of and has not ended: " + task.state);
    };
  }

  /// Who has it, those first that can be reached.
  static List<Holder> holders(Task task) {
    var first = task.holder;
    if (first == null) {
      return List.of();
    }
    if (task.moreHolders.length == 0) {
      return List.of(first.holds(task));
    }
    var here = new ArrayList<Holder>();
    var away = new ArrayList<Holder>();
    (first.away ? away : here).add(first.holds(task));
    for (var member : task.moreHolders) {
      (member.away ? away : here).add(member.holds(task));
    }
    here.addAll(away);
    return here.size() <= HOLDERS_MAX ? here : List.copyOf(here.subList(0, HOLDERS_MAX));
  }
}
