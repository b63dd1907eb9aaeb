package dev.heddle.scheduler;

import dev.heddle.wire.Argument;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.util.List;
import java.util.Map;

/// Something to be done. The only output of [SchedulerState]. What concerns one worker, or one
/// client, must be carried out in order.
sealed interface SchedulerCommand {
  /// Tell a client how a task of its ended. Nothing happens if it is away.
  record Tell(ClientId client, Message.Result result) implements SchedulerCommand {}

  /// Tell every client which workers there are.
  record TellWorkers(List<WorkerInfo> workers) implements SchedulerCommand {}

  record Reply(long asker, Message.Response response) implements SchedulerCommand {}

  /// @param task a number that is used for this assignment alone
  /// @param trace which trace the task belongs to, and which attempt this is
  record Assign(WorkerId worker, long task, Key key, Function function, List<Argument> arguments,
      List<Key> captured, Map<Key, List<Holder>> holders, long order, long timeoutMillis,
      boolean blocking, Message.Trace trace) implements SchedulerCommand {}

  record Recall(WorkerId worker, List<Long> tasks) implements SchedulerCommand {}

  record Abort(WorkerId worker, List<Long> tasks) implements SchedulerCommand {}

  record Release(WorkerId worker, List<Key> keys) implements SchedulerCommand {}

  /// Ask it to give its values to others and to leave.
  record AskToLeave(WorkerId worker) implements SchedulerCommand {}
}
