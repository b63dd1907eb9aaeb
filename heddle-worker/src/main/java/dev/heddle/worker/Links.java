package dev.heddle.worker;

import dev.heddle.wire.Answered;
import dev.heddle.wire.Argument;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionHandler;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.wire.Payload;
import dev.heddle.wire.TaskKeys;
import dev.heddle.worker.WorkerEvent.AskersGone;
import dev.heddle.worker.WorkerEvent.AttachAsked;
import dev.heddle.worker.WorkerEvent.CancelAsked;
import dev.heddle.worker.WorkerEvent.ComputeAsked;
import dev.heddle.worker.WorkerEvent.DeleteAsked;
import dev.heddle.worker.WorkerEvent.GetAsked;
import dev.heddle.worker.WorkerEvent.PutAsked;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a worker makes of what its links bring: requests become events for the core, one turn for
/// all of a read; what needs no decision is answered here.
final class Links implements ConnectionHandler {
  private static final long TELL_WITHIN_MILLIS = 1_000;

  private final NodeCode code;
  private final Servings servings;
  private final SharedMemory shared;
  private final Supplier<Message.NodeInfo> info;
  private final ActivityLog log;
  private final Printed printed;
  private final String worker;
  private final long valueBytesMax;
  private final Message.Attached attached;
  private final Runnable retire;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<Connection, Integer> byConnection = new ConcurrentHashMap<>();
  private final Map<Integer, Connection> byNumber = new ConcurrentHashMap<>();
  /// Those that have attached.
  private final Map<Connection, SchedulerLink> schedulers = new ConcurrentHashMap<>();
  private volatile @Nullable Control control;
  private volatile @Nullable Fetches fetches;

  /// @param attached what a scheduler is told that attaches
  /// @param retire called when the worker is asked to leave
  Links(NodeCode code, Servings servings, SharedMemory shared,
      Supplier<Message.NodeInfo> info, ActivityLog log, Printed printed, WorkerOptions options,
      Message.Attached attached, Runnable retire) {
    this.code = code;
    this.servings = servings;
    this.shared = shared;
    this.info = info;
    this.log = log;
    this.printed = printed;
    this.worker = options.name();
    this.valueBytesMax = options.valueBytesMax();
    this.attached = attached;
    this.retire = retire;
  }

  /// Begins to act on what comes.
  void start(Control control, Fetches fetches) {
    this.fetches = fetches;
    this.control = control;
  }

  Optional<Connection> connection(int link) {
    return Optional.ofNullable(byNumber.get(link));
  }

  /// Writes what schedulers were told and have not been sent yet.
  void flushSchedulers() {
    schedulers.keySet().forEach(Connection::flush);
  }

  @Override
  public void opened(Connection connection) {
    var number = numbers.incrementAndGet();
    byConnection.put(connection, number);
    byNumber.put(number, connection);
  }

  @Override
  public void answered(Connection from, List<Answered> answers) {
    if (fetches instanceof Fetches asking) {
      report(asking.answered(answers));
    }
  }

  @Override
  public void closed(Connection connection, String reason) {
    shared.lost(connection);
    if (fetches instanceof Fetches asking) {
      report(asking.lost(connection, reason));
    }
    var number = byConnection.remove(connection);
    if (number != null) {
      byNumber.remove(number);
      schedulers.remove(connection);
      code.gone(connection);
      if (control instanceof Control to) {
        to.report(new AskersGone(number));
      }
    }
  }

  @Override
  public void received(Connection from, List<Incoming> batch) {
    var number = byConnection.get(from);
    var to = control;
    var events = new ArrayList<WorkerEvent>(batch.size());
    for (var incoming : batch) {
      switch (incoming) {
        case Incoming.Asked(var correlation, var request) -> {
          if (number == null || to == null) {
            refuse(from, correlation, Reason.UNAVAILABLE,
                "the worker " + worker + " is starting; ask again in a moment");
          } else {
            asked(from, new Asker(number, correlation), request, events);
          }
        }
        case Incoming.Noticed(Message.LetGo(var handOvers)) -> shared.letGo(from, handOvers);
        case Incoming.Noticed(var notice) -> {
          if (schedulers.get(from) instanceof SchedulerLink scheduler) {
            scheduler.heard(notice, events);
          } else {
            from.close("only a scheduler that has attached says "
                + notice.getClass().getSimpleName() + " to a worker");
          }
        }
      }
    }
    report(events);
  }

  private void report(List<WorkerEvent> events) {
    if (control instanceof Control to && !events.isEmpty()) {
      to.report(events);
    }
  }

  @Override
  public void untaken(Connection from, Message.Notice notice, String reason) {
    if (schedulers.get(from) instanceof SchedulerLink scheduler && control instanceof Control to) {
      var events = new ArrayList<WorkerEvent>();
      scheduler.untaken(notice, reason, events);
      to.report(events);
    }
  }

  private void attach(Connection from, Asker asker, Message.Attach attach,
      List<WorkerEvent> events) {
    if (TaskKeys.isNamespace(attach.namespace())) {
      schedulers.computeIfAbsent(from, _ -> new SchedulerLink(asker.link(), from, code));
      events.add(new AttachAsked(asker, attach.namespace(), attach.keepsWhoHas(), attached));
    } else {
      refuse(from, asker.correlation(), Reason.BAD_REQUEST,
          "'" + attach.namespace() + "' is no namespace of a scheduler");
    }
  }

