package dev.heddle.simulation;

import dev.heddle.simulation.ClientEntry.Outcome;
import dev.heddle.simulation.ClientEntry.Spec;
import dev.heddle.simulation.Network.Answer;
import dev.heddle.simulation.Network.Incoming;
import dev.heddle.simulation.Network.Party;
import dev.heddle.simulation.Network.Wire;
import dev.heddle.wire.Address;
import dev.heddle.wire.Callee;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.Operand;
import dev.heddle.wire.Payload;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.TaskSettings;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A client, which keeps to the protocol as the real one does: it numbers its tasks, comes back when its
/// connection is lost, and then submits again what it still wants. It checks all that it is told.
final class SimulatedClient extends SimulatedProcess implements Party {
  private static final long PAUSE_FIRST = 20 * SimulatedTime.MILLI;
  private static final long PAUSE_MOST = 400 * SimulatedTime.MILLI;
  private static final int FUNCTIONS_MAX = 3;
  private static final long FORGET_NANOS = 30 * SimulatedTime.SECOND;

  private final ClientId id;
  private final Map<Long, ClientEntry> table = new TreeMap<>();
  private final Set<Long> drops = new TreeSet<>();
  /// Of so many tasks that are dropped, one may go on if it has begun.
  private static final int WITHDRAWN_OF = 3;

  private final Set<Long> aborts = new TreeSet<>();
  /// Defined on this connection, from the one used longest ago.
  private final Map<String, Integer> functions = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Address, Wire> peers = new LinkedHashMap<>();
  private List<WorkerInfo> workers = List.of();
  /// All that it was told of, but for those that were seen leaving.
  private final Map<WorkerId, Long> workersKnown = new LinkedHashMap<>();
  private @Nullable Wire scheduler;
  private final boolean recordsFailures;
  private boolean connected;
  /// On this connection.
  private boolean toldOfWorkers;
  private boolean left;
  private long pause = PAUSE_FIRST;
  private long lastNumber;
  private int lastFunction;
  private long told;
  private int epoch;

  SimulatedClient(World world, String name, Address address) {
    super(world, name, address);
    id = new ClientId(tag(world.time));
    recordsFailures = world.time.chance(0.3);
  }

  private static String tag(SimulatedTime time) {
    var tag = new StringBuilder();
    for (var i = 0; i < ClientId.LENGTH; i++) {
      tag.append((char) ('a' + time.below(26)));
    }
    return tag.toString();
  }

  @Override
  protected boolean listens() {
    return false;
  }

  @Override
  protected Party accept(Wire wire) {
    throw new IllegalStateException("nobody dials a client");
  }

  // --- the connection

  void start() {
    greet(false);
  }

  private void greet(boolean returning) {
    var to = world.network.connect(this, World.SCHEDULER, this);
    scheduler = to;
    toldOfWorkers = false;
    to.call(new Message.Greet(id, name(), returning, List.copyOf(workersKnown.keySet()),
        recordsFailures),
        answer -> {
          if (answer instanceof Answer.Came(Message.Welcome _) && to == scheduler && !left) {
            pause = PAUSE_FIRST;
            begin(to);
          }
        });
  }

  private void begin(Wire to) {
    epoch++;
    functions.clear();
    connected = true;
    for (var entry : untold()) {
      tellAgain(to, entry);
    }
    tellDrops();
    tellAborts();
  }

  @Override
  public void closed(String reason, boolean refused) {
    if (left || scheduler == null || scheduler.isOpen()) {
      return;
    }
    world.history.note(name(), "lost the scheduler: " + reason);
    connected = false;
    scheduler = null;
    var nap = pause;
    pause = Math.min(2 * pause, PAUSE_MOST);
    after(nap, () -> {
      if (!left) {
        greet(true);
      }
    });
  }

  /// Breaks its own connection, and comes back.
  void disconnect() {
    if (scheduler != null) {
      scheduler.brokenBy("the client's cable was pulled");
    }
  }

