package dev.heddle.simulation;

import dev.heddle.simulation.ClientEntry.Outcome;
import dev.heddle.simulation.ClientEntry.Spec;
import dev.heddle.simulation.Plan.Manner;
import dev.heddle.wire.Key;
import dev.heddle.wire.Operand;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.TaskSettings;
import dev.heddle.wire.WorkerInfo;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// What the program of one client does: one act at a time, drawn by dice.
final class ClientActs {
  private static final long RUN_MAX = 60 * SimulatedTime.MILLI;
  private static final int GIVEN = 4;

  private final World world;
  private final SimulatedClient client;
  private final Set<String> published;
  private final SplittableRandom dice;

  /// @param published names that somebody may have published
  ClientActs(World world, SimulatedClient client, Set<String> published, long dice) {
    this.world = world;
    this.client = client;
    this.published = published;
    this.dice = new SplittableRandom(dice);
  }

  void act() {
    switch (dice.nextInt(22)) {
      case 0, 1, 2 -> submit(inputs(dice.nextInt(4)), settings(), Optional.empty());
      case 3, 4 -> chain(2 + dice.nextInt(6));
      case 5, 6 -> map();
      case 7 -> submit(inputs(12), settings(), Optional.empty());
      case 8 -> tree();
      case 9 -> scatter();
      case 10, 11 -> given(dice.nextInt(GIVEN));
      case 12, 13, 14 -> pick(1 + dice.nextInt(4)).forEach(client::drop);
      case 15, 16 -> pick(1 + dice.nextInt(4)).forEach(client::get);
      case 17 -> pick(1).forEach(client::abort);
      case 18 -> publishOrAdopt();
      case 19 -> nested();
      case 20 -> disturb();
      default -> pick(100).forEach(client::drop);
    }
  }

  private void disturb() {
    if (world.judge.onlySchedulersEnd || dice.nextInt(3) > 0) {
      submit(inputs(2), settings(), Optional.empty());
    } else if (dice.nextInt(4) > 0) {
      client.disconnect();
    } else {
      client.leave();
    }
  }

  // --- choosing

  private List<ClientEntry> pick(int count) {
    var usable = new ArrayList<>(client.usable());
    var picked = new ArrayList<ClientEntry>();
    for (var i = 0; i < count && !usable.isEmpty(); i++) {
      var recent = dice.nextBoolean() ? Math.min(4, usable.size()) : usable.size();
      picked.add(usable.remove(usable.size() - 1 - dice.nextInt(recent)));
    }
    return picked;
  }

  /// A value that was adopted and is here has no key under which its client could submit it again.
  private List<ClientEntry> inputs(int count) {
    return pick(count).stream().filter(entry -> !entry.isAdopted).toList();
  }

  private TaskSettings settings() {
    return switch (dice.nextInt(12)) {
      case 0 -> new TaskSettings(dice.nextInt(5) - 2, 0, 0, List.of(), Map.of(), false, false);
      case 1 ->
        new TaskSettings(0, 0, 0, List.of("w" + (1 + dice.nextInt(2 * world.workers().size()) / 2)),
            Map.of(), false, false);
      case 2 ->
        new TaskSettings(0, 0, 0, List.of(), Map.of("R", 1 + dice.nextInt(2)), false, false);
      case 3 -> new TaskSettings(0, 0, 0, List.of(), Map.of(), true, false);
      case 4 -> new TaskSettings(0, 0, 0, List.of(), Map.of(), false, true);
      case 5 -> new TaskSettings(0, 0, 0, List.of("host1"), Map.of("R", 1), false, false);
      default -> TaskSettings.DEFAULT;
    };
  }

  private long size() {
    return dice.nextInt(5) == 0 ? 40 + dice.nextInt(100) : 1 + dice.nextInt(20);
  }

  private long runNanosMax() {
    return dice.nextInt(12) == 0 ? 20 * RUN_MAX : RUN_MAX;
  }

  // --- submitting

