package dev.heddle.scheduler;

import static dev.heddle.scheduler.TestCore.A;
import static dev.heddle.scheduler.TestCore.B;
import static dev.heddle.scheduler.TestCore.ME;
import static dev.heddle.scheduler.TestCore.YOU;
import static dev.heddle.scheduler.TestCore.came;
import static dev.heddle.scheduler.TestCore.detached;
import static dev.heddle.scheduler.TestCore.died;
import static dev.heddle.scheduler.TestCore.drop;
import static dev.heddle.scheduler.TestCore.given;
import static dev.heddle.scheduler.TestCore.key;
import static dev.heddle.scheduler.TestCore.map;
import static dev.heddle.scheduler.TestCore.on;
import static dev.heddle.scheduler.TestCore.settings;
import static dev.heddle.scheduler.TestCore.submit;
import static dev.heddle.scheduler.TestCore.tick;
import static dev.heddle.scheduler.TestCore.unregistered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.scheduler.SchedulerEvent.AbortAsked;
import dev.heddle.scheduler.SchedulerEvent.AdoptAsked;
import dev.heddle.scheduler.SchedulerEvent.ClientAway;
import dev.heddle.scheduler.SchedulerEvent.ClientCame;
import dev.heddle.scheduler.SchedulerEvent.ClientLeft;
import dev.heddle.scheduler.SchedulerEvent.Needed;
import dev.heddle.scheduler.SchedulerEvent.PublishAsked;
import dev.heddle.scheduler.SchedulerEvent.Scattered;
import dev.heddle.scheduler.SchedulerEvent.Submitted;
import dev.heddle.scheduler.SchedulerEvent.UnpublishAsked;
import dev.heddle.scheduler.SchedulerEvent.Withdrawn;
import dev.heddle.scheduler.SchedulerEvent.WorkerAway;
import dev.heddle.wire.Callee;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.TaskSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What clients want, keep, share and drop, and what follows for tasks and values.
class WantingTest {
  private final TestCore core = new TestCore();
  private static final ClientCame YOU_CAME = new ClientCame(YOU, "you", false, Set.of(), false);

  private void nothingIsLeft() {
    assertThat(core.state().tasks().values()).containsOnly(0L);
  }

  // --- release

  @Test
  void aValueThatATaskStillNeedsOutlivesItsFuture() {
    core.given(came(A), submit(1), submit(2, 1)).given(core.ready(1));
    core.when(drop(1)).isEmpty();
    core.when(core.ready(2)).containsExactly("2=a", "a-x1");
    core.when(drop(2)).containsExactly("a-x2");
    nothingIsLeft();
  }

  @Test
  void aDroppedTaskIsStopped() {
    core.given(came(A), submit(1), submit(2, 1));
    core.when(drop(1)).isEmpty();
    core.when(drop(2)).containsExactly("a!x2", "a!x1", "a-x2", "a-x1");
    nothingIsLeft();
  }

  @Test
  void aTaskThatIsDroppedWhileItEndsLeavesNothing() {
    core.given(came(A), submit(1));
    var late = core.ready(1);
    core.when(drop(1)).containsExactly("a!x1", "a-x1");
    core.when(late).isEmpty();
    nothingIsLeft();
  }

  @Test
  void aDetachedTaskRunsThoughNobodyWantsIt() {
    core.given(came(A), submit(1, detached()));
    core.when(drop(1)).isEmpty();
    core.when(core.ready(1)).containsExactly("a-x1");
    nothingIsLeft();
  }

  @Test
  void aRangeThatIsLongerThanWhatThereIsCostsNoTime() {
    core.given(came(A), map(ME, 1, 3, settings()));
    core.given(new SchedulerEvent.Dropped(ME,
        List.of(new Message.Range(1, Long.MAX_VALUE - 1), new Message.Range(7, 9))));
    nothingIsLeft();
  }

  @Test
  void whatNobodyKnowsIsReleasedSomeTimeAfterItIsRegistered() {
    core.given(came(A), came(B), submit(1, on("a"))).given(core.ready(1), drop(1));
    core.given(core.tickAfter(Duration.ofSeconds(11)));
    core.when(TestCore.registered(B, 1)).isEmpty(); // Somebody may be about to say what it is.
    core.when(core.tickAfter(Duration.ofSeconds(11))).containsExactly("b-x1");
  }

  // --- clients that go

  @Test
  void aClientThatIsAwayKeepsItsTasksForAWhile() {
    core.given(came(A), submit(1), submit(2), new ClientAway(ME));
    core.when(core.ready(1)).isEmpty();
    core.later(Duration.ofSeconds(29)).when(tick()).isEmpty();
    core.later(Duration.ofSeconds(2)).when(tick()).containsExactly("a!x2", "a-x1", "a-x2");
    nothingIsLeft();
  }

  @Test
  void aClientThatComesBackIsToldAgain() {
    core.given(came(A), submit(1), new ClientAway(ME)).given(core.ready(1));
    core.given(new ClientCame(ME, "me", true, Set.of(A), false));
    core.when(TestCore.returning(1)).containsExactly("1=a");
  }

