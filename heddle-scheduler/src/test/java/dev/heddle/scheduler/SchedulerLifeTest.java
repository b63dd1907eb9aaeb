package dev.heddle.scheduler;

import static dev.heddle.scheduler.FakeNode.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.metadata.EmbeddedMetadataStore;
import dev.heddle.process.Processes;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.Message.Reason;
import dev.heddle.wire.RefusedException;
import dev.heddle.wire.TaskKeys;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SchedulerLifeTest {
  @Test
  void itsNamespaceIsThatOfItsAddress() throws Exception {
    try (var scheduler = Scheduler.start(FakeNode.options().withAdvertisedHost("localhost"))) {
      assertThat(scheduler.address().host()).isEqualTo("localhost");
      assertThat(scheduler.namespace()).isEqualTo(TaskKeys.namespaceOf(scheduler.address()));
    }
  }

  @Test
  void whenItIsClosedNothingIsLeftOfItAndEverybodyIsTold() throws Exception {
    var scheduler = Scheduler.start(FakeNode.options().withName("closing"));
    try (var worker = new FakeWorker("worker-1", 1);
        var unreachable = new FakeWorker("worker-2", 1);
        var client = FakeClient.of("client", scheduler)) {
      worker.join(scheduler.store());
      unreachable.refusals.set(Integer.MAX_VALUE);
      scheduler.store().join(unreachable.info, Duration.ofMinutes(1));
      client.submit(1);
      next(worker.assigned);
      scheduler.close();
      assertThat(next(client.closed)).contains("closing is closing");
      assertThat(next(worker.closed)).contains("closing is closing");
    }
    assertThat(Processes.snapshot().processes().stream()
        .filter(process -> process.scopes().stream()
            .anyMatch(scope -> scope.name().startsWith("closing"))))
        .isEmpty();
    assertThat(Processes.snapshot().channels().stream()
        .filter(channel -> channel.name().contains("closing"))).isEmpty();
    assertThat(scheduler.awaitEnd()).isEmpty();
    // The port is free again.
    Scheduler.start(FakeNode.options().withListen(scheduler.address())).close();
  }

  @Test
  void aPortInUseIsSaidAndLeavesNothing() throws Exception {
    try (var scheduler = Scheduler.start(FakeNode.options())) {
      assertThatThrownBy(() -> Scheduler
          .start(FakeNode.options().withName("second").withListen(scheduler.address())))
          .isInstanceOf(BindException.class).hasMessageContaining("port in use");
      assertThat(Processes.snapshot().processes().stream()
          .filter(process -> process.name().startsWith("second"))).isEmpty();
    }
  }

  @Test
  void aDefectOfItsOwnEndsItAndEverybodyIsTold() throws Exception {
    // So long that the core cannot count it.
    var endless = Duration.ofSeconds(Long.MAX_VALUE);
    try (var scheduler = Scheduler.start(FakeNode.options().withSettings(
        config -> new SchedulerConfig(config.namespace(), 3, endless, config.settleWithin(),
            config.deathReportWithin(), config.queueAhead())));
        var client = new FakeClient("client")) {
      client.link = client.connect(scheduler);
      assertThat(next(client.closed)).contains("a defect of its own");
      assertThat(scheduler.awaitEnd()).isPresent();
    }
  }

  @Test
  void aRestartedSchedulerKnowsItsKeysAndIsAnother() throws Exception {
    var first = Scheduler.start(FakeNode.options());
    Message.Welcome before;
    try (var client = FakeClient.of("client", first)) {
      before = client.welcome();
    } finally {
      first.close();
    }
    try (var second = Scheduler.start(FakeNode.options().withListen(first.address()));
        var client = FakeClient.of("client", second)) {
      assertThat(client.welcome().namespace()).isEqualTo(before.namespace());
      assertThat(client.welcome().incarnation()).isNotEqualTo(before.incarnation());
    }
  }

  @Test
  void withAStoreElsewhereWorkersAreFoundThereAndItIsAskedForOthers() throws Exception {
    try (var store = EmbeddedMetadataStore.open();
        var worker = new FakeWorker("worker-1", 1)) {
      // One that was there before the scheduler.
      store.join(worker.info, Duration.ofMinutes(1));
      try (var scheduler = Scheduler.start(FakeNode.options().withMetadata(store));
          var client = FakeClient.of("client", scheduler)) {
        assertThat(next(worker.attached))
            .isEqualTo(new Message.Attach(scheduler.namespace(), false));
        client.submit(1);
        worker.end(next(worker.assigned), FakeWorker.readyHere());
        client.result(1);
        var other = Key.of("other");
        store.register(worker.info.id(), List.of(new Entry(other, 3)));
        assertThat(((Message.Holders) client
            .ask(new Message.WhoHas(List.of(client.key(1), other)))).holders())
            .containsOnlyKeys(client.key(1), other);
        assertThat(((Message.Inventory) client.ask(
            new Message.HasWhat("worker-1", Optional.empty(), 10))).entries())
            .containsExactly(new Entry(other, 3));
        assertThat(client.ask(new Message.AskWorkers()))
            .isEqualTo(new Message.Workers(List.of(worker.info)));
        assertThatThrownBy(() -> client.ask(new Message.Renew(worker.info.id())))
            .isInstanceOfSatisfying(RefusedException.class,
                e -> assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_OPERATION));
      }
      assertThat(store.workers()).containsExactly(worker.info);
    }
  }
}
