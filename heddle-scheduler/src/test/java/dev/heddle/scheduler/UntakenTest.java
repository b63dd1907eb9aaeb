package dev.heddle.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Bulk;
import dev.heddle.wire.Callee;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.Operand;
import dev.heddle.wire.Payload;
import dev.heddle.wire.TaskSettings;
import dev.heddle.wire.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What there is no memory for leaves nobody waiting.
class UntakenTest {
  private static final String REASON = "no memory for a buffer of 9 bytes";
  private static final WorkerId A = TestCore.A;
  private static final Payload EMPTIED = new Payload(0, List.of(), new byte[]{1},
      List.of(Bulk.of(new byte[0])));

  private final SilentConnection connection = new SilentConnection("peer");
  private final List<SchedulerEvent> events = new ArrayList<>();

  private ClientLink client() {
    return new ClientLink(TestCore.ME, "me", connection, TestCore.NAMESPACE, _ -> {}, _ -> {});
  }

  private static Message.Submit submit(Callee callee, Operand... operands) {
    return new Message.Submit(1, TestCore.key(1), callee, List.of(operands), List.of(),
        TaskSettings.DEFAULT, Optional.empty(), false);
  }

  private void tellsThatTheFirstIsLost() {
    assertThat(events).isEmpty();
    assertThat(connection.closed).isEmpty();
    assertThat(connection.notices).singleElement().isInstanceOfSatisfying(Message.Results.class,
        told -> assertThat(told.results()).singleElement().isInstanceOfSatisfying(
            Result.Lost.class, lost -> {
              assertThat(lost.task()).isEqualTo(1);
              assertThat(lost.reason()).contains(REASON).contains("scatter");
            }));
  }

  @Test
  void aTaskWhoseArgumentsDidNotArriveIsLost() {
    client().untaken(submit(new Callee.Known(1), new Operand.Inline(EMPTIED)), REASON);
    tellsThatTheFirstIsLost();
  }

  @Test
  void aTaskWhoseFunctionDidNotArriveIsLost() {
    var client = client();
    client.untaken(new Message.Define(1, EMPTIED), REASON);
    assertThat(connection.notices).isEmpty();
    client.heard(submit(new Callee.Known(1)), events);
    tellsThatTheFirstIsLost();
  }

  // --- of workers

  /// One whose worker is in service.
  private WorkerLink worker() {
    var link = new WorkerLink(A, connection);
    var control = new Control("test", new SchedulerState(TestCore.config()),
        new Outlets(new ClientLinks(), new WorkerLinks(), new Askers(), _ -> {}),
        _ -> {});
    link.came(TestCore.info(A), new Message.Attached(1, Map.of(), 1), control);
    return link;
  }

  private static Failure failure(Optional<Payload> original) {
    return new Failure("E", "m", List.of(), 0, Optional.empty(), List.of(), original);
  }

  @Test
  void aFailureArrivesDescribed() {
    worker().untaken(new Message.Ended(4, new TaskEnd.Failed(failure(Optional.of(EMPTIED)), 7)),
        REASON, events);
    assertThat(events).containsExactly(new SchedulerEvent.Ended(A, 4,
        new TaskEnd.Failed(failure(Optional.empty()), 7)));
    assertThat(connection.closed).isEmpty();
  }

  @Test
  void ofAResultItArrivesThatItIsThere() {
    worker().untaken(new Message.Ended(4, new TaskEnd.Ready("T", 8, 7, Optional.of(EMPTIED))),
        REASON, events);
    assertThat(events).containsExactly(new SchedulerEvent.Ended(A, 4,
        new TaskEnd.Ready("T", 8, 7, Optional.empty())));
    assertThat(connection.closed).isEmpty();
  }
}
