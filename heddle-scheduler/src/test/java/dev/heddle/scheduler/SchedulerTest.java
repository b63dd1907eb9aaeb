package dev.heddle.scheduler;

import static dev.heddle.scheduler.FakeClient.inline;
import static dev.heddle.scheduler.FakeClient.ofTask;
import static dev.heddle.scheduler.FakeNode.next;
import static dev.heddle.scheduler.FakeNode.payload;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Argument;
import dev.heddle.wire.Bulk;
import dev.heddle.wire.Callee;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.Operand;
import dev.heddle.wire.Payload;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.TaskSettings;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private Scheduler scheduler;
  private FakeWorker worker;
  private FakeClient client;

  @BeforeEach
  void start() throws Exception {
    scheduler = Scheduler.start(FakeNode.options());
    worker = new FakeWorker("worker-1", 2);
    worker.join(scheduler.store());
    client = FakeClient.of("client", scheduler);
    client.awaitWorkers(1);
  }

  @AfterEach
  void close() {
    client.close();
    worker.close();
    scheduler.close();
  }

  @Test
  void aTaskGoesToAWorkerAndItsValueToTheClient() throws Exception {
    client.submit(1, inline("argument"));
    var assign = next(worker.assigned);
    assertThat(assign.key()).isEqualTo(client.key(1));
    assertThat(worker.function(assign)).isEqualTo("f1");
    assertThat(assign.arguments()).singleElement().isInstanceOfSatisfying(Argument.Inline.class,
        argument -> assertThat(FakeNode.text(argument.payload())).isEqualTo("argument"));
    worker.end(assign, FakeWorker.ready("value"));
    assertThat(client.value(1)).isEqualTo("value");
  }

  @Test
  void aLargeValueStaysOnItsWorkerAndTheClientIsToldWhere() throws Exception {
    client.submit(1);
    worker.end(next(worker.assigned), FakeWorker.readyHere());
    assertThat(client.result(1)).isInstanceOfSatisfying(Result.Ready.class, ready -> {
      assertThat(ready.value()).isEmpty();
      assertThat(ready.sizeBytes()).isEqualTo(1 << 20);
      assertThat(ready.holders()).singleElement().satisfies(holder -> {
        assertThat(holder.worker()).isEqualTo(worker.info.id());
        assertThat(holder.address()).isEqualTo(worker.info.address());
      });
    });
  }

  @Test
  void aValueThatIsDroppedIsReleasedOnItsWorker() throws Exception {
    client.submit(1);
    worker.end(next(worker.assigned), FakeWorker.readyHere());
    client.result(1);
    client.say(new Message.Drop(List.of(new Message.Range(1, 1))));
    assertThat(next(worker.released)).isEqualTo(client.key(1));
  }

  @Test
  void aTaskGetsTheValueOfAnotherByItsKey() throws Exception {
    client.submit(1);
    client.submit(2, ofTask(1));
    var first = next(worker.assigned);
    worker.end(first, FakeWorker.readyHere());
    var second = next(worker.assigned);
    assertThat(second.arguments()).containsExactly(new Argument.Stored(client.key(1)));
    worker.end(second, FakeWorker.ready("two"));
    assertThat(client.value(2)).isEqualTo("two");
  }

  @Test
  void aFunctionThatManyTasksShareIsSentOnceAWorker() throws Exception {
    worker.answersAtOnce = true;
    client.say(new Message.Define(7, payload("shared")));
    for (var number = 1; number <= 50; number++) {
      client.say(client.submission(number, new Callee.Known(7), false));
    }
    for (var number = 1; number <= 50; number++) {
      client.result(number);
      assertThat(worker.function(next(worker.assigned))).isEqualTo("shared");
    }
    assertThat(worker.definitions).hasSize(1);
    client.say(new Message.Undefine(List.of(7)));
    client.submit(51);
    client.result(51);
    assertThat(worker.defined).isEmpty();
  }

  @Test
  void aMapIsOneMessageAndManyTasks() throws Exception {
    worker.answersAtOnce = true;
    var operands = IntStream.range(0, 5_000).mapToObj(i -> inline("operand " + i)).toList();
    var group = TaskKeys.numbered("map", client.welcome().namespace(), client.id, 1);
    client.say(new Message.SubmitMap(1, group, 0, new Callee.Carried(payload("f")), operands,
        List.of(), TaskSettings.DEFAULT, false));
    for (var i = 0; i < operands.size(); i++) {
      assertThat(client.value(1 + i)).isEqualTo(TaskKeys.element(group, i).text());
    }
  }

  @Test
  void largeArgumentsPassThroughInOrderWithWhatIsSmall() throws Exception {
    var large = Bulk.Kind.DOUBLE.allocate(32 << 20);
    ((double[]) large.array())[1234] = 5.5;
    var function = Bulk.Kind.BYTE.allocate(100_000);
    client.say(
        new Message.Define(1, new Payload(1, List.of(), new byte[0], List.of(function))),
        client.submission(1, new Callee.Known(1), false,
            new Operand.Inline(new Payload(1, List.of(), new byte[3], List.of(large)))),
        client.submission(2, new Callee.Known(1), false, ofTask(1)));
    var assign = next(worker.assigned);
    assertThat(assign.arguments()).singleElement().isInstanceOfSatisfying(Argument.Inline.class,
        argument -> {
          var array = (double[]) argument.payload().buffers().getFirst().array();
          assertThat(array).hasSize((32 << 20) / 8);
          assertThat(array[1234]).isEqualTo(5.5);
        });
    worker.end(assign, FakeWorker.ready("one"));
    worker.end(next(worker.assigned), FakeWorker.ready("two"));
    assertThat(client.value(2)).isEqualTo("two");
  }

  @Test
  void aTaskIsExplainedAndItsStoryTold() throws Exception {
    client.submit(1);
    var assign = next(worker.assigned);
    var key = client.key(1);
    assertThat(client.ask(new Message.Explain(key))).isInstanceOfSatisfying(Message.Text.class,
        text -> assertThat(text.text()).contains("worker-1"));
    worker.end(assign, FakeWorker.ready("one"));
    client.result(1);
    assertThat(client.ask(new Message.AskStory(key))).isInstanceOfSatisfying(Message.Text.class,
        text -> assertThat(text.text()).contains("worker-1").contains("\n"));
  }

  @Test
  void itTellsHowThingsAre() throws Exception {
    client.submit(1);
    next(worker.assigned);
    assertThat(client.ask(new Message.AskStatus())).isInstanceOfSatisfying(Message.Status.class,
        status -> {
          assertThat(status.namespace()).isEqualTo(scheduler.namespace());
          assertThat(status.clients()).containsExactly("client");
          assertThat(status.workers()).singleElement().satisfies(one -> {
            assertThat(one.worker()).isEqualTo(worker.info);
            assertThat(one.assigned()).isEqualTo(1);
          });
          assertThat(status.tasks().values().stream().mapToLong(Long::longValue).sum())
              .isEqualTo(1);
        });
    assertThat(client.ask(new Message.AskInfo())).isInstanceOfSatisfying(Message.NodeInfo.class,
        info -> {
          assertThat(info.role()).isEqualTo("scheduler");
          assertThat(info.facts()).containsAllEntriesOf(
              Map.of("workers", "1", "clients", "1", "store", "in this scheduler"));
        });
    assertThat(client.ask(new Message.Ping(5))).isEqualTo(new Message.Pong(5));
  }
}
