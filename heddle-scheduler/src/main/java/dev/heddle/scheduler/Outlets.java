package dev.heddle.scheduler;

import dev.heddle.wire.ClientId;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.UnsendableException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where each command of the core goes. Nothing here waits. Belongs to whoever has the turn.
final class Outlets {
  private static final Logger log = LoggerFactory.getLogger(Outlets.class);
  private static final int KEYS_MAX = 5_000;
  private static final int TASKS_MAX = 50_000;

  private final ClientLinks clients;
  private final WorkerLinks workers;
  private final Askers askers;
  private final Consumer<WorkerLink> askToLeave;
  private final Map<ClientId, Parcel> parcels = new LinkedHashMap<>();

  /// @param askToLeave asks a worker to leave; must not wait for it
  Outlets(ClientLinks clients, WorkerLinks workers, Askers askers,
      Consumer<WorkerLink> askToLeave) {
    this.clients = clients;
    this.workers = workers;
    this.askers = askers;
    this.askToLeave = askToLeave;
  }

  /// Carries commands out, in order.
  ///
  /// @param touched gets the connections that were written to, for the caller to flush
  /// @return what came of it that the core has to know
  List<SchedulerEvent> carryOut(List<SchedulerCommand> commands, Set<Connection> touched) {
    List<SchedulerEvent> failed = new ArrayList<>(0);
    for (var command : commands) {
      switch (command) {
        case SchedulerCommand.Tell tell -> tell(tell);
        case SchedulerCommand.TellWorkers(var all) -> {
          sendParcels(touched);
          for (var client : clients.all()) {
            client.connection().notice(new Message.WorkersNow(all));
            touched.add(client.connection());
          }
        }
        case SchedulerCommand.Reply(var asker, var response) -> {
          sendParcels(touched);
          reply(asker, response, touched);
        }
        case SchedulerCommand.Assign assign -> workers.serving(assign.worker())
            .ifPresent(link -> assign(assign, link, failed, touched));
        case SchedulerCommand.Recall(var worker, var tasks) -> workers.serving(worker)
            .ifPresent(link -> inPieces(tasks, TASKS_MAX, Message.Recall::new, link, touched));
        case SchedulerCommand.Abort(var worker, var tasks) -> workers.serving(worker)
            .ifPresent(link -> inPieces(tasks, TASKS_MAX, Message.Abort::new, link, touched));
        case SchedulerCommand.Release(var worker, var keys) -> workers.serving(worker)
            .ifPresent(link -> inPieces(keys, KEYS_MAX, Message.Release::new, link, touched));
        case SchedulerCommand.AskToLeave(var worker) ->
          workers.serving(worker).ifPresent(askToLeave);
      }
    }
    sendParcels(touched);
    return failed;
  }

  private void tell(SchedulerCommand.Tell tell) {
    var parcel = parcels.get(tell.client());
    if (parcel == null) {
      var link = clients.of(tell.client());
      if (link == null) {
        return;
      }
      parcel = new Parcel(link.connection());
      parcels.put(tell.client(), parcel);
    }
    parcel.add(tell.result());
  }

  private void sendParcels(Set<Connection> touched) {
    if (!parcels.isEmpty()) {
      for (var parcel : parcels.values()) {
        parcel.send();
        touched.add(parcel.client());
      }
      parcels.clear();
    }
  }

  private void reply(long asker, Message.Response response, Set<Connection> touched) {
    askers.take(asker).ifPresent(waited -> {
      try {
        waited.connection().reply(waited.correlation(), response);
      } catch (UnsendableException e) {
        log.warn("{} asked for more than fits one answer: {}", waited.connection().peer().name(),
            e.getMessage());
      }
      touched.add(waited.connection());
    });
  }

  private static void assign(SchedulerCommand.Assign assign, WorkerLink link,
      List<SchedulerEvent> failed, Set<Connection> touched) {
    touched.add(link.connection());
    try {
      var callee = link.functions().callee(assign.function());
      link.belongs(assign.trace());
      var message = new Message.Assign(assign.task(), assign.key(), callee, assign.arguments(),
          assign.captured(), assign.holders(), assign.order(), assign.timeoutMillis(),
          assign.blocking());
      try {
        link.connection().notice(message);
      } catch (UnsendableException e) {
        // The worker finds out itself where its inputs are.
        log.debug("{} is assigned without holders: {}", assign.key(), e.getMessage());
        link.connection().notice(new Message.Assign(assign.task(), assign.key(), callee,
            assign.arguments(), assign.captured(), Map.of(), assign.order(),
            assign.timeoutMillis(), assign.blocking()));
      }
    } catch (UnsendableException e) {
      failed.add(new SchedulerEvent.Ended(assign.worker(), assign.task(),
          new TaskEnd.Failed(tooLarge(assign, link, e), 0)));
    }
  }

  private static Failure tooLarge(SchedulerCommand.Assign assign, WorkerLink link,
      UnsendableException e) {
    return new Failure(IllegalArgumentException.class.getName(), "the task '" + assign.key()
        + "' cannot be sent to the worker " + link.worker() + ": " + e.getMessage(), List.of(), 0,
        Optional.empty(), List.of(), Optional.empty());
  }

  private static <T> void inPieces(List<T> all, int most,
      java.util.function.Function<List<T>, Message.Notice> message, WorkerLink link,
      Set<Connection> touched) {
    for (var from = 0; from < all.size(); from += most) {
      link.connection().notice(message.apply(all.subList(from, Math.min(all.size(), from + most))));
    }
    touched.add(link.connection());
  }
}
