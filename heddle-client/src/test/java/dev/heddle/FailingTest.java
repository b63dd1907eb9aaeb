package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heddle.wire.Message;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class FailingTest {
  static final class OrderException extends Exception {
    private static final long serialVersionUID = 1;
    final int order;

    OrderException(String message, int order) {
      super(message);
      this.order = order;
    }
  }

  static int failing(int order) throws OrderException {
    throw new OrderException("no such order", order);
  }

  @Test
  void theOriginalExceptionIsTheCause() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(FailingTest::failing, 17);
      var failure = catchThrowable(x::get);
      assertThat(failure).isInstanceOf(ExecutionException.class)
          .hasMessageStartingWith("'" + x.key() + "' failed: ")
          .hasMessageContaining("OrderException: no such order");
      assertThat(failure.getCause()).isInstanceOfSatisfying(OrderException.class, cause -> {
        assertThat(cause.order).isEqualTo(17);
        assertThat(cause.getStackTrace()[0].getMethodName()).isEqualTo("failing");
      });
    }
  }

  @Test
  void aFailureSaysWhereTheTaskRanAndWhichAttemptItWas() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(FailingTest::failing, 17);
      var where = "ran as '" + x.key()
          + "' on worker toy-1 (here, process 17), attempt 2 of 3, after 41 ms";
      var failure = catchThrowable(x::get);
      assertThat(failure).hasMessageEndingWith("(" + where + ")");
      // Who gets the exception itself, of a stage for instance, is told too; its words stay its own.
      assertThat(failure).cause().hasMessage("no such order");
      assertThat(x.exceptionNow().getSuppressed()).singleElement()
          .satisfies(trace -> assertThat(trace).hasMessageContaining(where));
    }
  }

  @Test
  void theFailureShowsTheLineThatSubmittedIt() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(FailingTest::failing, 17);
      assertThatThrownBy(x::get).isInstanceOf(ExecutionException.class);
      assertThat(x.exceptionNow().getSuppressed()).singleElement()
          .satisfies(trace -> {
            assertThat(trace).hasMessageContaining(
                "FailingTest.java:").hasMessageContaining("theFailureShowsTheLineThatSubmittedIt");
            assertThat(trace.getStackTrace()[0].getMethodName())
                .isEqualTo("theFailureShowsTheLineThatSubmittedIt");
          });
    }
  }

  @Test
  void theSchedulerIsToldWhichLineSubmittedWhatFailedAndOfNothingElse() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      assertThat(client.submit(() -> 4).get()).isEqualTo(4);
      var x = client.submit(FailingTest::failing, 17);
      var y = client.submit(a -> a + 1, x);
      assertThatThrownBy(y::get).isInstanceOf(ExecutionException.class);
      Toy.eventually("told", () -> !toy.said(Message.SubmittedAt.class).isEmpty());
      assertThat(toy.said(Message.SubmittedAt.class)).singleElement().satisfies(told -> {
        assertThat(told.tasks()).hasSize(1);
        assertThat(told.place()).matches("FailingTest\\.java:\\d+ in FailingTest\\."
            + "theSchedulerIsToldWhichLineSubmittedWhatFailedAndOfNothingElse");
      });
    }
  }

  @Test
  void aDependentFailsWithTheOriginalFailureAndNamesItself() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(FailingTest::failing, 17);
      var y = client.submit(a -> a + 1, x);
      var z = client.submit(a -> a + 1, y);
      var end = " failed: " + OrderException.class.getName() + ": no such order (ran as '"
          + x.key() + "' on worker toy-1 (here, process 17), attempt 2 of 3, after 41 ms)";
      assertThatThrownBy(y::get).isInstanceOf(ExecutionException.class)
          .hasMessage("'" + y.key() + "' was not computed since its input '" + x.key() + "'" + end)
          .cause().isInstanceOf(OrderException.class).hasMessage("no such order");
      assertThatThrownBy(z::get).isInstanceOf(ExecutionException.class)
          .hasMessage("'" + z.key() + "' was not computed since its input '" + y.key()
              + "' was not, since '" + x.key() + "'" + end)
          .cause().isInstanceOf(OrderException.class).hasMessage("no such order");
    }
  }

  @Test
  void whatIsSubmittedOnAFailedFutureFailsLikewise() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(FailingTest::failing, 17);
      assertThatThrownBy(x::get).isInstanceOf(ExecutionException.class);
      var y = client.submit(a -> a + 1, x);
      assertThat(y.isDone()).isTrue();
      assertThatThrownBy(y::get).isInstanceOf(ExecutionException.class)
          .hasMessageContaining("since its input '" + x.key() + "' failed")
          .cause().isInstanceOf(OrderException.class);
      assertThat(toy.runs).doesNotContainKey(y.key());
    }
  }

  @Test
  void theStateOfAFutureIsByTheBook() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var failing = client.submit(FailingTest::failing, 1);
      var working = client.submit(() -> 1);
      var cancelled = client.submit(() -> 2);
      assertThat(failing.state()).isEqualTo(Future.State.RUNNING);
      assertThatThrownBy(working::resultNow).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("not done");
      assertThatThrownBy(working::exceptionNow).isInstanceOf(IllegalStateException.class);
      cancelled.cancel(true);
      toy.release();
      working.get();
      assertThatThrownBy(failing::get).isInstanceOf(ExecutionException.class);
      assertThat(working.state()).isEqualTo(Future.State.SUCCESS);
      assertThat(working.resultNow()).isEqualTo(1);
      assertThatThrownBy(working::exceptionNow).isInstanceOf(IllegalStateException.class);
      assertThat(failing.state()).isEqualTo(Future.State.FAILED);
      assertThat(failing.exceptionNow()).isInstanceOf(OrderException.class)
          .isSameAs(failing.exceptionNow());
      assertThatThrownBy(failing::resultNow).isInstanceOf(IllegalStateException.class)
          .hasCauseInstanceOf(OrderException.class);
      assertThat(cancelled.state()).isEqualTo(Future.State.CANCELLED);
      assertThatThrownBy(cancelled::resultNow).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(cancelled::exceptionNow).isInstanceOf(IllegalStateException.class);
      assertThat(List.of(working, failing, cancelled)).allMatch(RemoteFuture::isDone);
      assertThat(working + "" + failing + cancelled).contains("(done)", "(failed)", "(cancelled)");
    }
  }

  @Test
  void gatheringThrowsTheFirstFailureInOrder() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var good = client.submit(() -> 1);
      var bad = client.submit(FailingTest::failing, 2);
      assertThatThrownBy(() -> client.gather(List.of(good, bad)))
          .isInstanceOf(ExecutionException.class).hasMessageContaining(bad.key().text());
    }
  }
}
