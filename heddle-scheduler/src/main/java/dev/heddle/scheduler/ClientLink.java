package dev.heddle.scheduler;

import dev.heddle.wire.Callee;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.Operand;
import dev.heddle.wire.Payload;
import dev.heddle.wire.TaskKeys;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// One connection of a client, from its greeting on: what its numbers stand for, and what its
/// notices mean to the core. Belongs to the link process, except for who it is.
///
/// Whatever cannot be done is answered with a result, so that no future waits for it.
final class ClientLink {
  private static final int FUNCTIONS_MAX = 10_000;

  private final ClientId id;
  private final String name;
  private final Connection connection;
  private final String namespace;
  private final Consumer<CodeBaseId> heardOf;
  private final Consumer<Function> unused;
  private final Map<Integer, Function> functions = new HashMap<>();
  private final Map<Integer, String> withoutFunction = new HashMap<>();
  private final Set<CodeBaseId> codeBases = new HashSet<>();
  /// Which trace what is submitted belongs to; empty for none.
  private String trace = "";
  private volatile boolean hasLeft;

  /// @param heardOf told of each code base that the client named
  /// @param unused told of each function that the client no longer uses
  ClientLink(ClientId id, String name, Connection connection, String namespace,
      Consumer<CodeBaseId> heardOf, Consumer<Function> unused) {
    this.id = id;
    this.name = name;
    this.connection = connection;
    this.namespace = namespace;
    this.heardOf = heardOf;
    this.unused = unused;
  }

  ClientId id() {
    return id;
  }

  String name() {
    return name;
  }

  Connection connection() {
    return connection;
  }

  boolean hasLeft() {
    return hasLeft;
  }

  void leaves() {
    hasLeft = true;
  }

  /// What the client says, in order.
  ///
  /// @param events gets what the core is to be told
  void heard(Message.Notice notice, List<SchedulerEvent> events) {
    switch (notice) {
      case Message.Define(var number, var payload) -> define(number, payload);
      case Message.Undefine(var numbers) -> numbers.forEach(this::undefine);
      case Message.Submit submit -> submit(submit, events);
      case Message.SubmitMap map -> submitMap(map, events);
      case Message.Scattered values -> scattered(values, events);
      case Message.Drop(var tasks) -> events.add(new SchedulerEvent.Dropped(id, tasks));
      case Message.Withdraw(var tasks) -> events.add(new SchedulerEvent.Withdrawn(id, tasks));
      case Message.Need(var tasks) -> events.add(new SchedulerEvent.Needed(id, tasks));
      case Message.SubmittedAt(var place, var tasks) ->
        events.add(new SchedulerEvent.PlaceTold(id, place, tasks));
      case Message.Abort(var tasks) -> events.add(new SchedulerEvent.AbortAsked(id, tasks));
      case Message.Trace(var context, _) -> trace = context;
      case Message.Farewell _,Message.LetGo _,Message.Changed _,Message.Results _,Message.WorkersNow _,Message.Assign _,Message.Recall _,Message.Release _,Message.Holding _,Message.Ended _,Message.Waits _,Message.Beat _,Message.ValuesLost _,Message.ValuesMoved _ ->
        connection.close("a client does not say " + notice.getClass().getSimpleName()
            + " to a scheduler");
    }
  }

  private void define(int number, Payload payload) {
    heardOf(payload);
    withoutFunction.remove(number);
    if (functions.size() >= FUNCTIONS_MAX && !functions.containsKey(number)) {
      deny(number, "this client has defined " + FUNCTIONS_MAX
          + " functions already, as many as it may; it has to undefine some");
      return;
    }
    var before = functions.put(number, new Function(payload, true));
    if (before != null) {
      unused.accept(before);
    }
  }

  private void deny(int number, String reason) {
    if (withoutFunction.size() < FUNCTIONS_MAX) {
      withoutFunction.put(number, reason);
    }
  }

  private void undefine(int number) {
    withoutFunction.remove(number);
    var function = functions.remove(number);
    if (function != null) {
      unused.accept(function);
    }
  }

  /// The connection has ended: so has what its numbers stood for.
  void forgetFunctions() {
    functions.values().forEach(unused);
    functions.clear();
  }

