package dev.heddle.scheduler;

import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionHandler;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.wire.UnsendableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a scheduler makes of what its links bring: what clients and workers say becomes events for
/// the core, one turn for all of a read; what needs no decision is answered here.
final class Links implements ConnectionHandler {
  private static final Logger log = LoggerFactory.getLogger(Links.class);

  private final String scheduler;
  private final Message.Welcome welcome;
  private final Control control;
  private final ClientLinks clients;
  private final WorkerLinks workers;
  private final Askers askers;
  private final CodeRelay code;
  private final StoreDesk store;
  private final Answers answers;
  private final Surveyor surveyor;

  Links(String scheduler, Message.Welcome welcome, Control control, ClientLinks clients,
      WorkerLinks workers, Askers askers, CodeRelay code, StoreDesk store, Answers answers,
      Surveyor surveyor) {
    this.scheduler = scheduler;
    this.welcome = welcome;
    this.control = control;
    this.clients = clients;
    this.workers = workers;
    this.askers = askers;
    this.code = code;
    this.store = store;
    this.answers = answers;
    this.surveyor = surveyor;
  }

  @Override
  public void closed(Connection connection, String reason) {
    workers.closed(connection, reason);
    clients.closed(connection, control).ifPresent(ClientLink::forgetFunctions);
    askers.gone(connection);
    code.gone(connection);
    store.closed(connection);
  }

  @Override
  public Map<String, String> tell() throws InterruptedException {
    return answers.tell();
  }

  @Override
  public void untaken(Connection from, Message.Notice notice, String reason) {
    if (clients.of(from) instanceof ClientLink client) {
      client.untaken(notice, reason);
    } else if (workers.of(from) instanceof WorkerLink worker) {
      var events = new ArrayList<SchedulerEvent>(1);
      worker.untaken(notice, reason, events);
      report(events);
    } else {
      from.close("a message did not get through: " + reason);
    }
  }

  @Override
  public void received(Connection from, List<Incoming> batch) {
    var events = new ArrayList<SchedulerEvent>(batch.size());
    var client = clients.of(from);
    var worker = client == null ? workers.of(from) : null;
    for (var incoming : batch) {
      switch (incoming) {
        case Incoming.Noticed(var notice) -> {
          if (worker != null) {
            worker.heard(notice, events);
          } else if (client != null) {
            noticed(client, notice, events);
          } else {
            from.close("nobody may say " + notice.getClass().getSimpleName()
                + " to a scheduler before greeting it");
          }
        }
        case Incoming.Asked(var correlation, Message.Greet greet) -> {
          report(events);
          greet(from, correlation, greet);
          client = clients.of(from);
        }
        case Incoming.Asked asked -> asked(from, client, asked, events);
      }
    }
    if (!events.isEmpty()) {
      control.report(events);
    }
  }

  /// Reports what was gathered so far, for what comes next must see it done.

  private void report(List<SchedulerEvent> events) {
    if (!events.isEmpty()) {
      control.report(List.copyOf(events));
      events.clear();
    }
  }

  private void noticed(ClientLink client, Message.Notice notice, List<SchedulerEvent> events) {
    if (client.hasLeft()) {
      return;
    }
    if (notice instanceof Message.Farewell) {
      report(events);
      clients.leave(client, control);
    } else {
      client.heard(notice, events);
    }
  }

  private void greet(Connection from, long correlation, Message.Greet greet) {
    if (clients.of(from) != null) {
      refuse(from, correlation, Reason.BAD_REQUEST,
          "this connection has greeted already; one client has one connection");
      return;
    }
    var link = new ClientLink(greet.client(), greet.name(), from, welcome.namespace(),
        codeBase -> code.heardOf(codeBase, from), this::unused);
    var came = new SchedulerEvent.ClientCame(greet.client(), greet.name(), greet.returning(),
        Set.copyOf(greet.workersKnown()), greet.recordsFailures());
    if (!clients.enter(link, came, control, () -> from.reply(correlation, welcome))) {
      refuse(from, correlation, Reason.NAME_TAKEN, "another client has the id " + greet.client()
          + "; draw a new one");
    }
  }