  private void retire(Connection from, long correlation, String name) {
    if (name.equals(worker)) {
      from.reply(correlation, new Message.Done());
      retire.run();
    } else {
      refuse(from, correlation, Reason.BAD_REQUEST,
          "this is the worker " + worker + ", not " + name + "; ask that one, or its scheduler");
    }
  }

  private void asked(Connection from, Asker asker, Message.Request request,
      List<WorkerEvent> events) {
    var correlation = asker.correlation();
    switch (request) {
      case Message.Ping(var token) -> from.reply(correlation, new Message.Pong(token));
      case Message.AskInfo() -> {
        // Who asks how it is after asking for something is told with that taken into account.
        report(List.copyOf(events));
        events.clear();
        from.reply(correlation, info.get());
      }
      case Message.AskStory(var key) -> {
        report(List.copyOf(events));
        events.clear();
        from.reply(correlation, story(key));
      }
      case Message.AskOutput(var key) -> from.reply(correlation, printed.text(key));
      case Message.AskActivities(var after, var limit) ->
        from.reply(correlation, log.after(after, limit));
      case Message.Compute compute -> events.add(computeAsked(from, asker, compute));
      case Message.GetData(var keys, var bytesMax, var token) -> {
        shared.asked(from, token);
        events.add(new GetAsked(asker, keys, bytesMax));
      }
      case Message.PutData(var values, var ifRoom) -> put(from, asker, values, ifRoom, events);
      case Message.DeleteData(var keys) -> events.add(new DeleteAsked(asker, keys));
      case Message.Cancel(var keys) -> events.add(new CancelAsked(asker, keys));
      case Message.AskContent(var codeBase, var names) ->
        serve(new Serving.Content(from, correlation, codeBase, names));
      case Message.AskBlobs(var hashes) ->
        serve(new Serving.Blobs(from, correlation, hashes));
      case Message.Attach attach -> attach(from, asker, attach, events);
      case Message.Retire(var name) -> retire(from, correlation, name);
      case Message.Inspection _ -> throw new IllegalStateException("the link answers " + request);
      case Message.Unknown(var operation) -> refuse(from, correlation, Reason.UNKNOWN_OPERATION,
          "the worker " + worker + " knows no operation " + operation
              + "; does the caller have a newer version?");
      case Message.Join _,Message.Renew _,Message.Leave _,Message.Register _,Message.Unregister _,Message.WhoHas _,Message.HasWhat _,Message.AskWorkers _,Message.Watch _,Message.Unwatch _,Message.Greet _,Message.Publish _,Message.Unpublish _,Message.Adopt _,Message.AskPublished _,Message.Explain _,Message.AskStatus _,Message.Look _,Message.AskDefinition _,Message.ReportDeath _ ->
        refuse(from, correlation, Reason.UNKNOWN_OPERATION,
            request.getClass().getSimpleName() + " is for a metadata store or a scheduler, and "
                + worker + " is a worker; ask the address that workers are started with");
    }
  }

  @Override
  public Map<String, String> tell() throws InterruptedException {
    if (!(control instanceof Control to)) {
      return Map.of("state.txt", "the worker " + worker + " is starting\n");
    }
    return to.askWithin(TELL_WITHIN_MILLIS, state -> Map.of("state.txt", state.tellStates(),
        "stories.txt", state.tellStories()))
        .orElse(Map.of("state.txt", "the state machine is not to be had: somebody has held its turn"
            + " for " + TELL_WITHIN_MILLIS + " ms or more; see processes.txt\n"));
  }

  private Message.Text story(Key key) {
    if (!(control instanceof Control to)) {
      return new Message.Text("", false);
    }
    var lines = to.ask(state -> state.story(key));
    var start = Instant.now().minusNanos(System.nanoTime());
    return new Message.Text(lines.stream()
        .map(line -> start.plusNanos(line.atNanos()).truncatedTo(ChronoUnit.MICROS) + "  "
            + line.text())
        .collect(Collectors.joining("\n")), !lines.isEmpty());
  }

  private ComputeAsked computeAsked(Connection from, Asker asker, Message.Compute compute) {
    var codeBases = new LinkedHashSet<>(compute.function().codeBases());
    for (var argument : compute.arguments()) {
      if (argument instanceof Argument.Inline(var payload)) {
        codeBases.addAll(payload.codeBases());
      }
    }
    codeBases.forEach(codeBase -> code.heardOf(codeBase, from));
    var hold = code.hold(codeBases);
    var work = Work.asked(Definition.forOneCall(compute.function(), hold), compute.arguments(),
        Fingerprint.of(compute), compute.blocking(), hold);
    return new ComputeAsked(asker, compute.key(), work, compute.holders());
  }

  private void put(Connection from, Asker asker, Map<Key, Payload> payloads, boolean ifRoom,
      List<WorkerEvent> events) {
    var values = new LinkedHashMap<Key, Value>();
    for (var each : payloads.entrySet()) {
      var payload = each.getValue();
      if (payload.sizeBytes() > valueBytesMax) {
        refuse(from, asker.correlation(), Reason.TOO_LARGE, "nothing was stored: "
            + new ValueTooLargeException(each.getKey(), payload.sizeBytes(), worker, valueBytesMax)
                .getMessage());
        return;
      }
      payload.codeBases().forEach(codeBase -> code.heardOf(codeBase, from));
      values.put(each.getKey(), StoredValue.received(payload, code));
    }
    events.add(new PutAsked(asker, values, ifRoom));
  }

  private void serve(Serving serving) {
    servings.serve(serving); // What it says is written when the link has dispatched all of a read.
  }

  private static void refuse(Connection from, long correlation, Reason reason, String message) {
    from.reply(correlation, new Message.Refused(reason, message));
  }
}