  /// Leaves for good.
  void leave() {
    if (left) {
      return;
    }
    left = true;
    if (scheduler != null) {
      if (connected) {
        say(new Message.Farewell());
      }
      scheduler.close("the client leaves");
    }
    world.history.note(name(), "leaves");
  }

  boolean isThere() {
    return isAlive() && !left;
  }

  boolean isConnected() {
    return connected;
  }

  /// Whether it was told of this worker.
  boolean knows(WorkerId worker) {
    return workersKnown.containsKey(worker);
  }

  List<WorkerInfo> workersKnown() {
    return workers;
  }

  private void say(Message.Notice notice) {
    world.history.note(name() + " ->", notice);
    if (scheduler == null) {
      throw new IllegalStateException("there is no connection to say " + notice);
    }
    scheduler.notice(notice);
  }

  // --- submitting

  long nextNumber(int count) {
    var first = lastNumber + 1;
    lastNumber += count;
    return first;
  }

  ClientId id() {
    return id;
  }

  /// Those that can be used for something.
  List<ClientEntry> usable() {
    return table.values().stream()
        .filter(entry -> !entry.dropped && entry.key != null).toList();
  }

  Collection<ClientEntry> entries() {
    return table.values();
  }

  /// Submits these, which are one map if there is more than one.
  void submit(List<ClientEntry> entries) {
    for (var entry : entries) {
      table.put(entry.number, entry);
      var failure = entry.failureOfInputs();
      if (failure != null) {
        entry.outcome = failure;
        tidy(entry);
      }
    }
    if (connected) {
      tell(entries.stream().filter(entry -> entry.isToTell(epoch)).toList());
    }
  }

  /// Says all of these, one map or one task, after what they need.
  private void tell(List<ClientEntry> entries) {
    for (var entry : entries) {
      entry.inputs.stream().filter(input -> input.isToTell(epoch))
          .forEach(input -> tell(List.of(input)));
    }
    var from = 0;
    while (from < entries.size()) {
      var to = from + 1;
      while (to < entries.size()
          && entries.get(to).number == entries.get(from).number + to - from) {
        to++;
      }
      var some = entries.subList(from, to);
      if (some.getFirst().spec instanceof Spec.Element element) {
        sayMap(some, element);
      } else {
        some.forEach(this::saySingle);
      }
      some.forEach(entry -> entry.toldEpoch = epoch);
      from = to;
    }
  }

  private void sayMap(List<ClientEntry> entries, Spec.Element element) {
    var first = entries.getFirst();
    var plan = world.plans.get(first.key());
    var operands = entries.stream()
        .map(entry -> ((Spec.Element) Objects.requireNonNull(entry.spec)).operand()).toList();
    say(new Message.SubmitMap(first.number, element.group(), (int) (first.number - element.zero()),
        callee(plan.function()), operands, element.captured(), plan.settings(),
        first.toldEpoch != 0));
  }

  private void saySingle(ClientEntry entry) {
    var returning = entry.toldEpoch != 0;
    switch (entry.spec) {
      case Spec.Single(var operands, var captured, var fingerprint) -> {
        var plan = world.plans.get(entry.key());
        say(new Message.Submit(entry.number, entry.key(), callee(plan.function()), operands,
            captured, plan.settings(), fingerprint, returning));
      }
      case Spec.Element element -> sayMap(List.of(entry), element);
      case Spec.Placed(var holders, var size) -> {
        if (world.judge.wasLetGo(entry.key())) {
          // The scheduler would believe that the value is still there.
          world.judge.mayBeLost(entry.key());
          end(entry, new Outcome.Lost());
        } else {
          say(new Message.Scattered(entry.number, entry.key(), holders, size));
        }
      }
      case Spec.Adopted(var name) -> adopt(entry, name);
      case null -> sayValue(entry);
    }
  }

