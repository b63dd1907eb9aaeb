package dev.heddle.scheduler;

import dev.heddle.process.FlightEvents;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// One connection to a worker, from the request to serve this scheduler until it ends.
///
/// What the worker tells before the core knows that it came is kept, so that the core hears it after
/// that and in order.
final class WorkerLink {
  /// Beats come every second; what comes later than this is worth telling.
  private static final long GAP_NANOS = 2_000_000_000;
  private static final int EARLY_MAX = 10_000;

  private final WorkerId worker;
  private final Connection connection;
  private final FunctionTable functions;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile String endReason = "";
  /// Guarded by the turn.
  private Message.Trace trace = Message.Trace.NONE;

  // All below is guarded by this.
  private final List<Entry> stored = new ArrayList<>();
  private final List<Key> unfinished = new ArrayList<>();
  private final List<SchedulerEvent> early = new ArrayList<>();
  private boolean hasCome;
  /// When the last beat came; 0 before the first.
  private long beatNanos;

  WorkerLink(WorkerId worker, Connection connection) {
    this.worker = worker;
    this.connection = connection;
    functions = new FunctionTable(connection);
  }

  WorkerId worker() {
    return worker;
  }

  Connection connection() {
    return connection;
  }

  FunctionTable functions() {
    return functions;
  }

  /// Tells the worker which trace the next assignment belongs to, unless that is what it was told last.
  /// Called within the turn.
  void belongs(Message.Trace to) {
    if (!to.equals(trace)) {
      connection.notice(to);
      trace = to;
    }
  }

  private void beats() {
    var now = System.nanoTime();
    var silentNanos = beatNanos == 0 ? 0 : now - beatNanos;
    beatNanos = now;
    if (silentNanos > GAP_NANOS && FlightEvents.arePrepared() && HeartbeatGapEvent.isOn()) {
      var event = new HeartbeatGapEvent();
      event.worker = worker.name();
      event.silentNanos = silentNanos;
      event.commit();
    }
  }

  /// What the worker says, in order; called by the link process.
  ///
  /// @param events gets what the core is to be told
  synchronized void heard(Message.Notice notice, List<SchedulerEvent> events) {
    switch (notice) {
      case Message.Holding(var entries, var keys) -> {
        stored.addAll(entries);
        unfinished.addAll(keys);
      }
      case Message.Ended(var task, var end) ->
        tell(new SchedulerEvent.Ended(worker, task, end), events);
      case Message.Waits(var task, var waiting) ->
        tell(new SchedulerEvent.Waits(worker, task, waiting), events);
      case Message.Beat beat -> {
        beats();
        tell(new SchedulerEvent.Beat(worker, beat), events);
      }
      case Message.ValuesLost(var keys) ->
        tell(new SchedulerEvent.Unregistered(worker, keys), events);
      case Message.ValuesMoved(var keys, var to, var last) ->
        tell(new SchedulerEvent.ValuesMoved(worker, keys, to, last), events);
      case Message.Changed _,Message.Define _,Message.Undefine _,Message.Submit _,Message.SubmitMap _,Message.Scattered _,Message.Drop _,Message.Withdraw _,Message.Need _,Message.SubmittedAt _,Message.Abort _,Message.Trace _,Message.Farewell _,Message.LetGo _,Message.Results _,Message.WorkersNow _,Message.Assign _,Message.Recall _,Message.Release _ -> {
        // A worker has no business to say this, and whatever it means cannot be done for one.
        connection.close("a worker does not say " + notice.getClass().getSimpleName()
            + " to a scheduler");
      }
    }
  }

  /// There was no memory for a notice: what it said is told without its large parts.
  ///
  /// @param events gets what the core is to be told
  void untaken(Message.Notice notice, String reason, List<SchedulerEvent> events) {
    switch (notice) {
      case Message.Ended(var task, TaskEnd.Failed(var failure, var runNanos)) ->
        heard(new Message.Ended(task, new TaskEnd.Failed(failure.withoutOriginals(), runNanos)),
            events);
      case Message.Ended(var task, TaskEnd.Ready(var type, var sizeBytes, var runNanos, _)) ->
        heard(new Message.Ended(task,
            new TaskEnd.Ready(type, sizeBytes, runNanos, Optional.empty())), events);
      case Message.Notice other -> connection.close("a message did not get through: there is "
          + reason + " for " + other.getClass().getSimpleName());
    }
  }

  private void tell(SchedulerEvent event, List<SchedulerEvent> events) {
    if (hasCome) {
      events.add(event);
    } else if (early.size() < EARLY_MAX) {
      early.add(event);
    } else {
      connection.close(
          "more than " + EARLY_MAX + " notices before the worker said what it has");
    }
  }

  /// Tells the core that the worker has come, with all that it said so far. Nothing that it says
  /// later is reported before that.
  synchronized void came(WorkerInfo info, Message.Attached attached, Control control) {
    var events = new ArrayList<SchedulerEvent>();
    events.add(new SchedulerEvent.WorkerCame(info, attached, List.copyOf(stored),
        List.copyOf(unfinished)));
    events.addAll(early);
    control.report(events);
    hasCome = true;
    stored.clear();
    unfinished.clear();
    early.clear();
  }

  /// The connection has ended, and all that came by it was heard.
  void closed(String reason) {
    endReason = reason;
    ended.countDown();
  }

  /// Waits for the end.
  ///
  /// @return why
  String awaitEnd() throws InterruptedException {
    ended.await();
    return endReason;
  }

  @Override
  public String toString() {
    return worker + " at " + connection.remoteAddress();
  }
}
