package dev.heddle.worker;

import dev.heddle.simulation.Network.Incoming;
import dev.heddle.simulation.Network.Party;
import dev.heddle.simulation.Network.Wire;
import dev.heddle.simulation.Payloads;
import dev.heddle.wire.Address;
import dev.heddle.wire.Callee;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Payload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What [Links] and [SchedulerLink] do: makes events of what is said on one connection to a worker.
final class ClusterLink implements Party {
  private final ClusterWorker worker;
  private final Wire wire;
  private final Map<Integer, Payload> functions = new HashMap<>();
  private boolean attached;

  ClusterLink(ClusterWorker worker, Wire wire) {
    this.worker = worker;
    this.wire = wire;
  }

  Wire wire() {
    return wire;
  }

  @Override
  public void received(List<Incoming> batch) {
    var events = new ArrayList<WorkerEvent>();
    for (var incoming : batch) {
      switch (incoming) {
        case Incoming.Asked(var correlation, var request) -> asked(correlation, request, events);
        case Incoming.Noticed(var notice) -> heard(notice, events);
      }
    }
    worker.report(events);
  }

  @Override
  public void closed(String reason, boolean refused) {
    worker.gone(wire.number());
  }

  private void asked(long correlation, Message.Request request, List<WorkerEvent> events) {
    var asker = new Asker(wire.number(), correlation);
    var info = worker.info();
    switch (request) {
      case Message.Attach(var namespace, var keepsWhoHas) -> {
        attached = true;
        events.add(new WorkerEvent.AttachAsked(asker, namespace, keepsWhoHas,
            new Message.Attached(info.threads(), worker.resources(), 1 << 30)));
      }
      case Message.AskInfo() -> {
        // What was said before it is answered before it.
        worker.report(List.copyOf(events));
        events.clear();
        wire.reply(correlation, new Message.NodeInfo("worker", info.id().name(), info.address(),
            info.host(), info.pid(), 0, Map.of()));
      }
      case Message.GetData(var keys, var bytesMax, var _) ->
        events.add(new WorkerEvent.GetAsked(asker, keys, bytesMax));
      case Message.PutData(var values, var ifRoom) -> {
        var put = new LinkedHashMap<Key, Value>();
        values.forEach((key, payload) -> put.put(key, ClusterWorker.value(payload)));
        events.add(new WorkerEvent.PutAsked(asker, put, ifRoom));
      }
      case Message.Retire _ -> {
        wire.reply(correlation, new Message.Done());
        worker.after(0, worker::drain);
      }
      case Message.Request other ->
        throw new IllegalStateException("nobody asks a worker of the simulation " + other);
    }
  }

  private void heard(Message.Notice notice, List<WorkerEvent> events) {
    if (!attached) {
      throw new IllegalStateException("nobody has attached who says " + notice);
    }
    var link = wire.number();
    switch (notice) {
      case Message.Assign assign -> events.add(new WorkerEvent.ComputeAsked(
          Asker.scheduler(link, assign.task()), assign.key(), work(assign), assign.holders()));
      case Message.Define(var number, var payload) -> functions.put(number, payload);
      case Message.Undefine(var numbers) -> numbers.forEach(functions::remove);
      case Message.Recall(var tasks) -> events.add(new WorkerEvent.RecallAsked(link, tasks));
      case Message.Abort(var tasks) -> events.add(new WorkerEvent.AbortAsked(link, tasks));
      case Message.Release(var keys) -> events.add(new WorkerEvent.ReleaseAsked(link, keys));
      case Message.Notice other ->
        throw new IllegalStateException("nobody says to a worker of the simulation " + other);
    }
  }

  private Work work(Message.Assign assign) {
    var function = switch (assign.function()) {
      case Callee.Carried(var payload) -> payload;
      case Callee.Known(var number) -> {
        var known = functions.get(number);
        if (known == null) {
          throw new IllegalStateException(
              "the scheduler has not defined function " + number + " for '" + assign.key() + "'");
        }
        yield known;
      }
    };
    return new Work(Definition.forOneCall(function, function), assign.arguments(),
        assign.captured(), Optional.empty(), assign.order(), assign.timeoutMillis(),
        assign.blocking(), Optional.<Address>empty(), Message.Trace.NONE,
        Payloads.function(function));
  }
}
