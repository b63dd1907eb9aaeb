package dev.heddle.values;

import static dev.heddle.values.Fixtures.VALUES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Failure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private final Failures failures = new Failures(VALUES);

  static class OrderException extends Exception {
    final int order;

    OrderException(int order, Throwable cause) {
      super("order " + order + " is late", cause);
      this.order = order;
    }
  }

  /// Another node that has never heard of the exception.
  private static Failure withoutOriginal(Failure failure) {
    return new Failure(failure.type(), failure.message(), failure.frames(),
        failure.framesOmitted(), failure.cause(), failure.suppressed(), Optional.empty());
  }

  @Test
  void anExceptionOfAKnownClassComesBackAsItself() {
    var thrown = new OrderException(7, new IOException("disk full"));
    thrown.addSuppressed(new IllegalStateException("and so on"));
    var back = failures.restore(failures.capture(thrown));
    assertThat(back).isInstanceOfSatisfying(OrderException.class,
        e -> assertThat(e.order).isEqualTo(7)).hasRootCauseMessage("disk full");
    assertThat(back.getStackTrace()).isEqualTo(thrown.getStackTrace());
    assertThat(back.getSuppressed()).singleElement().isInstanceOf(IllegalStateException.class);
  }

  /// Its message is made of what does not travel.
  static class TransientException extends RuntimeException {
    final transient Object detail;

    TransientException(Object detail) {
      this.detail = detail;
    }

    @Override
    public String getMessage() {
      return detail.toString();
    }
  }

  @Test
  void anExceptionThatCannotBePrintedHereIsDescribed() {
    var back = failures.restore(failures.capture(new TransientException("told there")));
    assertThat(back).isInstanceOf(RemoteFailureException.class)
        .hasMessage(TransientException.class.getName() + ": told there");
  }

  @Test
  void anExceptionThatCannotBePrintedThereDoesNotTravel() {
    var captured = failures.capture(new TransientException(new Object() {
      @Override
      public String toString() {
        throw new AssertionError();
      }
    }));
    assertThat(captured.original()).isEmpty();
    assertThat(captured.message()).isEqualTo("(its getMessage threw java.lang.AssertionError)");
  }

  @Test
  void anExceptionOfAnUnknownClassIsDescribed() {
    var thrown = new OrderException(7, new IOException("disk full"));
    thrown.addSuppressed(new IllegalStateException("and so on"));
    var back = failures.restore(withoutOriginal(failures.capture(thrown)));
    assertThat(back).isInstanceOfSatisfying(RemoteFailureException.class,
        e -> assertThat(e.type()).isEqualTo(OrderException.class.getName()))
        .hasMessage(OrderException.class.getName() + ": order 7 is late");
    assertThat(back.getStackTrace()[0].toString()).contains("FailuresTest");
    var printed = new StringWriter();
    back.printStackTrace(new PrintWriter(printed));
    assertThat(printed.toString()).contains("Caused by:", "java.io.IOException: disk full",
        "Suppressed:", "java.lang.IllegalStateException: and so on");
  }

  @Test
  void whatProgramsCatchByItsClassIsMadeOfItsDescription() {
    var thrown = new TimeoutException("it took 2 s");
    thrown.initCause(new OrderException(7, new IOException("disk full")));
    var back = failures.restore(withoutOriginal(failures.capture(thrown)));
    assertThat(back).isExactlyInstanceOf(TimeoutException.class).hasMessage("it took 2 s")
        .cause().isInstanceOf(RemoteFailureException.class);
    assertThat(back.getStackTrace()).hasSameSizeAs(thrown.getStackTrace());
    assertThat(failures.restore(withoutOriginal(failures.capture(new CancellationException()))))
        .isExactlyInstanceOf(CancellationException.class).hasMessage(null);
  }

  @Test
  void anOriginalThatCannotBeReadIsDescribedAndSaysWhy() {
    var captured = failures.capture(new OrderException(1, new IOException("x")));
    var elsewhere = new Values(ClassResolver.of(Fixtures.CLASSES::codeBaseOf, (codeBase, name) -> {
      if (name.contains("OrderException")) {
        throw new ClassNotFoundException(name + " is nowhere");
      }
      return Fixtures.CLASSES.load(codeBase, name);
    }), ValueLimits.defaults(), List.of());
    var back = new Failures(elsewhere).restore(captured);
    assertThat(back).isInstanceOf(RemoteFailureException.class);
    assertThat(back.getSuppressed()[0]).hasMessageContaining("is nowhere");
  }

  @Test
  void anExceptionThatCannotBeSentIsDescribed() {
    class Holding extends RuntimeException {
      @SuppressWarnings("UnusedVariable")
      final Object lock = new Object();
    }
    var captured = failures.capture(new Holding());
    assertThat(captured.original()).isEmpty();
    assertThat(failures.restore(captured)).isInstanceOf(RemoteFailureException.class);
    var large = failures.capture(new IllegalStateException("x".repeat(300_000)));
    assertThat(large.original()).isEmpty();
    assertThat(large.message()).hasSizeLessThan(17_000).endsWith("… (283616 more characters)");
  }

  @Test
  void aLongStackLosesItsMiddle() {
    var thrown = new StackOverflowError("deep");
    thrown.setStackTrace(java.util.stream.IntStream.range(0, 1000)
        .mapToObj(i -> new StackTraceElement("C", "m" + i, "C.java", i))
        .toArray(StackTraceElement[]::new));
    var captured = failures.capture(thrown);
    assertThat(captured.frames()).hasSize(Failure.FRAMES_MAX);
    assertThat(captured.framesOmitted()).isEqualTo(1000 - Failure.FRAMES_MAX);
    assertThat(captured.frames().getFirst().methodName()).isEqualTo("m0");
    assertThat(captured.frames().getLast().methodName()).isEqualTo("m999");
    var back = failures.restore(withoutOriginal(captured));
    assertThat(Arrays.toString(back.getStackTrace())).contains("744 frames left out");
  }

  @Test
  void circlesAndLongChainsOfCausesEnd() {
    var one = new RuntimeException("one");
    var two = new RuntimeException("two", one);
    one.initCause(two);
    one.addSuppressed(two);
    assertThat(failures.capture(one).cause().orElseThrow().cause()).isEmpty();

    var chain = new RuntimeException("0");
    for (var i = 1; i < 500; i++) {
      chain = new RuntimeException("" + i, chain);
      for (var j = 0; j < 10; j++) {
        chain.addSuppressed(new RuntimeException("aside"));
      }
    }
    var captured = failures.capture(chain);
    assertThat(depth(captured)).isLessThanOrEqualTo(Failure.DEPTH_MAX);
    assertThat(count(captured)).isLessThanOrEqualTo(Failures.EXCEPTIONS_MAX);
  }

  private static int depth(Failure failure) {
    return 1 + failure.cause().map(FailuresTest::depth).orElse(0);
  }

  private static int count(Failure failure) {
    return 1 + failure.cause().map(FailuresTest::count).orElse(0)
        + failure.suppressed().stream().mapToInt(FailuresTest::count).sum();
  }

  @Test
  void aMessageThatThrowsIsNoTrouble() {
    class Rude extends RuntimeException {
      @Override
      public String getMessage() {
        throw new IllegalStateException("none of your business");
      }

      @Override
      public synchronized Throwable getCause() {
        throw new IllegalStateException("nor that");
      }
    }
    var captured = failures.capture(new Rude());
    assertThat(captured.message())
        .isEqualTo("(its getMessage threw java.lang.IllegalStateException)");
    assertThat(captured.type()).contains("Rude");
  }

  @Test
  void anExceptionWhoseMethodsThrowErrorsIsDescribed() {
    class Ruder extends RuntimeException {
      @Override
      public String getMessage() {
        throw new AssertionError("none of your business");
      }

      @Override
      public synchronized Throwable getCause() {
        throw new NoClassDefFoundError("org/example/Missing");
      }

      @Override
      public StackTraceElement[] getStackTrace() {
        throw new UnsupportedOperationException();
      }
    }
    var captured = failures.capture(new Ruder());
    assertThat(captured.message()).isEqualTo("(its getMessage threw java.lang.AssertionError)");
    assertThat(captured.frames()).isEmpty();
    assertThat(captured.cause()).isEmpty();
  }
}