  /// The value is here, and how it came about has been forgotten: so it is a task that gives it.
  private void sayValue(ClientEntry entry) {
    if (!(entry.outcome instanceof Outcome.Here(var number, var size))) {
      throw new IllegalStateException("there is nothing to say of " + entry);
    }
    var text = entry.key().text();
    var at = text.lastIndexOf('@');
    say(new Message.Submit(entry.number, entry.key(), callee(Plan.CONSTANT),
        List.of(new Operand.Inline(Payloads.value(number, size))), List.of(), TaskSettings.DEFAULT,
        at < 0 ? Optional.empty() : Optional.of(Script.fingerprint(text.substring(0, at))), true));
  }

  private void adopt(ClientEntry entry, String name) {
    Objects.requireNonNull(scheduler).call(new Message.Adopt(name, entry.number), answer -> {
      switch (answer) {
        case Answer.Came(Message.Adopted(var key)) -> entry.key = key;
        case Answer.Came(Message.Refused(_, var why)) -> {
          world.history.note(name(), "cannot adopt " + name + ": " + why);
          if (entry.key != null) {
            world.judge.mayBeLost(entry.key);
          }
          end(entry, new Outcome.Lost());
        }
        case Answer.Came(var other) -> throw new IllegalStateException("adopt ended with " + other);
        case Answer.Lost _ -> {
          // It is asked for again on the next connection.
        }
      }
    });
  }

  private Callee callee(String function) {
    if (function.hashCode() % 3 == 0) {
      return new Callee.Carried(Payloads.function(function));
    }
    var known = functions.get(function);
    if (known == null) {
      known = ++lastFunction;
      say(new Message.Define(known, Payloads.function(function)));
      functions.put(function, known);
      if (functions.size() > FUNCTIONS_MAX) {
        var oldest = functions.entrySet().iterator();
        var number = oldest.next().getValue();
        oldest.remove();
        say(new Message.Undefine(List.of(number)));
      }
    }
    return new Callee.Known(known);
  }

  // --- coming back

  /// All that is wanted and not told, with what it needs.
  private List<ClientEntry> untold() {
    var found = new LinkedHashSet<ClientEntry>();
    var open = new ArrayDeque<ClientEntry>();
    for (var entry : table.values()) {
      if (entry.isToTell(epoch) && !entry.isSettled()) {
        found.add(entry);
        open.add(entry);
      }
    }
    while (!open.isEmpty()) {
      for (var input : open.remove().inputs) {
        if (input.isToTell(epoch) && found.add(input)) {
          open.add(input);
        }
      }
    }
    return found.stream().sorted(Comparator.comparingLong(entry -> entry.number)).toList();
  }

  private void tellAgain(Wire to, ClientEntry entry) {
    var failure = entry.isSettled() ? null : entry.failureOfInputs();
    if (failure != null) {
      end(entry, failure);
      return;
    }
    if (entry.dropped && entry.outcome == null && !goesOn(entry)) {
      drops.add(entry.number);
    }
    if (entry.isToTell(epoch) && to.isOpen()) {
      tell(List.of(entry));
    }
  }

  /// Whether it is to be computed though nobody wants its value.
  private boolean goesOn(ClientEntry entry) {
    return entry.outcome == null && isDetached(entry);
  }

  private boolean isDetached(ClientEntry entry) {
    return entry.spec != null && entry.key != null && world.plans.knows(entry.key)
        && world.plans.get(entry.key).settings().detached();
  }

  // --- results

  @Override
  public void received(List<Incoming> batch) {
    for (var incoming : batch) {
      world.history.note(name() + " <-", incoming);
      switch (incoming) {
        case Incoming.Noticed(Message.Results(var results)) -> results.forEach(this::result);
        case Incoming.Noticed(Message.WorkersNow(var now)) -> workersAre(now);
        case Incoming other -> throw new IllegalStateException("a client was told " + other);
      }
    }
  }

