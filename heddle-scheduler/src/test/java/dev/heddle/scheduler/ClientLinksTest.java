package dev.heddle.scheduler;

import static dev.heddle.scheduler.FakeClient.inline;
import static dev.heddle.scheduler.FakeClient.ofTask;
import static dev.heddle.scheduler.FakeNode.next;
import static dev.heddle.scheduler.FakeNode.payload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Callee;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.RefusedException;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.TaskSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClientLinksTest {
  private Scheduler scheduler;
  private FakeWorker worker;
  private FakeClient client;

  @BeforeEach
  void start() throws Exception {
    scheduler = Scheduler.start(FakeNode.options());
    worker = new FakeWorker("worker-1", 2);
    worker.join(scheduler.store());
    client = FakeClient.of("client", scheduler);
    assertThat(client.awaitWorkers(1)).containsExactly(worker.info);
  }

  @AfterEach
  void close() {
    client.close();
    worker.close();
    scheduler.close();
  }

  @Test
  void aClientIsToldWhichWorkersThereAre() throws Exception {
    assertThat(client.welcome().namespace()).isEqualTo(scheduler.namespace());
    try (var second = new FakeWorker("worker-2", 1)) {
      second.join(scheduler.store());
      assertThat(client.awaitWorkers(2)).containsExactlyInAnyOrder(worker.info, second.info);
    }
  }

  @Test
  void aClientThatComesBackIsToldWhatItMissedAndNothingRunsTwice() throws Exception {
    client.submit(1);
    client.submit(2);
    var first = next(worker.assigned);
    var second = next(worker.assigned);
    client.scheduler().close("lost");
    next(client.closed);
    worker.end(first, FakeWorker.ready("one"));
    // Answered after that has been heard.
    FakeNode.ask(worker.scheduler(), new Message.Ping(1));
    client.greet(scheduler, true, worker.info.id());
    client.say(client.submission(1, new Callee.Carried(payload("f1")), true),
        client.submission(2, new Callee.Carried(payload("f2")), true));
    assertThat(client.result(1)).isInstanceOfSatisfying(Result.Ready.class,
        ready -> assertThat(ready.holders()).singleElement()
            .satisfies(holder -> assertThat(holder.worker()).isEqualTo(worker.info.id())));
    worker.end(second, FakeWorker.ready("two"));
    assertThat(client.value(2)).isEqualTo("two");
    assertThat(worker.assigned).isEmpty();
  }

  @Test
  void theSecondConnectionOfAClientTakesOver() throws Exception {
    client.submit(1);
    var before = client.scheduler();
    client.greet(scheduler, true);
    assertThat(next(client.closed)).contains("connected anew");
    assertThat(before.isOpen()).isFalse();
    client.say(client.submission(1, new Callee.Carried(payload("f1")), true));
    worker.end(next(worker.assigned), FakeWorker.ready("one"));
    assertThat(client.value(1)).isEqualTo("one");
    assertThat(worker.assigned).isEmpty();
  }

  @Test
  void anIdThatAnotherClientHasIsRefused() throws Exception {
    try (var other = new FakeClient("other", client.id)) {
      assertThatThrownBy(() -> other.greet(scheduler, false))
          .isInstanceOfSatisfying(RefusedException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.NAME_TAKEN));
    }
    client.submit(1);
    worker.end(next(worker.assigned), FakeWorker.ready("one"));
    assertThat(client.value(1)).isEqualTo("one");
  }

  @Test
  void whatAClientHadIsReleasedAsSoonAsItSaysGoodbye() throws Exception {
    client.submit(1);
    worker.end(next(worker.assigned), FakeWorker.readyHere());
    client.result(1);
    client.say(new Message.Farewell());
    assertThat(next(worker.released)).isEqualTo(client.key(1));
  }

  @Test
  void aPublishedValueOutlivesItsClientAndIsAdoptedByAnother() throws Exception {
    client.submit(1);
    assertThat(client.ask(new Message.Publish("prices", 1))).isEqualTo(new Message.Done());
    worker.end(next(worker.assigned), FakeWorker.readyHere());
    client.result(1);
    client.say(new Message.Farewell());
    try (var other = FakeClient.of("other", scheduler)) {
      assertThat(other.ask(new Message.AskPublished()))
          .isEqualTo(new Message.Names(List.of("prices")));
      assertThat(other.ask(new Message.Adopt("prices", 9)))
          .isEqualTo(new Message.Adopted(client.key(1)));
      assertThat(other.result(9)).isInstanceOf(Result.Ready.class);
      assertThat(worker.released).isEmpty();
      assertThat(other.ask(new Message.Unpublish("prices"))).isEqualTo(new Message.Done());
      assertThat(other.ask(new Message.AskPublished())).isEqualTo(new Message.Names(List.of()));
      other.say(new Message.Drop(List.of(new Message.Range(9, 1))));
      assertThat(next(worker.released)).isEqualTo(client.key(1));
    }
  }

  @Test
  void aWorkerIsToldTheTraceOfATaskWhereItIsAnotherThanThatBefore() throws Exception {
    worker.answersAtOnce = true;
    client.submit(1);
    client.value(1);
    assertThat(worker.others).isEmpty();
    client.say(new Message.Trace("a", 1));
    client.submit(2);
    client.submit(3);
    client.value(2);
    client.value(3);
    client.say(new Message.Trace("", 1));
    client.submit(4);
    client.value(4);
    assertThat(worker.others).containsExactly(new Message.Trace("a", 1), Message.Trace.NONE);
  }

  @Test
  void aWorkerIsToldWhichAttemptAtATaskItIsGiven() throws Exception {
    client.say(new Message.Trace("a", 1), new Message.Submit(1, client.key(1),
        new Callee.Carried(payload("one")), List.of(), List.of(),
        new TaskSettings(0, 1, 0, List.of(), Map.of(), false, false), Optional.empty(), false));
    worker.end(next(worker.assigned), new Message.TaskEnd.Failed(new Failure("E", "first time",
        List.of(), 0, Optional.empty(), List.of(), Optional.empty()), 5));
    worker.end(next(worker.assigned), FakeWorker.ready("second time"));
    assertThat(client.value(1)).isEqualTo("second time");
    assertThat(worker.others).containsExactly(new Message.Trace("a", 1),
        new Message.Trace("a", 2));
  }

  @Test
  void anUnknownFunctionIsAResultThatNamesItAndHarmsNothingElse() throws Exception {
    client.say(new Message.Define(1, payload("one")),
        client.submission(1, new Callee.Known(2), false),
        client.submission(2, new Callee.Known(1), false),
        new Message.Undefine(List.of(1)), client.submission(3, new Callee.Known(1), false));
    assertThat(client.result(1)).isInstanceOfSatisfying(Result.Lost.class,
        lost -> assertThat(lost.reason()).contains("function 2"));
    assertThat(client.result(3)).isInstanceOfSatisfying(Result.Lost.class,
        lost -> assertThat(lost.reason()).contains("function 1").contains("undefined"));
    worker.end(next(worker.assigned), FakeWorker.ready("two"));
    assertThat(client.value(2)).isEqualTo("two");
  }

  @Test
  void theElementsOfAMapWithAnUnknownFunctionAreEachTold() throws Exception {
    var group = TaskKeys.numbered("map", client.welcome().namespace(), client.id, 5);
    client.say(new Message.SubmitMap(5, group, 0, new Callee.Known(77),
        List.of(inline("a"), inline("b")), List.of(), TaskSettings.DEFAULT, false));
    for (var number = 5; number <= 6; number++) {
      assertThat(client.result(number)).isInstanceOfSatisfying(Result.Lost.class,
          lost -> assertThat(lost.reason()).contains("function 77"));
    }
  }

  @Test
  void noClientGetsAtTheTasksOfAnother() throws Exception {
    client.submit(1);
    var assign = next(worker.assigned);
    try (var other = FakeClient.of("other", scheduler)) {
      other.say(new Message.Submit(1, client.key(1), new Callee.Carried(payload("evil")),
          List.of(), List.of(), TaskSettings.DEFAULT, Optional.empty(), false));
      assertThat(other.result(1)).isInstanceOfSatisfying(Result.Lost.class,
          lost -> assertThat(lost.reason()).contains(client.key(1).text()));
      other.say(new Message.Scattered(2, client.key(1), List.of(worker.info.id()), 1));
      assertThat(other.result(2)).isInstanceOf(Result.Lost.class);
      other.say(new Message.Drop(List.of(new Message.Range(1, Long.MAX_VALUE))),
          new Message.Abort(List.of(1L)), new Message.Need(List.of(1L)));
      // Answered after all of that.
      other.ask(new Message.Ping(0));
    }
    worker.end(assign, FakeWorker.ready("one"));
    assertThat(client.value(1)).isEqualTo("one");
  }

  @Test
  void aTaskThatNeedsOneThatNeverWasIsTold() throws Exception {
    client.submit(2, ofTask(1));
    assertThat(client.result(2)).isNotInstanceOf(Result.Ready.class);
  }

  @Test
  void whoHasNotGreetedMayOnlyAsk() throws Exception {
    try (var stranger = new FakeClient("stranger")) {
      stranger.link = stranger.connect(scheduler);
      assertThat(stranger.ask(new Message.AskPublished())).isInstanceOf(Message.Names.class);
      for (var request : List.of(new Message.Publish("x", 1), new Message.Adopt("x", 1))) {
        assertThatThrownBy(() -> stranger.ask(request))
            .isInstanceOfSatisfying(RefusedException.class,
                e -> assertThat(e.reason()).isEqualTo(Reason.BAD_REQUEST));
      }
      assertThatThrownBy(() -> stranger.ask(new Message.DeleteData(List.of())))
          .isInstanceOf(RefusedException.class).hasMessageContaining("for a worker");
      stranger.say(new Message.Drop(List.of(new Message.Range(1, 1))));
      assertThat(next(stranger.closed)).contains("before greeting");
    }
  }

  @Test
  void aClientThatSaysWhatNoClientSaysIsTurnedAway() throws Exception {
    client.say(new Message.Release(List.of(client.key(1))));
    assertThat(next(client.closed)).contains("a client does not say Release");
  }
}