  @Test
  void aClientThatLeavesTakesOnlyWhatIsItsAlone() {
    core.given(came(A), YOU_CAME, given(ME, 1, "k", "f"), given(YOU, 1, "k", "f"), submit(2));
    core.when(new ClientLeft(ME)).containsExactly("a!x2", "a-x2");
    assertThat(core.state().tasks()).containsEntry("processing", 1L);
    core.when(submit(3)).isEmpty();
    core.given(new ClientLeft(YOU));
    nothingIsLeft();
  }

  // --- the same key

  @Test
  void aGivenKeyIsComputedOnceForTwoClients() {
    core.given(came(A), YOU_CAME);
    assertThat(core.hears(given(ME, 5, "k", "f"), given(YOU, 9, "k", "f"))).hasSize(1);
    var assign = (SchedulerCommand.Assign) core.last().getFirst();
    core.when(new SchedulerEvent.Ended(A, assign.task(),
        new TaskEnd.Ready("test", 8, 1, Optional.empty())))
        .containsExactly("5=a", "you 9=a");
    core.when(given(YOU, 10, "k", "f")).containsExactly("you 10=a");
    core.when(drop(ME, 5, 1), drop(YOU, 9, 1)).isEmpty();
    assertThat(core.hears(drop(YOU, 10, 1))).hasSize(1);
    nothingIsLeft();
  }

  @Test
  void aGivenKeyOfAnotherFunctionIsRefusedLoudly() {
    core.given(came(A), YOU_CAME, given(ME, 1, "k", "f"));
    core.when(given(YOU, 1, "k", "g")).containsExactly("you 1 lost");
    assertThat(((Result.Lost) core.results().getFirst()).reason())
        .contains("k@nsp", "another function or other inputs", "use another key");
  }

  @Test
  void aKeyThatIsNotTheClientsIsRefused() {
    core.given(came(A), YOU_CAME);
    core.when(withKey(ME, 1, key(YOU, 1))).containsExactly("1 lost");
    core.when(withKey(ME, 1, key(ME, 2))).containsExactly("1 lost");
    core.when(withKey(ME, 1, Key.of("x-abcmeaaaa-1"))).containsExactly("1 lost");
    core.when(withKey(ME, 21, Key.of("x-nspmeaaaa-17/4"))).containsExactly("a<-x17/4");
    core.when(withKey(ME, 21, Key.of("x-nspmeaaaa-21"))).containsExactly("21 lost");
  }

  private static Submitted withKey(dev.heddle.wire.ClientId client, long number, Key key) {
    return new Submitted(client, new Message.Submit(number, key, new Callee.Known(1), List.of(),
        List.of(), TaskSettings.DEFAULT, Optional.empty(), false), TestCore.FUNCTION, "");
  }

  @Test
  void anUnknownInputIsAClearError() {
    core.given(came(A));
    core.when(submit(2, 1)).containsExactly("2 lost");
    assertThat(((Result.Lost) core.results().getFirst()).reason())
        .contains("needs the value of the client's task 1, which is not known here");
    core.when(submit(3, 2)).containsExactly("3 lost");
  }

  @Test
  void aNumberThatIsSubmittedTwiceIsToldAgain() {
    core.given(came(A), submit(1));
    core.when(submit(1)).isEmpty();
    core.given(core.ready(1));
    core.when(submit(1)).containsExactly("1=a");
  }

  // --- aborts, withdrawals and needs

  @Test
  void whatIsWithdrawnGoesOnIfItHasBegunAndIsForgottenThen() {
    core.given(came(A), submit(1));
    core.when(new Withdrawn(ME, List.of(1L, 99L))).containsExactly("a?x1");
    core.when(core.ready(1)).containsExactly("a-x1");
    nothingIsLeft();
  }

  @Test
  void whatIsWithdrawnAndHasNotBegunIsNotGivenToAWorkerAgain() {
    core.given(came(A), submit(1), submit(2), new Withdrawn(ME, List.of(1L)));
    core.when(core.givenBack(1)).isEmpty();
    core.given(new Withdrawn(ME, List.of(2L)));
    core.when(died(A)).isEmpty();
    core.given(submit(3), new Withdrawn(ME, List.of(3L)));
    core.when(came(B)).isEmpty();
    nothingIsLeft();
  }

  @Test
  void whatIsWithdrawnAndWantedByAnotherIsNotRecalled() {
    core.given(came(A), YOU_CAME, given(ME, 1, "k", "f"), given(YOU, 1, "k", "f"));
    core.when(new Withdrawn(ME, List.of(1L))).isEmpty();
    core.given(submit(2), submit(3, 2));
    core.when(new Withdrawn(ME, List.of(2L))).isEmpty();
  }

  @Test
  void anAbortEndsTheTaskAndWhatDependsOnIt() {
    core.given(came(A), came(B), submit(1), submit(2, on("b")), submit(3, 1, 2));
    core.when(new AbortAsked(ME, List.of(1L, 99L)))
        .containsExactly("1 cancelled", "3 cancelled", "a!x1", "a-x1");
    core.when(core.ready(2)).containsExactly("2=b");
    core.when(new AbortAsked(ME, List.of(2L))).isEmpty();
  }