  /// A scheduler that was just started does not know of all workers yet, so that one is forgotten only
  /// when this very scheduler knew of it before, or some time after.
  private void workersAre(List<WorkerInfo> now) {
    if (toldOfWorkers) {
      workers.forEach(worker -> workersKnown.remove(worker.id()));
    }
    toldOfWorkers = true;
    workers = now;
    workersKnown.values().removeIf(since -> world.time.now() - since > FORGET_NANOS);
    now.forEach(worker -> workersKnown.put(worker.id(), world.time.now()));
  }

  private void result(Result result) {
    var entry = table.get(result.task());
    if (entry == null || !entry.knowsKey()) {
      // Of what it has adopted it is told again with the answer to that.
      return;
    }
    var key = entry.key();
    switch (result) {
      case Result.Ready(_, _, _, var holders, var value) -> {
        if (value.isPresent()) {
          var number = Payloads.number(value.get());
          world.judge.checkValue(key, number, "was told to " + name());
          end(entry, new Outcome.Here(number, Payloads.sizeBytes(value.get())));
        } else {
          world.judge.checkHasValue(key, "is said to be ready");
          end(entry, new Outcome.Elsewhere(holders, ++told));
          if (entry.wanted) {
            fetch(entry);
          }
        }
      }
      case Result.Failed(_, var origin, _, var failure) -> {
        world.judge.checkFailed(key, origin.orElse(key), failure.type());
        end(entry, new Outcome.Failed(origin.orElse(key)));
      }
      case Result.Cancelled(_, var reason, _) -> {
        world.judge.checkCancelled(key, reason);
        end(entry, new Outcome.Cancelled());
      }
      case Result.Lost(_, var reason) -> {
        world.judge.checkLost(key, reason);
        end(entry, new Outcome.Lost());
      }
    }
  }

  /// An entry that is settled stays as it is.
  private void end(ClientEntry entry, Outcome outcome) {
    if (entry.isSettled()) {
      return;
    }
    entry.outcome = outcome;
    if (entry.isSettled()) {
      tidy(entry);
    }
    if (entry.dropped) {
      table.remove(entry.number);
      forgetTold(entry, drops);
      tellDrops();
    }
  }

  /// Forgets how to submit what will not be submitted again.
  private void tidy(ClientEntry first) {
    var open = new ArrayDeque<ClientEntry>();
    open.add(first);
    while (!open.isEmpty()) {
      var entry = open.remove();
      if (entry.spec != null && entry.dependents == 0
          && (entry.isSettled() || (entry.dropped && !goesOn(entry)))) {
        entry.spec = null;
        for (var input : entry.inputs) {
          input.dependents--;
          open.add(input);
        }
      }
    }
  }

  // --- values

  /// The program waits for the value.
  void get(ClientEntry entry) {
    entry.wanted = true;
    fetch(entry);
  }

  private void fetch(ClientEntry entry) {
    if (entry.outcome instanceof Outcome.Elsewhere where && !entry.fetching) {
      entry.fetching = true;
      fetch(entry, where, 0);
    }
  }

  private void fetch(ClientEntry entry, Outcome.Elsewhere where, int at) {
    if (!where.equals(entry.outcome)) {
      entry.fetching = false;
      fetch(entry);
      return;
    }
    if (at == where.holders().size()) {
      entry.fetching = false;
      if (connected) {
        say(new Message.Need(List.of(entry.number)));
      }
      return;
    }
    var holder = where.holders().get(at);
    peer(holder.address()).call(new Message.GetData(List.of(entry.key()), 1), answer -> {
      if (answer instanceof Answer.Came(Message.Data(var data))
          && data.get(entry.key()) instanceof Datum.Found(var payload)) {
        var number = Payloads.number(payload);
        world.judge.checkValue(entry.key(), number, "was fetched by " + name());
        entry.fetching = false;
        if (where.equals(entry.outcome)) {
          end(entry, new Outcome.Here(number, Payloads.sizeBytes(payload)));
        } else {
          fetch(entry); // It was told of again meanwhile.
        }
      } else {
        fetch(entry, where, at + 1);
      }
    });
  }

