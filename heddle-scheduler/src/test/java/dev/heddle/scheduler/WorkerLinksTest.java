package dev.heddle.scheduler;

import static dev.heddle.scheduler.FakeNode.next;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Callee;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.TaskKeys;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerLinksTest {
  private Scheduler scheduler;
  private FakeWorker worker;
  private FakeClient client;

  @BeforeEach
  void start() throws Exception {
    scheduler = Scheduler.start(FakeNode.options());
    worker = new FakeWorker("worker-1", 2);
    client = FakeClient.of("client", scheduler);
    assertThat(next(client.workers).workers()).isEmpty();
  }

  @AfterEach
  void close() {
    client.close();
    worker.close();
    scheduler.close();
  }

  @Test
  void aWorkerIsTakenIntoServiceWithWhatTheSchedulerKeeps() throws Exception {
    scheduler.store().join(worker.info, Duration.ofMinutes(10));
    assertThat(next(worker.attached))
        .isEqualTo(new Message.Attach(scheduler.namespace(), true));
    client.awaitWorkers(1);
  }

  @Test
  void aWorkerThatIsStillStartingIsAskedAgain() throws Exception {
    worker.refusals.set(3);
    worker.join(scheduler.store());
    client.awaitWorkers(1);
  }

  @Test
  void theTasksOfAWorkerThatDiesRunElsewhere() throws Exception {
    worker.join(scheduler.store());
    client.awaitWorkers(1);
    client.submit(1);
    next(worker.assigned);
    try (var second = FakeWorker.quick("worker-2", 1)) {
      second.join(scheduler.store());
      client.awaitWorkers(2);
      worker.close();
      assertThat(client.value(1)).isEqualTo(client.key(1).text());
      assertThat(next(second.assigned).key()).isEqualTo(client.key(1));
      client.awaitWorkers(1);
    }
    assertThat(scheduler.store().workers()).doesNotContain(worker.info);
  }

  @Test
  void aWorkerWhoseConnectionBreaksIsTakenBackWithWhatItHas() throws Exception {
    worker.join(scheduler.store());
    client.submit(1);
    client.submit(2);
    var both = worker.nextAssigned(2);
    var first = both.getFirst().key().equals(client.key(1)) ? both.getFirst() : both.getLast();
    // It loses the connection, and finishes the first task meanwhile.
    worker.stored.add(new Entry(first.key(), 5));
    worker.unfinished.add(client.key(2));
    worker.scheduler().close("broken");
    next(worker.attached);
    // Both are given to it again: it recognises them by their keys.
    for (var again : worker.nextAssigned(2)) {
      assertThat(both).doesNotContain(again);
      worker.end(again, FakeWorker.ready(again.key().text()));
    }
    assertThat(client.value(1)).isEqualTo(client.key(1).text());
    assertThat(client.value(2)).isEqualTo(client.key(2).text());
    assertThat(worker.assigned).isEmpty();
  }

  @Test
  void functionsAreSentAnewOverANewConnection() throws Exception {
    worker.join(scheduler.store());
    client.say(new Message.Define(1, FakeNode.payload("shared")),
        client.submission(1, new Callee.Known(1), false));
    worker.end(next(worker.assigned), FakeWorker.ready("one"));
    client.result(1);
    worker.defined.clear();
    worker.scheduler().close("broken");
    next(worker.attached);
    client.say(client.submission(2, new Callee.Known(1), false));
    assertThat(worker.function(next(worker.assigned))).isEqualTo("shared");
  }

  @Test
  void aWorkerThatReturnsUnderItsNameIsAnotherOne() throws Exception {
    worker.join(scheduler.store());
    client.awaitWorkers(1);
    client.submit(1);
    next(worker.assigned);
    scheduler.store().leave(worker.info.id());
    try (var successor = FakeWorker.quick("worker-1", 1)) {
      successor.join(scheduler.store());
      assertThat(next(worker.closed)).contains("another worker has the name worker-1");
      assertThat(client.value(1)).isEqualTo(client.key(1).text());
    }
  }

  @Test
  void anotherProcessAtTheSameAddressIsNotTakenForTheWorker() throws Exception {
    worker.pid = -1;
    scheduler.store().join(worker.info, Duration.ofMinutes(10));
    assertThat(next(worker.attached).namespace()).isEqualTo(scheduler.namespace());
    assertThat(next(worker.closed)).contains("another process listens");
    worker.pid = worker.info.pid();
    client.awaitWorkers(1);
  }

  @Test
  void aWorkerIsAskedToLeaveAndItsEndIsTheAnswer() throws Exception {
    worker.join(scheduler.store());
    client.awaitWorkers(1);
    try (var asker = new FakeClient("asker")) {
      var connection = asker.connect(scheduler);
      var call = connection.start(new Message.Retire("worker-1"));
      assertThat(next(worker.retired)).isEqualTo("worker-1");
      scheduler.store().leave(worker.info.id());
      worker.close();
      assertThat(call.await(FakeNode.SOON)).isEqualTo(new Message.Done());
    }
  }

  @Test
  void whatTheCoreKnowsOfIsFoundInTheStore() throws Exception {
    worker.join(scheduler.store());
    client.submit(1);
    var other = Key.of("elsewhere");
    scheduler.store().register(worker.info.id(), List.of(new Entry(other, 7)));
    worker.end(next(worker.assigned), FakeWorker.readyHere());
    client.result(1);
    var nowhere = TaskKeys.numbered("task", scheduler.namespace(), client.id, 99);
    var answer = (Message.Holders) client
        .ask(new Message.WhoHas(List.of(client.key(1), other, nowhere)));
    assertThat(answer.holders()).containsOnlyKeys(client.key(1), other);
    assertThat(answer.holders().get(client.key(1))).singleElement().satisfies(holder -> {
      assertThat(holder.worker()).isEqualTo(worker.info.id());
      assertThat(holder.address()).isEqualTo(worker.info.address());
      assertThat(holder.sizeBytes()).isEqualTo(1 << 20);
    });
    var first = (Message.Inventory) client
        .ask(new Message.HasWhat(worker.info.id().name(), Optional.empty(), 1));
    assertThat(first).isEqualTo(new Message.Inventory(List.of(new Entry(other, 7)), true));
    assertThat(client.ask(new Message.HasWhat(worker.info.id().name(), Optional.of(other), 1)))
        .isEqualTo(new Message.Inventory(List.of(new Entry(client.key(1), 1 << 20)), false));
    assertThat(client.ask(new Message.AskWorkers()))
        .isEqualTo(new Message.Workers(List.of(worker.info)));
  }

  @Test
  void aReplicaThatAWorkerRegistersIsKnownAndReleasedToo() throws Exception {
    worker.join(scheduler.store());
    client.submit(1);
    worker.end(next(worker.assigned), FakeWorker.readyHere());
    client.result(1);
    try (var second = new FakeWorker("worker-2", 1)) {
      second.join(scheduler.store());
      client.awaitWorkers(2);
      scheduler.store().register(second.info.id(), List.of(new Entry(client.key(1), 5)));
      // The value is needed until it is known to the core that there are two of it.
      Awaitility.await().untilAsserted(() -> {
        client.say(new Message.Need(List.of(1L)));
        assertThat(client.result(1)).isInstanceOfSatisfying(Message.Result.Ready.class,
            ready -> assertThat(ready.holders()).hasSize(2));
      });
      client.say(new Message.Drop(List.of(new Message.Range(1, 1))));
      assertThat(next(worker.released)).isEqualTo(client.key(1));
      assertThat(next(second.released)).isEqualTo(client.key(1));
    }
  }

  @Test
  void aWorkerThatSaysWhatNoWorkerSaysLosesItsConnectionOnly() throws Exception {
    worker.join(scheduler.store());
    worker.scheduler().notice(new Message.Drop(List.of()));
    worker.scheduler().flush();
    assertThat(next(worker.closed)).contains("a worker does not say Drop");
    next(worker.attached);
    client.submit(1);
    worker.end(next(worker.assigned), FakeWorker.ready("one"));
    assertThat(client.value(1)).isEqualTo("one");
  }

  @Test
  void whatAWorkerSaysOfItselfIsInTheStatus() throws Exception {
    worker.join(scheduler.store());
    client.submit(1);
    var first = next(worker.assigned);
    worker.scheduler().notice(new Message.Waits(first.task(), true));
    worker.scheduler().notice(
        new Message.Beat(1, List.of(first.task()), List.of(first.task()), 12, 345, 67,
            new Message.Vitals(1, 2, 3), "full", List.of()));
    worker.scheduler().flush();
    Awaitility.await().untilAsserted(() -> {
      var status = (Message.Status) client.ask(new Message.AskStatus());
      assertThat(status.workers()).singleElement().satisfies(one -> {
        assertThat(one.running()).isEqualTo(1);
        assertThat(one.state()).contains("full");
        assertThat(one.memoryBytes()).isEqualTo(345);
        assertThat(one.diskBytes()).isEqualTo(67);
      });
    });
  }
}