  @Test
  void aNeedIsAnsweredWithWhoHasIt() {
    core.given(came(A), submit(1));
    core.when(new Needed(ME, List.of(1L, 7L))).containsExactly("7 lost");
    core.given(core.ready(1));
    core.when(new Needed(ME, List.of(1L))).containsExactly("1=a");
  }

  @Test
  void aNeedOfWhatIsAwayIsAnsweredWhenItIsBackOrGone() {
    core.given(came(A), submit(1)).given(core.ready(1), new WorkerAway(A));
    core.when(new Needed(ME, List.of(1L))).isEmpty();
    core.when(came(A, 1, java.util.Map.of(), List.of(1), List.of())).containsExactly("1=a");
    core.given(new WorkerAway(A), new Needed(ME, List.of(1L)), came(B));
    core.when(died(A)).containsExactly("b<-x1");
    core.when(core.ready(1)).containsExactly("1=b");
  }

  // --- names

  @Test
  void aPublishedValueOutlivesItsClientAndIsAdopted() {
    core.given(came(A), submit(1)).given(core.ready(1));
    core.when(new PublishAsked(1, ME, "census", 1)).containsExactly("Done");
    core.when(new ClientLeft(ME)).isEmpty();
    core.given(YOU_CAME);
    core.when(new AdoptAsked(2, YOU, "census", 4)).containsExactly("Adopted", "you 4=a");
    core.when(new UnpublishAsked(3, "census")).containsExactly("Done");
    core.when(submit(YOU, 5, settings(), false, 4)).containsExactly("a<-xy5");
    core.given(drop(YOU, 5, 1));
    core.when(drop(YOU, 4, 1)).containsExactly("a-x1");
    nothingIsLeft();
  }

  @Test
  void aNameIsGivenOnceAndMustExistToBeAdopted() {
    core.given(came(A), submit(1), submit(2), new PublishAsked(1, ME, "n", 1));
    core.when(new PublishAsked(1, ME, "n", 1)).containsExactly("Done");
    core.when(new PublishAsked(1, ME, "n", 2)).containsExactly("Refused");
    core.when(new PublishAsked(1, ME, "m", 9)).containsExactly("Refused");
    core.when(new AdoptAsked(1, ME, "x", 9)).containsExactly("Refused");
    core.when(new AdoptAsked(1, YOU, "n", 9)).containsExactly("Refused");
    core.when(new AdoptAsked(1, ME, "n", 2)).containsExactly("Refused");
    core.when(new UnpublishAsked(1, "x")).containsExactly("Done");
  }

  // --- values from clients

  @Test
  void aScatteredValueIsUsedWhereItIsAndReleasedWhenDropped() {
    core.given(came(A), came(B));
    core.when(new Scattered(ME, new Message.Scattered(1, key(1), List.of(B), 100))).isEmpty();
    core.when(submit(2, 1)).containsExactly("b<-x2");
    core.given(drop(1));
    core.when(core.ready(2)).containsExactly("2=b", "b-x1");
  }

  @Test
  void aScatteredValueMayBeRegisteredBeforeTheClientTellsOfIt() {
    core.given(came(A), core.tickAfter(Duration.ofMinutes(1)));
    core.when(TestCore.registered(A, 1)).isEmpty();
    core.given(new Scattered(ME, new Message.Scattered(1, key(1), List.of(A), 8)));
    core.when(core.tickAfter(Duration.ofMinutes(1))).isEmpty();
    core.when(unregistered(A, 1)).containsExactly("1 lost");
  }

  @Test
  void aStrayThatNobodyEverAsksForIsReleasedAfterAWhile() {
    core.given(came(A), core.tickAfter(Duration.ofMinutes(1)));
    core.when(TestCore.registered(A, 1)).isEmpty();
    core.when(core.tickAfter(Duration.ofSeconds(9))).isEmpty();
    core.when(core.tickAfter(Duration.ofSeconds(2))).containsExactly("a-x1");
  }

  @Test
  void aStrayOfAClientThatHasLeftIsReleasedAsSoonThoughItMightHaveBeenAway() {
    core.given(came(A), core.tickAfter(Duration.ofMinutes(1)), new SchedulerEvent.ClientLeft(ME));
    core.when(TestCore.registered(A, 1)).isEmpty();
    core.when(core.tickAfter(Duration.ofSeconds(9))).isEmpty();
    core.when(core.tickAfter(Duration.ofSeconds(2))).containsExactly("a-x1");
  }

  @Test
  void keysOfOtherSchedulersAreNotTouched() {
    var other = TaskKeys.given("k", "abc", ContentHash.of("f".getBytes(StandardCharsets.UTF_8)));
    core.given(came(A));
    core.given(new SchedulerEvent.Registered(A, List.of(new Message.Entry(other, 8))));
    core.when(core.tickAfter(Duration.ofMinutes(1))).isEmpty();
  }
}
