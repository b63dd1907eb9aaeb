package dev.heddle.scheduler;

import static dev.heddle.scheduler.FakeNode.next;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.wire.RefusedException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CodeRelayTest {
  private static final CodeBaseId PROGRAM = new CodeBaseId(1, 2);
  private static final CodeBaseId PARENT = new CodeBaseId(0xabcL, 0xdefL);
  private static final byte[] CENSUS = "the class Census".getBytes(UTF_8);
  private static final ContentHash HASH = ContentHash.of(CENSUS);
  private static final Message.AskContent NAME = new Message.AskContent(PROGRAM,
      List.of("Census.class"));
  private static final Message.AskBlobs CONTENT = new Message.AskBlobs(List.of(HASH));

  private Scheduler scheduler;
  private FakeWorker worker;
  private FakeWorker second;
  private FakeClient client;

  @BeforeEach
  void start() throws Exception {
    scheduler = Scheduler.start(FakeNode.options());
    worker = new FakeWorker("worker-1", 1);
    worker.join(scheduler.store());
    second = new FakeWorker("worker-2", 1);
    second.join(scheduler.store());
    client = FakeClient.of("client", scheduler);
    client.code.put("Census.class", CENSUS);
    name(client, PROGRAM);
  }

  @AfterEach
  void close() {
    client.close();
    worker.close();
    second.close();
    scheduler.close();
  }

  /// The client sends a function of this code base.
  private static void name(FakeClient client, CodeBaseId codeBase) throws Exception {
    client.say(new Message.Define(1, FakeClient.ofCodeBase(codeBase, "f")));
    client.ask(new Message.Ping(1));
  }

  private static Message.Response ask(FakeWorker worker, Message.Request request)
      throws Exception {
    return FakeNode.ask(worker.scheduler(), request);
  }

  private static byte[] blob(Message.Response response) {
    return ((Message.Blobs) response).blobs().getFirst().orElseThrow();
  }

  @Test
  void aClassIsFetchedFromTheClientOnceForAllWorkers() throws Exception {
    assertThat(ask(worker, NAME)).isEqualTo(new Message.Content(Map.of("Census.class", HASH)));
    assertThat(blob(ask(worker, CONTENT))).isEqualTo(CENSUS);
    assertThat(ask(second, NAME)).isEqualTo(new Message.Content(Map.of("Census.class", HASH)));
    assertThat(blob(ask(second, CONTENT))).isEqualTo(CENSUS);
    assertThat(client.asked).containsExactly(NAME, CONTENT);
  }

  @Test
  void questionsThatAreUnderWayAreNotAskedAgain() throws Exception {
    var asked = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    client.before = () -> {
      asked.countDown();
      try {
        answer.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    };
    var first = worker.scheduler().start(NAME);
    asked.await();
    var others = worker.scheduler().startAll(List.of(NAME, NAME));
    // Answered after those were taken in.
    ask(worker, new Message.Ping(1));
    answer.countDown();
    var expected = new Message.Content(Map.of("Census.class", HASH));
    assertThat(first.await(FakeNode.SOON)).isEqualTo(expected);
    for (var other : others) {
      assertThat(other.await(FakeNode.SOON)).isEqualTo(expected);
    }
    assertThat(client.asked).containsExactly(NAME);
  }

  @Test
  void whatWasFetchedOutlivesItsClientAndTheRestIsRefusedClearly() throws Exception {
    ask(worker, NAME);
    ask(worker, CONTENT);
    client.close();
    assertThat(blob(ask(second, CONTENT))).isEqualTo(CENSUS);
    // Until the scheduler has seen the end of the connection, it asks in vain, and says that.
    Awaitility.await().untilAsserted(() -> assertThatThrownBy(
        () -> ask(second, new Message.AskContent(PROGRAM, List.of("Other.class"))))
        .isInstanceOfSatisfying(RefusedException.class, e -> {
          assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE);
          assertThat(e).hasMessageContaining("no client that has it is connected");
        }));
  }

  @Test
  void aNameThatIsNotThereIsAskedForAgain() throws Exception {
    var other = new Message.AskContent(PROGRAM, List.of("Other.class"));
    assertThat(ask(worker, other)).isEqualTo(new Message.Content(Map.of()));
    client.code.put("Other.class", new byte[]{1});
    assertThat(ask(worker, other)).isEqualTo(
        new Message.Content(Map.of("Other.class", ContentHash.of(new byte[]{1}))));
  }

  @Test
  void aClassOfAnotherLoaderIsHadFromTheSameClient() throws Exception {
    var owned = "heddle:%016x%016x/Base.class".formatted(PARENT.high(), PARENT.low());
    client.code.put(owned, new byte[]{7});
    var hash = ContentHash.of(new byte[]{7});
    assertThat(ask(worker, new Message.AskContent(PROGRAM, List.of("Base.class"))))
        .isEqualTo(new Message.Content(Map.of(owned, hash)));
    client.asked.clear();
    var fromParent = new Message.AskContent(PARENT, List.of("Base.class"));
    assertThat(ask(worker, fromParent)).isInstanceOf(Message.Content.class);
    assertThat(client.asked).containsExactly(fromParent);
  }

  @Test
  void aClientThatLiesAboutAContentIsNotBelieved() throws Exception {
    ask(worker, NAME);
    client.lies = true;
    assertThatThrownBy(() -> ask(worker, CONTENT)).isInstanceOf(RefusedException.class)
        .hasMessageContaining("no longer has what it said");
    client.lies = false;
    ask(worker, NAME);
    assertThat(blob(ask(worker, CONTENT))).isEqualTo(CENSUS);
  }

  @Test
  void anotherClientOfTheSameProgramAnswersForOneThatIsGone() throws Exception {
    try (var twin = FakeClient.of("twin", scheduler)) {
      twin.code.putAll(client.code);
      name(twin, PROGRAM);
      client.close();
      assertThat(ask(worker, NAME)).isInstanceOf(Message.Content.class);
      assertThat(next(twin.asked)).isEqualTo(NAME);
    }
  }

  @Test
  void contentsNobodyHeardOfAreNotThere() throws Exception {
    var unknown = ContentHash.of(new byte[]{9});
    assertThat(((Message.Blobs) ask(worker, new Message.AskBlobs(List.of(unknown)))).blobs()
        .getFirst()).isEmpty();
  }
}