  private void submit(Message.Submit submit, List<SchedulerEvent> events) {
    if (!isOwn(submit.key(), submit.number())) {
      tell(lost(submit.number(), foreign(submit.key(), submit.number())));
      return;
    }
    var function = function(submit.function());
    if (function.isEmpty()) {
      tell(lost(submit.number(), noFunction(submit.function())));
      return;
    }
    submit.operands().forEach(this::heardOf);
    events.add(new SchedulerEvent.Submitted(id, submit, function.get(), trace));
  }

  private void submitMap(Message.SubmitMap map, List<SchedulerEvent> events) {
    var function = function(map.function());
    if (map.index() < 0 || !isOwn(map.group(), map.first() - map.index())) {
      tellAll(map, foreign(map.group(), map.first() - map.index()));
    } else if (function.isEmpty()) {
      tellAll(map, noFunction(map.function()));
    } else {
      map.operands().forEach(this::heardOf);
      events.add(new SchedulerEvent.MapSubmitted(id, map, function.get(), trace));
    }
  }

  private void scattered(Message.Scattered values, List<SchedulerEvent> events) {
    if (isOwn(values.key(), values.number())) {
      events.add(new SchedulerEvent.Scattered(id, values));
    } else {
      tell(lost(values.number(), foreign(values.key(), values.number())));
    }
  }

  /// There was no memory for a notice: what it asked for is told to be lost.
  void untaken(Message.Notice notice, String reason) {
    var why = "it did not get through the scheduler: " + reason + " in the scheduler; put large"
        + " values on workers with scatter, or give the scheduler more memory";
    switch (notice) {
      case Message.Define(var number, _) -> {
        undefine(number);
        deny(number, why);
      }
      case Message.Submit submit -> tell(lost(submit.number(), why));
      case Message.SubmitMap map -> tellAll(map, why);
      case Message.Scattered _,Message.Drop _,Message.Withdraw _,Message.Need _,Message.SubmittedAt _,Message.Abort _,Message.Undefine _,Message.Trace _,Message.Farewell _,Message.LetGo _,Message.Changed _,Message.Results _,Message.WorkersNow _,Message.Assign _,Message.Recall _,Message.Release _,Message.Holding _,Message.Ended _,Message.Waits _,Message.Beat _,Message.ValuesLost _,Message.ValuesMoved _ -> {
        // None of these has buffers that this scheduler would take.
      }
    }
  }

  private Optional<Function> function(Callee callee) {
    return switch (callee) {
      case Callee.Known(var number) -> Optional.ofNullable(functions.get(number));
      case Callee.Carried(var payload) -> {
        heardOf(payload);
        yield Optional.of(new Function(payload, false));
      }
    };
  }

  private String noFunction(Callee callee) {
    return switch (callee) {
      case Callee.Known(var number) -> "function " + number + " is unknown to the scheduler: "
          + withoutFunction.getOrDefault(number,
              "the client has not defined it on this connection, "
                  + "or has undefined it");
      case Callee.Carried _ -> throw new IllegalStateException("a function that travelled along");
    };
  }

  private void heardOf(Operand operand) {
    if (operand instanceof Operand.Inline(var payload)) {
      heardOf(payload);
    }
  }

  private void heardOf(Payload payload) {
    for (var codeBase : payload.codeBases()) {
      if (codeBases.add(codeBase)) {
        heardOf.accept(codeBase);
      }
    }
  }

  /// Whether a key is that of this client's task of this number: so no client gets at the tasks of
  /// another. Keys that were given belong to whoever knows function and inputs.
  private boolean isOwn(Key key, long number) {
    return TaskKeys.isOf(key, namespace, id, number)
        || (key.has('@') && TaskKeys.isOf(key, namespace));
  }

  private String foreign(Key key, long number) {
    return "the key '" + key + "' is not one that the client " + id + " of the scheduler with the"
        + " namespace " + namespace + " may give its task " + number;
  }

  private static Result lost(long number, String reason) {
    return new Result.Lost(number, reason);
  }

  private void tellAll(Message.SubmitMap map, String reason) {
    var parcel = new Parcel(connection);
    for (var i = 0; i < map.operands().size(); i++) {
      parcel.add(lost(map.first() + i, reason));
    }
    parcel.send();
  }

  private void tell(Result result) {
    connection.notice(new Message.Results(List.of(result)));
  }
}
