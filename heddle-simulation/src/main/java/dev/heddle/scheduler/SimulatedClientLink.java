package dev.heddle.scheduler;

import dev.heddle.simulation.Network.Incoming;
import dev.heddle.simulation.Network.Party;
import dev.heddle.simulation.Network.Wire;
import dev.heddle.simulation.World;
import dev.heddle.wire.Callee;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What [ClientLink] does, and the door before it: one connection of a client.
final class SimulatedClientLink implements Party {
  private final World world;
  private final SimulatedScheduler scheduler;
  private final Wire wire;
  private final Map<Integer, Function> functions = new HashMap<>();
  private @Nullable ClientId id;

  SimulatedClientLink(World world, SimulatedScheduler scheduler, Wire wire) {
    this.world = world;
    this.scheduler = scheduler;
    this.wire = wire;
  }

  Wire wire() {
    return wire;
  }

  @Override
  public void received(List<Incoming> batch) {
    var events = new ArrayList<SchedulerEvent>();
    for (var incoming : batch) {
      switch (incoming) {
        case Incoming.Asked(var correlation, var request) -> {
          scheduler.report(List.copyOf(events));
          events.clear();
          asked(correlation, request);
        }
        case Incoming.Noticed(Message.Farewell()) -> {
          scheduler.report(List.copyOf(events));
          events.clear();
          scheduler.leaves(this, id());
        }
        case Incoming.Noticed(var notice) -> heard(notice, events);
      }
    }
    scheduler.report(events);
  }

  private ClientId id() {
    if (id == null) {
      throw new IllegalStateException("it has not greeted");
    }
    return id;
  }

  private void asked(long correlation, Message.Request request) {
    switch (request) {
      case Message.Greet(var client, var name, var returning, var workers, var records) -> {
        id = client;
        wire.reply(correlation, new Message.Welcome(world.namespace, 1));
        scheduler.enter(this, client,
            new SchedulerEvent.ClientCame(client, name, returning, Set.copyOf(workers), records));
      }
      case Message.Publish(var name, var task) -> scheduler.report(List.of(
          new SchedulerEvent.PublishAsked(scheduler.asker(wire, correlation), id(), name, task)));
      case Message.Unpublish(var name) -> scheduler.report(List.of(
          new SchedulerEvent.UnpublishAsked(scheduler.asker(wire, correlation), name)));
      case Message.Adopt(var name, var task) -> scheduler.report(List.of(
          new SchedulerEvent.AdoptAsked(scheduler.asker(wire, correlation), id(), name, task)));
      case Message.Retire(var worker) -> scheduler.retire(worker, wire, correlation);
      case Message.Request other ->
        throw new IllegalStateException("no client of the simulation asks " + other);
    }
  }

  private void heard(Message.Notice notice, List<SchedulerEvent> events) {
    switch (notice) {
      case Message.Define(var number, var payload) ->
        unused(functions.put(number, new Function(payload, true)));
      case Message.Undefine(var numbers) ->
        numbers.forEach(number -> unused(functions.remove(number)));
      case Message.Submit submit -> events.add(
          new SchedulerEvent.Submitted(id(), submit, function(submit.function()), ""));
      case Message.SubmitMap map ->
        events.add(new SchedulerEvent.MapSubmitted(id(), map, function(map.function()), ""));
      case Message.Scattered values -> events.add(new SchedulerEvent.Scattered(id(), values));
      case Message.Drop(var tasks) -> events.add(new SchedulerEvent.Dropped(id(), tasks));
      case Message.Withdraw(var tasks) -> events.add(new SchedulerEvent.Withdrawn(id(), tasks));
      case Message.Need(var tasks) -> events.add(new SchedulerEvent.Needed(id(), tasks));
      case Message.Abort(var tasks) -> events.add(new SchedulerEvent.AbortAsked(id(), tasks));
      case Message.Notice other ->
        throw new IllegalStateException("no client of the simulation says " + other);
    }
  }

  private void unused(@Nullable Function function) {
    if (function != null) {
      scheduler.dropFunction(function);
    }
  }

  private Function function(Callee callee) {
    return switch (callee) {
      case Callee.Known(var number) -> {
        var known = functions.get(number);
        if (known == null) {
          throw new IllegalStateException("the client " + id + " has not defined " + number);
        }
        yield known;
      }
      case Callee.Carried(var payload) -> new Function(payload, false);
    };
  }

  @Override
  public void closed(String reason, boolean refused) {
    functions.values().forEach(this::unused);
    functions.clear();
    if (id != null) {
      scheduler.isAway(this, id);
    }
  }
}