  private ClientEntry submit(List<ClientEntry> inputs, TaskSettings settings,
      Optional<Key> awaited) {
    var number = client.nextNumber(1);
    var key = client.key("t", number);
    var capturedFrom = inputs.isEmpty() ? 0 : inputs.size() - dice.nextInt(2);
    var operands = inputs.subList(0, Math.min(capturedFrom, inputs.size()));
    var captured = inputs.subList(operands.size(), inputs.size());
    var constant = dice.nextInt(1_000);
    var manner = manner();
    var function = "f" + dice.nextInt(6);
    var all = new ArrayList<Plan.Operand>();
    var told = new ArrayList<Operand>();
    all.add(new Plan.Operand.Given(constant));
    told.add(new Operand.Inline(Payloads.value(constant, 1)));
    for (var operand : operands) {
      all.add(new Plan.Operand.Of(operand.key()));
      told.add(new Operand.OfTask(operand.number));
    }
    world.plans.add(new Plan(key, function, all,
        captured.stream().map(ClientEntry::key).distinct().toList(), manner, runNanosMax(), size(),
        with(settings, manner), awaited));
    var entry = new ClientEntry(number, key, new Spec.Single(told,
        captured.stream().map(each -> each.number).toList(), Optional.empty()), inputs);
    client.submit(List.of(entry));
    return entry;
  }

  private Manner manner() {
    return switch (dice.nextInt(24)) {
      case 0 -> Manner.FAILS;
      case 1, 2 -> Manner.FAILS_AT_FIRST;
      case 3 -> Manner.HANGS;
      default -> Manner.WORKS;
    };
  }

  private TaskSettings with(TaskSettings settings, Manner manner) {
    return switch (manner) {
      case FAILS_AT_FIRST -> new TaskSettings(settings.priority(), 1 + dice.nextInt(3), 0,
          settings.workers(), settings.resources(), settings.blocking(), settings.detached());
      case HANGS -> new TaskSettings(settings.priority(), dice.nextInt(2), 20 + dice.nextInt(300),
          settings.workers(), settings.resources(), settings.blocking(), settings.detached());
      case WORKS, FAILS, SCATTERED -> settings;
    };
  }

  private void chain(int length) {
    var last = inputs(1);
    for (var i = 0; i < length; i++) {
      last = List.of(submit(last, dice.nextInt(6) == 0 ? settings() : TaskSettings.DEFAULT,
          Optional.empty()));
    }
  }

  private void tree() {
    var level = new ArrayList<ClientEntry>();
    for (var i = 0; i < 2 + dice.nextInt(7); i++) {
      level.add(submit(List.of(), TaskSettings.DEFAULT, Optional.empty()));
    }
    while (level.size() > 1) {
      var next = new ArrayList<ClientEntry>();
      for (var i = 0; i < level.size(); i += 2) {
        next.add(submit(level.subList(i, Math.min(level.size(), i + 2)), TaskSettings.DEFAULT,
            Optional.empty()));
      }
      if (dice.nextBoolean()) {
        level.forEach(client::drop);
      }
      level = next;
    }
  }

  /// Two of which one waits for the other, which is submitted later.
  private void nested() {
    var number = client.nextNumber(0) + 1;
    var other = client.key("t", number);
    submit(inputs(1), TaskSettings.DEFAULT, Optional.of(other));
    var inner = submit(inputs(1), TaskSettings.DEFAULT, Optional.empty());
    if (!inner.key().equals(other)) {
      throw new IllegalStateException(inner + " was to be " + other);
    }
  }

