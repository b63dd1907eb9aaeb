package dev.heddle.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Address;
import dev.heddle.wire.Argument;
import dev.heddle.wire.Callee;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Payload;
import dev.heddle.wire.WorkerId;
import dev.heddle.worker.WorkerEvent.ComputeAsked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What becomes of a scheduler's words for which there is no memory.
class SchedulerLinkTest {
  private static final Key X = Key.of("x");
  private static final Key Y = Key.of("y");
  private static final Payload EMPTY = new Payload(0, List.of(), new byte[0], List.of());
  private static final String REASON = "no memory for a buffer of 9 bytes";

  private final NodeCode code = new NodeCode("w");
  private final FakeConnection connection = new FakeConnection();
  private final SchedulerLink link = new SchedulerLink(9, connection, code);
  private final List<WorkerEvent> events = new ArrayList<>();

  @AfterEach
  void close() {
    code.close();
  }

  private static Message.Assign assign(Callee callee) {
    var holder = new Holder(new WorkerId("v", 1), new Address("v", 1), "host", 8);
    return new Message.Assign(4, X, callee, List.of(new Argument.Inline(EMPTY)), List.of(Y),
        Map.of(Y, List.of(holder)), 0, 0, false);
  }

  private void failsWith(String message) {
    assertThat(events).singleElement().isInstanceOfSatisfying(ComputeAsked.class, asked -> {
      assertThat(asked.asker()).isEqualTo(Asker.scheduler(9, 4));
      assertThat(asked.key()).isEqualTo(X);
      assertThatThrownBy(() -> asked.work().function().take(code, false))
          .isInstanceOf(IllegalStateException.class).hasMessage(message);
    });
    assertThat(connection.closed).isEmpty();
  }

  @Test
  void anAssignmentThatDidNotArriveWholeFailsAndGathersNothingBefore() {
    link.untaken(assign(new Callee.Known(1)), REASON, events);
    failsWith("what it is to be called with did not arrive on this worker: there is " + REASON);
    assertThat(((ComputeAsked) events.getFirst()).work().inputs()).isEmpty();
  }

  @Test
  void aTaskWhoseFunctionDidNotArriveFails() {
    link.untaken(new Message.Define(1, EMPTY), REASON, events);
    assertThat(events).isEmpty();
    link.heard(assign(new Callee.Known(1)), events);
    failsWith("the function did not arrive on this worker: there is " + REASON);
  }

  @Test
  void whatIsAssignedBelongsToTheTraceThatWasToldLast() {
    link.heard(assign(new Callee.Known(1)), events);
    link.heard(new Message.Trace("a", 2), events);
    link.heard(assign(new Callee.Known(1)), events);
    link.heard(assign(new Callee.Known(1)), events);
    assertThat(events).extracting(event -> ((ComputeAsked) event).work().trace())
        .containsExactly(Message.Trace.NONE, new Message.Trace("a", 2),
            new Message.Trace("a", 2));
  }

  @Test
  void whatHasNoBuffersCounts() {
    link.untaken(new Message.Release(List.of(X)), REASON, events);
    assertThat(events).containsExactly(new WorkerEvent.ReleaseAsked(9, List.of(X)));
  }
}
