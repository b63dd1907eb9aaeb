package dev.heddle.worker;

import dev.heddle.wire.Address;
import dev.heddle.wire.Argument;
import dev.heddle.wire.Callee;
import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Payload;
import dev.heddle.worker.WorkerEvent.AbortAsked;
import dev.heddle.worker.WorkerEvent.ComputeAsked;
import dev.heddle.worker.WorkerEvent.RecallAsked;
import dev.heddle.worker.WorkerEvent.ReleaseAsked;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one scheduler says on one connection: makes events for the core of it, and knows the functions
/// that it defined. Belongs to the link process.
final class SchedulerLink {
  /// How many functions one connection may have defined at once.
  static final int FUNCTIONS_MAX = 100_000;
  private static final Object NOTHING = new Object();

  private final int link;
  private final Connection connection;
  private final NodeCode code;
  private final Optional<Address> scheduler;
  private final Map<Integer, Definition> functions = new HashMap<>();
  /// Which trace what is assigned belongs to.
  private Message.Trace trace = Message.Trace.NONE;

  SchedulerLink(int link, Connection connection, NodeCode code) {
    this.link = link;
    this.connection = connection;
    this.code = code;
    this.scheduler = connection.peer().listening();
  }

  /// Takes a notice in.
  ///
  /// @param events gets what the core is to be told
  void heard(Message.Notice notice, List<WorkerEvent> events) {
    switch (notice) {
      case Message.Assign assign -> events.add(assigned(assign));
      case Message.Define(var number, var payload) -> define(number, payload);
      case Message.Undefine(var numbers) -> numbers.forEach(functions::remove);
      case Message.Trace its -> trace = its;
      case Message.Recall(var tasks) -> events.add(new RecallAsked(link, tasks));
      case Message.Abort(var tasks) -> events.add(new AbortAsked(link, tasks));
      case Message.Release(var keys) -> events.add(new ReleaseAsked(link, keys));
      case Message.Changed _,Message.Submit _,Message.SubmitMap _,Message.Scattered _,Message.Drop _,Message.Withdraw _,Message.Need _,Message.SubmittedAt _,Message.Farewell _,Message.LetGo _,Message.Results _,Message.WorkersNow _,Message.Holding _,Message.Ended _,Message.Waits _,Message.Beat _,Message.ValuesLost _,Message.ValuesMoved _ ->
        connection.close(
            "nobody says " + notice.getClass().getSimpleName() + " to a worker");
    }
  }

  /// A notice came for which there was no memory. What it stands for fails when it is to be run.
  void untaken(Message.Notice notice, String reason, List<WorkerEvent> events) {
    switch (notice) {
      case Message.Define define -> put(define.function(), Definition.unusable(
          "the function did not arrive on this worker: there is " + reason));
      case Message.Assign assign -> events.add(new ComputeAsked(
          Asker.scheduler(link, assign.task()), assign.key(),
          work(assign, List.of(), Definition.unusable("what it is to be called with did not arrive"
              + " on this worker: there is " + reason), List.of(), NOTHING),
          Map.of()));
      case Message.Notice other -> heard(other, events);
    }
  }

  private void define(int number, Payload payload) {
    payload.codeBases().forEach(codeBase -> code.heardOf(codeBase, connection));
    put(number, Definition.of(payload, code));
  }

  private void put(int number, Definition function) {
    if (functions.size() < FUNCTIONS_MAX || functions.containsKey(number)) {
      functions.put(number, function);
    }
  }

  private ComputeAsked assigned(Message.Assign assign) {
    var codeBases = codeBasesOf(assign.arguments());
    for (var codeBase : codeBases) {
      code.heardOf(codeBase, connection);
    }
    return new ComputeAsked(Asker.scheduler(link, assign.task()), assign.key(),
        work(assign, assign.captured(), function(assign.function()), assign.arguments(),
            codeBases.isEmpty() ? NOTHING : code.hold(codeBases)),
        assign.holders());
  }

  private Work work(Message.Assign assign, List<Key> captured, Definition function,
      List<Argument> arguments, Object hold) {
    return new Work(function, arguments, captured, Optional.empty(), assign.order(),
        assign.timeoutMillis(), assign.blocking(), scheduler, trace, hold);
  }

  private Definition function(Callee callee) {
    return switch (callee) {
      case Callee.Known(var number) -> known(number);
      case Callee.Carried(var payload) -> {
        payload.codeBases().forEach(codeBase -> code.heardOf(codeBase, connection));
        yield Definition.forOneCall(payload, code.hold(payload.codeBases()));
      }
    };
  }

  private Definition known(int number) {
    return functions.get(number) instanceof Definition function
        ? function
        : Definition.unusable("the scheduler at " + connection.remoteAddress()
            + " has not defined the function " + number + " on this connection, which has "
            + functions.size() + " of at most " + FUNCTIONS_MAX + "; a defect of the scheduler");
  }

  private static Set<CodeBaseId> codeBasesOf(List<Argument> arguments) {
    Set<CodeBaseId> codeBases = Set.of();
    for (var argument : arguments) {
      if (argument instanceof Argument.Inline(var payload) && !payload.codeBases().isEmpty()) {
        codeBases = codeBases.isEmpty() ? new LinkedHashSet<>() : codeBases;
        codeBases.addAll(payload.codeBases());
      }
    }
    return codeBases;
  }
}
