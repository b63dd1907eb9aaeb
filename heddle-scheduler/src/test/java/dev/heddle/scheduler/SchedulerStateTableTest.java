package dev.heddle.scheduler;

import static dev.heddle.scheduler.TestCore.A;
import static dev.heddle.scheduler.TestCore.B;
import static dev.heddle.scheduler.TestCore.ME;
import static dev.heddle.scheduler.TestCore.beat;
import static dev.heddle.scheduler.TestCore.came;
import static dev.heddle.scheduler.TestCore.died;
import static dev.heddle.scheduler.TestCore.drop;
import static dev.heddle.scheduler.TestCore.map;
import static dev.heddle.scheduler.TestCore.moved;
import static dev.heddle.scheduler.TestCore.on;
import static dev.heddle.scheduler.TestCore.registered;
import static dev.heddle.scheduler.TestCore.retries;
import static dev.heddle.scheduler.TestCore.returning;
import static dev.heddle.scheduler.TestCore.settings;
import static dev.heddle.scheduler.TestCore.submit;
import static dev.heddle.scheduler.TestCore.unregistered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.scheduler.SchedulerEvent.AbortAsked;
import dev.heddle.scheduler.SchedulerEvent.AdoptAsked;
import dev.heddle.scheduler.SchedulerEvent.ClientAway;
import dev.heddle.scheduler.SchedulerEvent.ClientCame;
import dev.heddle.scheduler.SchedulerEvent.ClientLeft;
import dev.heddle.scheduler.SchedulerEvent.DeathExplained;
import dev.heddle.scheduler.SchedulerEvent.Ended;
import dev.heddle.scheduler.SchedulerEvent.Needed;
import dev.heddle.scheduler.SchedulerEvent.PublishAsked;
import dev.heddle.scheduler.SchedulerEvent.RetireAsked;
import dev.heddle.scheduler.SchedulerEvent.Scattered;
import dev.heddle.scheduler.SchedulerEvent.UnpublishAsked;
import dev.heddle.scheduler.SchedulerEvent.WorkerAway;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.TaskEnd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Every event, while the task 1 is in every state: what becomes of it, and what is commanded. The table
/// itself is the file `SchedulerStateTable.txt`, to be read and changed by hand.
class SchedulerStateTableTest {
  private static final int SUBJECT = 1;

  /// How the task 1, which needs the task 2, gets into each of its states. The workers are `a` and `b`.
  private static Map<String, Consumer<TestCore>> states() {
    var states = new LinkedHashMap<String, Consumer<TestCore>>();
    states.put("unknown", core -> core.given(came(A), came(B)));
    states.put("released", core -> {
      ready(core);
      core.given(submit(3, SUBJECT)).given(core.ready(3), drop(SUBJECT));
    });
    states.put("waiting", core -> core.given(submit(2), submit(SUBJECT, 2)));
    states.put("queued", core -> core.given(came(A), came(B), submit(2, on("b")))
        .given(core.ready(2), submit(SUBJECT, on("c"), 2)));
    states.put("processing", SchedulerStateTableTest::processing);
    states.put("ahead", core -> core.given(came(A), came(B), submit(2), submit(SUBJECT, 2)));
    states.put("memory", SchedulerStateTableTest::ready);
    states.put("told", core -> {
      processing(core);
      core.given(core.readyInline(SUBJECT)).given(unregistered(A, SUBJECT));
    });
    states.put("erred", core -> {
      processing(core);
      core.given(core.failed(SUBJECT));
    });
    return states;
  }

  private static void processing(TestCore core) {
    core.given(came(A), came(B), submit(2, on("a"))).given(core.ready(2),
        submit(SUBJECT, retries(0), 2));
  }

  private static void ready(TestCore core) {
    processing(core);
    core.given(core.ready(SUBJECT));
  }

