package dev.heddle.scheduler;

import dev.heddle.simulation.Network.Answer;
import dev.heddle.simulation.Network.Incoming;
import dev.heddle.simulation.Network.Party;
import dev.heddle.simulation.Network.Wire;
import dev.heddle.simulation.SimulatedTime;
import dev.heddle.simulation.World;
import dev.heddle.wire.Callee;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.WorkerInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What [Attendant] and [WorkerLink] do, and [FunctionTable]: takes one life of one worker into service,
/// and keeps to it until it is dead.
final class SimulatedAttendant {
  private static final long PAUSE_FIRST = 10 * SimulatedTime.MILLI;
  private static final long PAUSE_MOST = 500 * SimulatedTime.MILLI;
  private static final int FUNCTIONS_MAX = 3;

  private final World world;
  private final SimulatedScheduler scheduler;
  private final WorkerInfo worker;
  private @Nullable Service service;
  private boolean leaseEnded;
  private boolean succeeded;
  private boolean over;
  private boolean hasCome;
  private boolean hasLeft;
  private String last = "it was never reached";
  private long pause = PAUSE_FIRST;
  private boolean napping;

  SimulatedAttendant(World world, SimulatedScheduler scheduler, WorkerInfo worker) {
    this.world = world;
    this.scheduler = scheduler;
    this.worker = worker;
  }

  WorkerInfo worker() {
    return worker;
  }

  void start() {
    service = new Service();
    service.open();
  }

  // --- what members tell

  void leaseEnded() {
    leaseEnded = true;
    look();
  }

  boolean joined() {
    leaseEnded = false;
    return !over;
  }

  void succeeded() {
    succeeded = true;
    if (service instanceof Service open) {
      open.wire().close("another worker has the name " + worker.id());
    }
    look();
  }

  boolean isOver() {
    return over;
  }

  /// Something has changed while there is no connection.
  private void look() {
    if (napping) {
      napping = false;
      goOn();
    }
  }

  // --- the process

  private void ended(String reason, boolean refused) {
    service = null;
    last = reason;
    if (refused) {
      dies(last + "; and nobody listens at " + worker.address() + " any more");
    } else if (succeeded) {
      dies("another process has its name now");
    } else if (leaseEnded) {
      dies(last + "; and its lease has ended");
    } else {
      napping = true;
      var nap = pause;
      pause = Math.min(2 * pause, PAUSE_MOST);
      scheduler.after(nap, this::look);
    }
  }

  private void goOn() {
    if (succeeded || leaseEnded) {
      ended(last, false);
    } else {
      start();
    }
  }

  private void dies(String cause) {
    over = true;
    if (hasCome) {
      scheduler.report(List.of(new SchedulerEvent.WorkerDied(worker.id(), hasLeft, cause)));
    }
    scheduler.died(worker.id());
  }

  // --- the connection

  void say(Message.Notice notice) {
    if (service instanceof Service open) {
      open.wire().notice(notice);
    }
  }

  void askToLeave() {
    if (service instanceof Service open) {
      open.wire().call(new Message.Retire(worker.id().name()), scheduler::retired);
    }
  }

  void assign(SchedulerCommand.Assign assign) {
    if (service instanceof Service open) {
      open.wire().notice(new Message.Assign(assign.task(), assign.key(),
          open.callee(assign.function()), assign.arguments(), assign.captured(), assign.holders(),
          assign.order(), assign.timeoutMillis(), assign.blocking()));
    }
  }

  void drop(Function function) {
    if (service instanceof Service open) {
      open.drop(function);
    }
  }

  /// One connection, from the request to serve until it ends.
  private final class Service implements Party {
    private @Nullable Wire wire;
    private final List<Entry> stored = new ArrayList<>();
    private final List<Key> unfinished = new ArrayList<>();
    private final List<SchedulerEvent> early = new ArrayList<>();
    private final LinkedHashMap<Function, Integer> functions = new LinkedHashMap<>(16, 0.75f,
        true);
    private int lastFunction;
    private boolean serves;

    void open() {
      wire = world.network.connect(scheduler, worker.address(), this);
      wire().call(new Message.Attach(world.namespace, true), this::attached);
    }

    Wire wire() {
      if (wire == null) {
        throw new IllegalStateException("not open");
      }
      return wire;
    }

    private void attached(Answer answer) {
      if (answer instanceof Answer.Came(Message.Attached attached)) {
        wire().call(new Message.AskInfo(), info -> isKnown(attached, info));
      } else {
        wire().close("it answered with " + answer);
      }
    }

    private void isKnown(Message.Attached attached, Answer answer) {
      if (!(answer instanceof Answer.Came(Message.NodeInfo info))) {
        return; // The connection has ended.
      }
      if (!info.name().equals(worker.id().name()) || info.pid() != worker.pid()) {
        wire().close("another process listens at " + worker.address() + " now");
        return;
      }
      serves = true;
      hasCome = true;
      pause = PAUSE_FIRST;
      scheduler.serves(SimulatedAttendant.this);
      var events = new ArrayList<SchedulerEvent>();
      events.add(new SchedulerEvent.WorkerCame(worker, attached, List.copyOf(stored),
          List.copyOf(unfinished)));
      events.addAll(early);
      scheduler.report(events);
    }

    @Override
    public void received(List<Incoming> batch) {
      var events = new ArrayList<SchedulerEvent>();
      for (var incoming : batch) {
        switch (incoming) {
          case Incoming.Noticed(Message.Holding(var entries, var keys)) -> {
            stored.addAll(entries);
            unfinished.addAll(keys);
          }
          case Incoming.Noticed(Message.Ended(var task, var end)) ->
            events.add(new SchedulerEvent.Ended(worker.id(), task, end));
          case Incoming.Noticed(Message.Waits(var task, var waiting)) ->
            events.add(new SchedulerEvent.Waits(worker.id(), task, waiting));
          case Incoming.Noticed(Message.Beat beat) ->
            events.add(new SchedulerEvent.Beat(worker.id(), beat));
          case Incoming.Noticed(Message.ValuesLost(var keys)) ->
            events.add(new SchedulerEvent.Unregistered(worker.id(), keys));
          case Incoming.Noticed(Message.ValuesMoved(var keys, var to, var last)) ->
            events.add(new SchedulerEvent.ValuesMoved(worker.id(), keys, to, last));
          case Incoming other ->
            throw new IllegalStateException("a worker said to its scheduler: " + other);
        }
      }
      if (serves) {
        scheduler.report(events);
      } else {
        early.addAll(events);
      }
    }

    @Override
    public void closed(String reason, boolean refused) {
      if (serves) {
        hasLeft = scheduler.hasLeftStore(worker.id());
        scheduler.servesNoMore(SimulatedAttendant.this);
        scheduler.report(List.of(new SchedulerEvent.WorkerAway(worker.id())));
      }
      ended(serves ? "its connection ended: " + reason : reason, refused && !serves);
    }

    // --- functions

    Callee callee(Function function) {
      if (!function.shared()) {
        return new Callee.Carried(function.payload());
      }
      var known = functions.get(function);
      if (known != null) {
        return new Callee.Known(known);
      }
      wire().notice(new Message.Define(++lastFunction, function.payload()));
      functions.put(function, lastFunction);
      if (functions.size() > FUNCTIONS_MAX) {
        Map.Entry<Function, Integer> oldest = functions.entrySet().iterator().next();
        drop(oldest.getKey());
      }
      return new Callee.Known(lastFunction);
    }

    void drop(Function function) {
      var number = functions.remove(function);
      if (number != null) {
        wire().notice(new Message.Undefine(List.of(number)));
      }
    }
  }
}
