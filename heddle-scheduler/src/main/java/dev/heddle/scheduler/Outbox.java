package dev.heddle.scheduler;

import dev.heddle.scheduler.SchedulerCommand.Abort;
import dev.heddle.scheduler.SchedulerCommand.Assign;
import dev.heddle.scheduler.SchedulerCommand.Recall;
import dev.heddle.scheduler.SchedulerCommand.Release;
import dev.heddle.scheduler.SchedulerCommand.Reply;
import dev.heddle.scheduler.SchedulerCommand.Tell;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import java.util.ArrayList;
import java.util.List;

/// What a batch of events comes to, in order. What a worker is told to drop is gathered over the batch,
/// and said once, before it is given anything new. Owned by [SchedulerState].
///
/// A worker that is away or dead is told nothing: when it comes back, it tells what it has.
final class Outbox {
  private List<SchedulerCommand> commands = new ArrayList<>();
  private final List<Member> gathered = new ArrayList<>();

  void add(SchedulerCommand command) {
    commands.add(command);
  }

  /// A client that is away is told nothing: when it comes back, it submits again what it wants.
  void tell(Client client, Message.Result result) {
    if (client.here) {
      add(new Tell(client.id, result));
    }
  }

  void reply(long asker, Message.Response response) {
    add(new Reply(asker, response));
  }

  void refuse(long asker, Reason reason, String message) {
    reply(asker, new Message.Refused(reason, message));
  }

  void assign(Member member, Assign assign) {
    say(member);
    add(assign);
  }

  void recall(Member member, List<Long> assignments) {
    add(new Recall(member.id(), assignments));
  }

  /// Ends what a worker was given. It may be done already, and say so too late: then its value goes.
  void abort(Member member, Task task) {
    abort(member, task.assignment);
    release(member, task.key());
  }

  /// Ends an assignment of which nothing is known here.
  void abort(Member member, long assignment) {
    if (hears(member)) {
      member.toAbort.add(assignment);
      gather(member);
    }
  }

  void release(Member member, Key key) {
    if (hears(member)) {
      member.toRelease.add(key);
      gather(member);
    }
  }

  private static boolean hears(Member member) {
    return !member.dead && !member.away;
  }

  private void gather(Member member) {
    if (!member.gathered) {
      member.gathered = true;
      gathered.add(member);
    }
  }

  /// Says what was gathered for one worker.
  private void say(Member member) {
    if (!member.gathered || !hears(member)) {
      return;
    }
    if (!member.toAbort.isEmpty()) {
      add(new Abort(member.id(), member.toAbort));
      member.toAbort = new ArrayList<>();
    }
    if (!member.toRelease.isEmpty()) {
      add(new Release(member.id(), member.toRelease));
      member.toRelease = new ArrayList<>();
    }
  }

  /// Everything since the last call.
  List<SchedulerCommand> take() {
    for (var member : gathered) {
      say(member);
      member.toAbort.clear();
      member.toRelease.clear();
      member.gathered = false;
    }
    gathered.clear();
    var taken = commands;
    commands = new ArrayList<>(Math.min(taken.size(), 1_024));
    return taken;
  }
}
