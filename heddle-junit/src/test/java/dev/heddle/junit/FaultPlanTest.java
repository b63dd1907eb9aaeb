package dev.heddle.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.junit.FaultPlan.Step;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
  private static final Set<Fault> ALL = EnumSet.allOf(Fault.class);

  @Test
  void aSeedDecidesAll() {
    for (var seed = 0L; seed < 100; seed++) {
      assertThat(stepsOf(seed, ALL)).isEqualTo(stepsOf(seed, ALL));
      assertThat(new FaultPlan(seed, ALL, 3, 4).livesOf(1))
          .isEqualTo(new FaultPlan(seed, ALL, 3, 4).livesOf(1));
    }
    assertThat(new HashSet<>(LongStream.range(0, 100).mapToObj(seed -> stepsOf(seed, ALL))
        .toList())).hasSizeGreaterThan(80);
  }

  @Test
  void connectionsHaveFatesOfTheirOwn() {
    var plan = new FaultPlan(7, ALL, 2, 2);
    var one = plan.stepsOf("scheduler", "worker-1", 1);
    assertThat(one).isNotEqualTo(plan.stepsOf("scheduler", "worker-2", 1))
        .isNotEqualTo(plan.stepsOf("scheduler", "worker-1", 2))
        .isNotEqualTo(plan.stepsOf("client", "worker-1", 1));
  }

  @Test
  void stepsAreInOrderAndEndWithTheConnection() {
    for (var seed = 0L; seed < 500; seed++) {
      var steps = stepsOf(seed, ALL);
      assertThat(steps).hasSizeBetween(1, FaultPlan.STEPS_MAX);
      var at = 0L;
      for (var step : steps) {
        assertThat(step.afterMessages()).isBetween(at + 4, at + 64);
        at = step.afterMessages();
      }
      assertThat(steps.subList(0, steps.size() - 1)).allMatch(Step.Delay.class::isInstance);
    }
  }

  @Test
  void onlyWhatIsAskedForHappens() {
    for (var seed = 0L; seed < 100; seed++) {
      assertThat(stepsOf(seed, Set.of())).isEmpty();
      assertThat(stepsOf(seed, Set.of(Fault.CRASH))).isEmpty();
      assertThat(stepsOf(seed, Set.of(Fault.DELAY))).hasSize(FaultPlan.STEPS_MAX)
          .allMatch(Step.Delay.class::isInstance);
      assertThat(stepsOf(seed, Set.of(Fault.DISCONNECT))).singleElement()
          .isInstanceOf(Step.Disconnect.class);
      assertThat(new FaultPlan(seed, Set.of(Fault.DELAY), 2, 2).livesOf(0)).isEmpty();
    }
  }

  @Test
  void aConnectionThatWasLostThreeTimesIsLostNoMore() {
    var plan = new FaultPlan(7, Set.of(Fault.DISCONNECT), 1, 0);
    assertThat(plan.stepsOf("a", "b", FaultPlan.ENDINGS_MAX)).hasSize(1);
    assertThat(plan.stepsOf("a", "b", FaultPlan.ENDINGS_MAX + 1)).isEmpty();
  }

  @Test
  void asManyWorkersDieAsAreToAndEveryEndingComes() {
    var endings = new HashSet<FaultPlan.Ending>();
    for (var seed = 0L; seed < 200; seed++) {
      var plan = new FaultPlan(seed, ALL, 3, 5);
      assertThat(IntStream.range(0, 4).mapToObj(plan::livesOf).mapToInt(List::size).sum())
          .isEqualTo(5);
      stepsOf(seed, ALL).forEach(step -> {
        if (step instanceof Step.Disconnect(_, var ending)) {
          endings.add(ending);
        }
      });
    }
    assertThat(endings).containsExactlyInAnyOrder(FaultPlan.Ending.values());
  }

  private static List<Step> stepsOf(long seed, Set<Fault> kinds) {
    return new FaultPlan(seed, kinds, 2, 2).stepsOf("scheduler", "worker-1", 1);
  }
}