  private Wire peer(Address address) {
    var known = peers.get(address);
    if (known == null || !known.isOpen()) {
      known = world.network.connect(this, address, new Party() {
        @Override
        public void received(List<Incoming> batch) {
          throw new IllegalStateException("a worker said to a client: " + batch);
        }

        @Override
        public void closed(String reason, boolean refused) {
          // The next one who needs it dials again.
        }
      });
      peers.put(address, known);
    }
    return known;
  }

  /// Puts a value on a worker.
  void put(WorkerInfo worker, Key key, Payload value, Consumer<Boolean> then) {
    peer(worker.address()).call(new Message.PutData(Map.of(key, value), false),
        answer -> then.accept(answer instanceof Answer.Came(Message.Stored(_, var refused))
            && refused.isEmpty()));
  }

  // --- letting go

  void drop(ClientEntry entry) {
    // Of a scattered value that was let go and is submitted again, because something unfinished needs
    // it, the scheduler believes what its client knew: that it is where it was put.
    if (entry.dropped || (entry.spec instanceof Spec.Placed && entry.dependents > 0)) {
      return;
    }
    entry.dropped = true;
    if (goesOn(entry)) {
      return;
    }
    table.remove(entry.number);
    forgetTold(entry, drops);
    tidy(entry);
    tellDrops();
  }

  void abort(ClientEntry entry) {
    world.judge.clientAborted(entry.key());
    forgetTold(entry, aborts);
    tellAborts();
  }

  private static void forgetTold(ClientEntry entry, Set<Long> numbers) {
    if (entry.toldEpoch != 0) {
      numbers.add(entry.number);
    }
  }

  private void tellDrops() {
    if (connected && !drops.isEmpty()) {
      var ranges = new ArrayList<Message.Range>();
      var withdrawn = new ArrayList<Long>();
      for (var number : drops) {
        if (number % WITHDRAWN_OF == 0) {
          withdrawn.add(number);
          continue;
        }
        var last = ranges.isEmpty() ? null : ranges.getLast();
        if (last != null && last.first() + last.count() == number) {
          ranges.set(ranges.size() - 1, new Message.Range(last.first(), last.count() + 1));
        } else {
          ranges.add(new Message.Range(number, 1));
        }
      }
      drops.clear();
      if (!ranges.isEmpty()) {
        say(new Message.Drop(ranges));
      }
      if (!withdrawn.isEmpty()) {
        say(new Message.Withdraw(withdrawn));
      }
    }
  }

  private void tellAborts() {
    if (connected && !aborts.isEmpty()) {
      var numbers = List.copyOf(aborts);
      aborts.clear();
      say(new Message.Abort(numbers));
    }
  }

  // --- names

  void publish(String name, ClientEntry entry) {
    if (connected && entry.toldEpoch == epoch) {
      Objects.requireNonNull(scheduler).call(new Message.Publish(name, entry.number),
          answer -> world.history.note(name(), "published " + name + ": " + answer));
    }
  }

  void unpublish(String name) {
    if (connected) {
      Objects.requireNonNull(scheduler).call(new Message.Unpublish(name),
          answer -> world.history.note(name(), "unpublished " + name + ": " + answer));
    }
  }

  /// A key for a task of its own.
  Key key(String label, long number) {
    return TaskKeys.numbered(label, world.namespace, id, number);
  }

  /// What it still waits for.
  Optional<String> whatIsUnderWay() {
    if (!connected) {
      return Optional.of(name() + " is not connected");
    }
    for (var entry : List.copyOf(table.values())) {
      if (!entry.isSettled()) {
        if (entry.outcome != null && !entry.wanted) {
          get(entry);
        }
        return Optional.of(name() + " waits for " + entry
            + (entry.key == null ? "" : "; " + world.scheduler().explain(entry.key)));
      }
    }
    return Optional.empty();
  }
}