  private void unused(Function function) {
    for (var worker : workers.serving()) {
      if (worker.functions().drop(function)) {
        worker.connection().flush();
      }
    }
  }

  private void asked(Connection from, @Nullable ClientLink client,
      Incoming.Asked asked, List<SchedulerEvent> events) {
    var correlation = asked.correlation();
    switch (asked.request()) {
      case Message.AskContent(var codeBase, var names) ->
        code.ask(new CodeQuestion.Names(codeBase, names), from, correlation);
      case Message.AskBlobs(var hashes) ->
        code.ask(new CodeQuestion.Contents(hashes), from, correlation);
      case Message.Publish(var name, var task) -> {
        if (client == null || client.hasLeft()) {
          mustGreet(from, correlation);
        } else {
          events.add(new SchedulerEvent.PublishAsked(
              askers.add(from, correlation), client.id(), name,
              task));
        }
      }
      case Message.Adopt(var name, var task) -> {
        if (client == null || client.hasLeft()) {
          mustGreet(from, correlation);
        } else {
          events.add(new SchedulerEvent.AdoptAsked(askers.add(from, correlation), client.id(),
              name, task));
        }
      }
      case Message.Unpublish(var name) -> events.add(new SchedulerEvent.UnpublishAsked(
          askers.add(from, correlation), name));
      case Message.Retire(var worker) ->
        events.add(new SchedulerEvent.RetireAsked(askers.add(from, correlation), worker));
      case Message.ReportDeath(var worker, var pid, var cause) -> {
        events.add(new SchedulerEvent.DeathExplained(worker, pid, cause));
        from.reply(correlation, new Message.Done());
      }
      case Message.Ping(var token) -> from.reply(correlation, new Message.Pong(token));
      case Message.AskInfo() -> answer(from, correlation, events, answers::info);
      case Message.AskStatus() -> answer(from, correlation, events, answers::status);
      case Message.AskPublished() -> answer(from, correlation, events, answers::published);
      case Message.Explain(var key) ->
        answer(from, correlation, events, () -> answers.explain(key));
      case Message.AskDefinition(var key) ->
        answer(from, correlation, events, () -> answers.definition(key));
      case Message.Look look -> {
        report(events);
        surveyor.ask(from, correlation, look);
      }
      case Message.AskStory(var key) -> answer(from, correlation, events, () -> answers.story(key));
      case Message.Join _,Message.Renew _,Message.Leave _,Message.Register _,Message.Unregister _,Message.WhoHas _,Message.HasWhat _,Message.AskWorkers _,Message.Watch _,Message.Unwatch _ -> {
        report(events);
        store.ask(from, asked);
      }
      case Message.Unknown(var operation) -> refuse(from, correlation, Reason.UNKNOWN_OPERATION,
          "the scheduler " + scheduler + " knows no operation " + operation
              + "; does the caller have a newer version?");
      case Message.Inspection inspection ->
        throw new IllegalStateException("the link answers " + inspection);
      case Message.Greet _ -> throw new IllegalStateException("a greeting is answered by itself");
      case Message.Compute _,Message.GetData _,Message.PutData _,Message.DeleteData _,Message.Cancel _,Message.AskActivities _,Message.AskOutput _,Message.Attach _ ->
        refuse(from, correlation, Reason.UNKNOWN_OPERATION,
            asked.request().getClass().getSimpleName() + " is for a worker, and " + scheduler
                + " is a scheduler; ask it who has what, then that worker");
    }
  }

  /// Answers a question about what is, after what was said before it has been acted on.
  private void answer(Connection from, long correlation, List<SchedulerEvent> events,
      Supplier<Message.Response> answer) {
    report(events);
    try {
      from.reply(correlation, answer.get());
    } catch (UnsendableException e) {
      log.warn("{} asked for more than fits one answer: {}", from.peer().name(), e.getMessage());
    }
  }

  private static void mustGreet(Connection from, long correlation) {
    refuse(from, correlation, Reason.BAD_REQUEST,
        "only a client that has greeted this scheduler can ask that, and has not left it");
  }

  private static void refuse(Connection to, long correlation, Reason reason, String message) {
    to.reply(correlation, new Message.Refused(reason, message));
  }
}