  private static List<SchedulerEvent> events(TestCore core) {
    var ready = new TaskEnd.Ready("test", 8, 1, Optional.empty());
    return List.of(new ClientCame(ME, "me", true, Set.of(A), false), new ClientAway(ME),
        new ClientLeft(ME), returning(SUBJECT, 2), map(ME, SUBJECT, 1, settings()),
        new Scattered(ME, new Message.Scattered(SUBJECT, TestCore.key(SUBJECT), List.of(B), 8)),
        drop(SUBJECT), new SchedulerEvent.Withdrawn(ME, List.of(1L)), new Needed(ME, List.of(1L)),
        new SchedulerEvent.PlaceTold(ME, "Census.java:88 in Census.main", List.of(1L)),
        new AbortAsked(ME, List.of(1L)),
        new PublishAsked(1, ME, "n", SUBJECT), new UnpublishAsked(1, "n"),
        new AdoptAsked(1, ME, "n", SUBJECT), new RetireAsked(1, "a"), came(A),
        came(B, 1, Map.of(), List.of(SUBJECT), List.of()),
        came(B, 1, Map.of(), List.of(), List.of(SUBJECT)), new WorkerAway(A), died(A), died(B),
        new DeathExplained("a", 7, "killed"), end(core, ready),
        end(core, new TaskEnd.Failed(TestCore.BOOM, 1)),
        end(core, new TaskEnd.Lacking(List.of(TestCore.key(2)), "nowhere")),
        end(core, new TaskEnd.GivenBack("leaving", true)), end(core, new TaskEnd.Cancelled(true)),
        new SchedulerEvent.Waits(A, assignment(core), true),
        beat(A, 9, List.of(), List.of(), ""), beat(B, 9, List.of(), List.of(), "full"),
        registered(A, SUBJECT), registered(B, SUBJECT), unregistered(A, SUBJECT),
        moved(A, B, SUBJECT, false),
        moved(A, B, SUBJECT, true), moved(B, A, SUBJECT, true), new SchedulerEvent.Tick());
  }

  /// Of its latest assignment; of one that never was, if there is none.
  private static Ended end(TestCore core, TaskEnd end) {
    return new Ended(A, assignment(core), end);
  }

  private static long assignment(TestCore core) {
    return core.lastAssignment(SUBJECT);
  }

  @Test
  void everyPairOfStateAndEventIsDecided() throws IOException {
    assertThat(table()).isEqualTo(expected());
  }

  @Test
  void noEventIsLeftOut() {
    var listed = events(new TestCore()).stream().map(Object::getClass).collect(Collectors.toSet());
    listed.add(SchedulerEvent.Submitted.class);
    assertThat(listed).containsAll(Arrays.asList(SchedulerEvent.class.getPermittedSubclasses()));
  }

  @Test
  void noStateIsLeftOut() {
    var reached = states().values().stream().map(state -> {
      var core = new TestCore();
      state.accept(core);
      return stateOf(core);
    }).collect(Collectors.toSet());
    for (var state : TaskState.values()) {
      assertThat(state == TaskState.FORGOTTEN || reached.contains(state.text())).as(state.text())
          .isTrue();
    }
  }

  private static String expected() throws IOException {
    try (var file = SchedulerStateTableTest.class
        .getResourceAsStream("SchedulerStateTable.txt")) {
      if (file == null) {
        throw new IOException("the table is not on the class path; it should say:\n" + table());
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String table() {
    var table = new StringBuilder();
    for (var index = 0; index < events(new TestCore()).size(); index++) {
      var statesByOutcome = new LinkedHashMap<String, List<String>>();
      var name = "";
      for (var state : states().entrySet()) {
        var core = new TestCore();
        state.getValue().accept(core);
        var event = events(core).get(index);
        name = named(event);
        statesByOutcome.computeIfAbsent(outcome(core, event), _ -> new ArrayList<>())
            .add(state.getKey());
      }
      table.append(table.isEmpty() ? "" : "\n").append(name).append('\n');
      statesByOutcome.forEach((outcome, states) -> table.append("  ")
          .append(String.join(", ", states)).append(": ").append(outcome).append('\n'));
    }
    return table.toString();
  }

  private static String named(SchedulerEvent event) {
    var name = event.getClass().getSimpleName();
    return switch (event) {
      case Ended ended -> name + " " + ended.end().getClass().getSimpleName();
      case SchedulerEvent.WorkerCame came -> name + " " + came.worker().id()
          + (came.stored().isEmpty() ? "" : ", which has it stored")
          + (came.unfinished().isEmpty() ? "" : ", which has it unfinished");
      case SchedulerEvent.WorkerDied died -> name + " " + died.worker();
      case SchedulerEvent.Beat beat -> name + " " + beat.worker()
          + (beat.beat().paused().isEmpty() ? ", which has nothing" : ", which is full");
      case SchedulerEvent.Registered registered -> name + " " + registered.worker();
      case SchedulerEvent.ValuesMoved moved -> name + " from " + moved.worker()
          + (moved.last() ? ", for the last time" : "");
      case SchedulerEvent each -> each.getClass().getSimpleName();
    };
  }

  private static String outcome(TestCore core, SchedulerEvent event) {
    var before = stateOf(core);
    var said = String.join(" ", core.shorts(core.hears(event)));
    var after = stateOf(core);
    return (after.equals(before) ? "stays" : "becomes " + after)
        + (said.isEmpty() ? "" : "; " + said);
  }

  private static String stateOf(TestCore core) {
    return core.state().stateOf(TestCore.key(SUBJECT));
  }
}
