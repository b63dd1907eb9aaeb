package dev.heddle.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.scheduler.SchedulerCommand.Tell;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.Key;
import dev.heddle.wire.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A scheduler among toy workers and clients, in which everything happens in an order drawn from a seed; what
/// goes over one connection stays in order.
final class ToyWorld {
  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  final Random random;
  final boolean registersResults;
  boolean anyScattered;
  boolean calm;
  private SchedulerState state = start();
  private final List<ToyWorker> workers = new ArrayList<>();
  private final List<ToyClient> clients = new ArrayList<>();
  private long now = 1;
  private long incarnations;
  /// Of all that the scheduler ever said.
  private int saidHash;
  private final int faults;

  /// @param faults how many of 1,000 steps are faults
  ToyWorld(long seed, int faults) {
    random = new Random(seed);
    this.faults = faults;
    registersResults = random.nextBoolean();
    for (var i = 0; i < 1 + random.nextInt(3); i++) {
      var client = new ToyClient(this, new ClientId("client".substring(0, 5) + (char) ('a' + i)));
      clients.add(client);
      client.connect(false);
    }
    for (var i = 0; i < random.nextInt(4); i++) {
      born(NAMES.get(i));
    }
  }

  private static SchedulerState start() {
    return new SchedulerState(new SchedulerConfig(TestCore.NAMESPACE, 3, Duration.ofSeconds(30),
        Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMillis(5)));
  }

  // --- what toys ask of the world

  boolean fails(Key key) {
    return key.text().hashCode() % 23 == 0;
  }

  /// Some values are large.
  static long size(Key key) {
    return key.text().hashCode() % 3 == 0 ? 50_000_000 : 8;
  }

  boolean isStoredOnSome(Key key) {
    return workers.stream().anyMatch(w -> w.alive && w.stored.contains(key));
  }

  boolean has(WorkerId id, Key key) {
    return workers.stream().anyMatch(w -> w.alive && w.id.equals(id) && w.stored.contains(key));
  }

  List<WorkerId> workersKnown() {
    return workers.stream().map(w -> w.id).toList();
  }

  List<WorkerId> holdersOf(Key key) {
    return workers.stream().filter(w -> w.stored.contains(key)).map(w -> w.id).toList();
  }

  /// Puts a value on some worker.
  boolean put(Key key) {
    var alive = workers.stream().filter(w -> w.alive).toList();
    if (alive.isEmpty()) {
      return false;
    }
    anyScattered = true;
    alive.get(random.nextInt(alive.size())).put(key);
    return true;
  }

  // --- steps

  void run(int steps) {
    for (var i = 0; i < steps; i++) {
      if (random.nextInt(1_000) < faults) {
        fault();
      } else {
        step(true);
      }
    }
  }

