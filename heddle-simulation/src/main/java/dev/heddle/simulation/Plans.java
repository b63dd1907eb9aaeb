package dev.heddle.simulation;

import dev.heddle.simulation.Plan.Manner;
import dev.heddle.wire.Key;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// All computations of a run, and what each must come to: evaluated one after the other, in one thread.
public final class Plans {
  private final Map<Key, Plan> plans = new LinkedHashMap<>();
  private final Map<Key, Long> values = new HashMap<>();
  /// By key, those whose failing makes it fail; empty where it has a value.
  private final Map<Key, Set<Key>> roots = new HashMap<>();
  private final Map<Key, Set<Key>> ancestors = new HashMap<>();

  /// A computation is about to be asked for. Its inputs are known.
  void add(Plan plan) {
    if (plans.putIfAbsent(plan.key(), plan) != null) {
      return;
    }
    var failing = new HashSet<Key>();
    var before = new HashSet<Key>();
    before.add(plan.key());
    for (var input : plan.inputs()) {
      failing.addAll(roots(input));
      before.addAll(ancestors(input));
    }
    if (failing.isEmpty()
        && (plan.manner() == Manner.FAILS || plan.manner() == Manner.HANGS)) {
      failing.add(plan.key());
    }
    roots.put(plan.key(), failing);
    ancestors.put(plan.key(), before);
    if (failing.isEmpty()) {
      values.put(plan.key(), plan.call(plan.operands().stream().map(operand -> switch (operand) {
        case Plan.Operand.Given(var number) -> number;
        case Plan.Operand.Of(var key) -> value(key);
      }).toList(), plan.captured().stream().map(this::value).toList()));
    }
  }

  boolean knows(Key key) {
    return plans.containsKey(key);
  }

  public Plan get(Key key) {
    var plan = plans.get(key);
    if (plan == null) {
      throw new IllegalStateException("'" + key + "' is no task of anybody");
    }
    return plan;
  }

  Set<Key> keys() {
    return plans.keySet();
  }

  /// The value that it must have.
  long value(Key key) {
    var value = values.get(key);
    if (value == null) {
      throw new IllegalStateException("'" + key + "' has a value, and must fail because of "
          + roots(key));
    }
    return value;
  }

  Set<Key> roots(Key key) {
    return roots.getOrDefault(key, Set.of());
  }

  /// The key, all that it needs, and all that those need.
  Set<Key> ancestors(Key key) {
    return ancestors.getOrDefault(key, Set.of(key));
  }
}
