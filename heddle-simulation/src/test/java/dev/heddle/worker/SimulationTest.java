package dev.heddle.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Runs seeds. More of them: `heddle simulate --scenario workers --seeds 100000`.
class SimulationTest {
  private static final int SEEDS = 1_000;
  private static final long FROM = 1;

  @Test
  void whateverHappensEverythingEndsAndIsRight() {
    for (var seed = FROM; seed < FROM + SEEDS; seed++) {
      Simulation.run(seed);
    }
  }

  @Test
  void aSeedReplaysExactly() {
    for (var seed = FROM; seed < FROM + Math.min(SEEDS, 50); seed++) {
      assertThat(Simulation.run(seed).digest()).as("seed %d", seed)
          .isEqualTo(Simulation.run(seed).digest());
    }
  }

  /// A simulation in which something never happens proves nothing about it.
  @Test
  void everyKindOfEventAndCommandHappens() {
    Set<Class<?>> kinds = new HashSet<>();
    for (var seed = 1; seed <= 200; seed++) {
      kinds.addAll(Simulation.run(seed).kinds());
    }
    // Nothing is damaged here; that happens to whole clusters.
    kinds.add(WorkerEvent.ExecutionEnded.InputsLost.class);
    kinds.add(WorkerEvent.ValueLost.class);
    assertThat(kinds).containsAll(recordsOf(WorkerEvent.class))
        .containsAll(recordsOf(WorkerCommand.class));
  }

  private static List<Class<?>> recordsOf(Class<?> sealed) {
    var records = new ArrayList<Class<?>>();
    for (var each : sealed.getPermittedSubclasses()) {
      if (each.isRecord()) {
        records.add(each);
      } else {
        records.addAll(recordsOf(each));
      }
    }
    return records;
  }
}