  private void step(boolean clientsAct) {
    now += random.nextInt(1_000_000);
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> {
        if (!workers.isEmpty()) {
          var worker = workers.get(random.nextInt(workers.size()));
          worker.hear();
        }
      }
      case 3, 4 -> {
        if (!workers.isEmpty()) {
          workers.get(random.nextInt(workers.size())).act();
        }
      }
      case 5 -> {
        var client = clients.get(random.nextInt(clients.size()));
        client.hear();
        if (clientsAct && client.connected && !client.left) {
          client.act();
        }
      }
      case 6, 7, 8 -> deliverSome();
      default -> {
        if (random.nextInt(10) == 0) {
          tick();
        } else if (!workers.isEmpty()) {
          var worker = workers.get(random.nextInt(workers.size()));
          switch (random.nextInt(8)) {
            case 0, 1 -> worker.beat();
            case 2 -> {
              if (!calm) {
                worker.giveBackSome();
              }
            }
            case 3 -> {
              if (!calm) {
                worker.loseSome();
              }
            }
            default -> worker.act();
          }
        }
      }
    }
  }

  private void tick() {
    now += random.nextInt(500) * 1_000_000L;
    handle(List.of(new SchedulerEvent.Tick()));
  }

  /// Some of what one of the connections carries arrives at the scheduler, as a batch.
  private void deliverSome() {
    var events = new ArrayList<SchedulerEvent>();
    var at = random.nextInt(workers.size() + clients.size());
    var from = at < workers.size()
        ? workers.get(at).out
        : clients.get(at - workers.size()).out;
    for (var i = 1 + random.nextInt(4); i > 0 && !from.isEmpty(); i--) {
      events.add(from.removeFirst());
    }
    if (!events.isEmpty()) {
      handle(events);
    }
  }

  private void handle(List<SchedulerEvent> events) {
    var commands = state.handle(events, now);
    state.check();
    for (var command : commands) {
      saidHash = 31 * saidHash + command.hashCode();
      switch (command) {
        case SchedulerCommand.Assign c -> to(c.worker(), command);
        case SchedulerCommand.Recall c -> to(c.worker(), command);
        case SchedulerCommand.Abort c -> to(c.worker(), command);
        case SchedulerCommand.Release c -> to(c.worker(), command);
        case SchedulerCommand.AskToLeave c -> to(c.worker(), command);
        case Tell(var id, var result) -> clients.stream()
            .filter(c -> c.id.equals(id) && c.connected).forEach(c -> c.in.add(result));
        case SchedulerCommand.TellWorkers _,SchedulerCommand.Reply _ -> {
        }
      }
    }
  }

  private void to(WorkerId id, SchedulerCommand command) {
    workers.stream().filter(w -> w.id.equals(id) && w.connected)
        .forEach(w -> w.in.add(command));
  }

  // --- faults

  private void born(String name) {
    var worker = new ToyWorker(this, new WorkerId(name, ++incarnations),
        name.equals("b") ? 2 : 1, name.equals("a") || name.equals("c")
            ? Map.of("GPU", 1)
            : Map.of());
    workers.add(worker);
    worker.connect();
  }

  private void fault() {
    switch (random.nextInt(10)) {
      case 0, 1 -> {
        if (!workers.isEmpty()) {
          die(workers.get(random.nextInt(workers.size())));
        }
      }
      case 2, 3 -> bear();
      case 4, 5 -> {
        if (!workers.isEmpty()) {
          breakConnection(workers.get(random.nextInt(workers.size())));
        }
      }
      case 6 -> workers.stream().filter(w -> !w.connected).findAny().ifPresent(ToyWorker::connect);
      case 7 -> {
        var client = clients.get(random.nextInt(clients.size()));
        if (client.connected && !client.left) {
          client.disconnect();
          handle(List.of(new SchedulerEvent.ClientAway(client.id)));
        }
      }
      case 8 -> clients.stream().filter(c -> !c.connected && !c.left).findAny()
          .ifPresent(c -> c.connect(true));
      default -> {
        if (random.nextInt(3) == 0) {
          restart();
        }
      }
    }
  }

  private void die(ToyWorker worker) {
    worker.alive = false;
    workers.remove(worker);
    if (random.nextInt(3) > 0) {
      handle(List.of(new SchedulerEvent.WorkerDied(worker.id, random.nextInt(5) == 0, "killed")));
      if (random.nextBoolean()) {
        handle(List.of(new SchedulerEvent.DeathExplained(worker.id.name(), 7, "killed by hand")));
      }
    } else {
      // It is started anew before anybody noticed.
      handle(List.of(new SchedulerEvent.WorkerAway(worker.id)));
      born(worker.id.name());
    }
  }

  private void bear() {
    NAMES.stream().filter(name -> workers.stream().noneMatch(w -> w.id.name().equals(name)))
        .findFirst().ifPresent(this::born);
  }

  private void breakConnection(ToyWorker worker) {
    if (worker.connected) {
      worker.disconnect();
      handle(List.of(new SchedulerEvent.WorkerAway(worker.id)));
      if (random.nextInt(4) == 0) {
        // Its lease ended, though it lives.
        handle(List.of(new SchedulerEvent.WorkerDied(worker.id, false, "its lease ended")));
      }
    }
  }

  private void restart() {
    state = start();
    workers.forEach(ToyWorker::disconnect);
    clients.forEach(ToyClient::disconnect);
    for (var worker : workers) {
      if (random.nextInt(4) > 0) {
        worker.connect();
      }
    }
    for (var client : clients) {
      if (!client.left && random.nextInt(4) > 0) {
        client.connect(true);
      }
    }
  }

  int saidHash() {
    return saidHash;
  }

  // --- the end

  /// Nothing fails any more: every future ends, and when none is held, nothing is left.
  void end() {
    calm = true;
    NAMES.forEach(_ -> bear());
    workers.stream().filter(w -> !w.connected).forEach(ToyWorker::connect);
    clients.stream().filter(c -> !c.connected && !c.left).forEach(c -> c.connect(true));
    settle(() -> clients.stream().allMatch(ToyClient::isDone), () -> "unended: "
        + clients.stream().flatMap(c -> c.unended().stream())
            .map(key -> state.explain(key, now) + "\n" + String.join("\n", state.story(key)))
            .toList());
    clients.stream().filter(c -> !c.left).forEach(ToyClient::end);
    state.published().forEach(
        name -> handle(List.of(new SchedulerEvent.UnpublishAsked(0, name))));
    settle(this::isNothingLeft, () -> "left: " + state.tasks() + " "
        + workers.stream().map(w -> w.id + " " + w.stored + w.unfinished()).toList());
    assertThat(state.takeDefects()).as("defects").isEmpty();
  }

  private boolean isNothingLeft() {
    return state.tasks().values().stream().allMatch(count -> count == 0)
        && workers.stream().allMatch(w -> w.stored.isEmpty() && w.isIdle());
  }

  /// All that is on its way arrives.
  private void drain() {
    var rounds = 0;
    while (workers.stream().anyMatch(w -> !w.in.isEmpty() || !w.out.isEmpty())
        || clients.stream().anyMatch(c -> !c.in.isEmpty() || !c.out.isEmpty())) {
      assertThat(rounds++).as("rounds in which nobody does anything, and much is said")
          .isLessThan(100_000);
      workers.forEach(ToyWorker::hear);
      clients.forEach(ToyClient::hear);
      deliverSome();
    }
  }

  private void settle(java.util.function.BooleanSupplier done,
      java.util.function.Supplier<String> otherwise) {
    for (var round = 0; round < 200; round++) {
      for (var i = 0; i < 100; i++) {
        step(false);
      }
      workers.forEach(ToyWorker::beat);
      now += 300_000_000;
      tick();
      clients.stream().filter(c -> !c.left).forEach(ToyClient::get);
      drain();
      if (done.getAsBoolean()) {
        return;
      }
    }
    assertThat(done.getAsBoolean()).as(otherwise.get()).isTrue();
  }
}