  private void map() {
    var count = 2 + dice.nextInt(10);
    var captured = dice.nextInt(3) == 0 ? inputs(1) : List.<ClientEntry>of();
    var tasks = dice.nextBoolean() ? inputs(count) : List.<ClientEntry>of();
    count = tasks.isEmpty() ? count : tasks.size();
    var first = client.nextNumber(count);
    var group = client.key("m", first);
    var settings = settings();
    var function = "f" + dice.nextInt(6);
    var fails = dice.nextInt(10) == 0 ? dice.nextInt(count) : -1;
    var entries = new ArrayList<ClientEntry>();
    for (var i = 0; i < count; i++) {
      var key = TaskKeys.element(group, i);
      var input = tasks.isEmpty() ? null : tasks.get(i);
      var inputs = new LinkedHashSet<ClientEntry>();
      if (input != null) {
        inputs.add(input);
      }
      inputs.addAll(captured);
      world.plans.add(new Plan(key, function,
          List.of(input == null ? new Plan.Operand.Given(i) : new Plan.Operand.Of(input.key())),
          captured.stream().map(ClientEntry::key).toList(),
          i == fails ? Manner.FAILS : Manner.WORKS, runNanosMax(), size(), settings,
          Optional.empty()));
      entries.add(new ClientEntry(first + i, key, new Spec.Element(group, first,
          input == null
              ? new Operand.Inline(Payloads.value(i, 1))
              : new Operand.OfTask(input.number),
          captured.stream().map(each -> each.number).toList()), List.copyOf(inputs)));
    }
    client.submit(entries);
  }

  /// A key that other clients use too, for the same computation.
  private void given(int which) {
    var number = client.nextNumber(1);
    var text = "g" + which;
    var key = TaskKeys.given(text, world.namespace, Script.fingerprint(text));
    world.plans.add(new Plan(key, "f" + which, List.of(new Plan.Operand.Given(which)), List.of(),
        which == 0 ? Manner.FAILS : Manner.WORKS, RUN_MAX, which * 10L + 5, TaskSettings.DEFAULT,
        Optional.empty()));
    client.submit(List.of(new ClientEntry(number, key,
        new Spec.Single(List.of(new Operand.Inline(Payloads.value(which, 1))), List.of(),
            Optional.of(Script.fingerprint(text))),
        List.of())));
  }

  private void scatter() {
    var workers = client.workersKnown();
    if (workers.isEmpty()) {
      return;
    }
    var number = client.nextNumber(1);
    var key = client.key("s", number);
    var plan = new Plan(key, "scatter", List.of(new Plan.Operand.Given(dice.nextInt(1_000))),
        List.of(), Manner.SCATTERED, 1, size(), TaskSettings.DEFAULT, Optional.empty());
    world.plans.add(plan);
    var first = dice.nextInt(workers.size());
    var count = Math.min(workers.size(), 1 + dice.nextInt(2));
    var holders = new ArrayList<WorkerInfo>();
    put(plan, number, workers, first, count, holders);
  }

  private void put(Plan plan, long number, List<WorkerInfo> workers, int at, int left,
      List<WorkerInfo> holders) {
    var key = plan.key();
    if (left == 0) {
      if (!holders.isEmpty() && client.isThere()) {
        var entry = new ClientEntry(number, key, new Spec.Placed(
            holders.stream().map(WorkerInfo::id).toList(), plan.sizeBytes()), List.of());
        entry.outcome = new Outcome.Elsewhere(
            holders.stream().map(info -> new dev.heddle.wire.Holder(
                info.id(), info.address(), info.host(), -1)).toList(),
            0);
        client.submit(List.of(entry));
      }
      return;
    }
    var worker = workers.get(at % workers.size());
    client.put(worker, key, Payloads.value(world.plans.value(key), plan.sizeBytes()), done -> {
      if (done) {
        holders.add(worker);
      }
      put(plan, number, workers, at + 1, left - 1, holders);
    });
  }

  // --- names

  private void publishOrAdopt() {
    var names = List.copyOf(published);
    if (names.isEmpty() || dice.nextBoolean()) {
      for (var entry : pick(1)) {
        var name = "n-" + client.name() + "-" + entry.number;
        published.add(name);
        client.publish(name, entry);
      }
    } else if (dice.nextInt(4) == 0) {
      client.unpublish(names.get(dice.nextInt(names.size())));
    } else if (client.isConnected()) {
      client.submit(List.of(new ClientEntry(client.nextNumber(1), null,
          new Spec.Adopted(names.get(dice.nextInt(names.size()))), List.of())));
    }
  }
}
