package dev.heddle.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Beside [HeddleTest]: while the test runs, workers die, messages are late, and connections are lost. What the test
/// asserts has to hold all the same.
///
/// ```java
/// @HeddleTest
/// @Faults(repeat = 20)
/// void theSumIsRightWhateverBreaks(Client client) throws Exception {
///   assertThat(Job.sum(client)).isEqualTo(499_500);
/// }
/// ```
///
/// Without a seed, one is drawn for each run. When a test fails, its seed and what was done are printed, and are in the
/// failure; `@Faults(seed = …)`, or `-Dheddle.faults.seed=…` without a change of the source, does the same
/// again.
///
/// **What a seed decides**, and so is the same in each run: for the n-th connection between two nodes, which faults it
/// suffers and after how many messages each, how long each delay is and how a connection ends; which worker dies
/// after how many messages of a scheduler, and how often. **What it does not**: which message that is. Threads, sockets and the
/// clock are real, so that what is said in which order, and how much at once, differs from run to run. A failure that
/// depends on that may need some runs to come back: `@Faults(seed = …, repeat = 20)`. (`heddle simulate`, in which
/// time is simulated, replays exactly; but it tests Heddle, not your job.)
///
/// Faults begin when the test begins and its client is connected, and end with the test. They strike connections to
/// nodes of the cluster, also those of clients. A short job may end before any has happened; the failure says what was
/// done. A task is run again however often its workers die. But a value that a client put on one worker
/// (`scatter`) is lost with it: a job whose test fails for that would fail for it in operation. A client that is made
/// meanwhile (`cluster.connect()`) may be refused, as in operation.
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Faults {
  /// The system property that overrides [#seed] of all tests.
  String SEED_PROPERTY = "heddle.faults.seed";

  /// Each of them is a run of the test; without one, one is drawn. More than one, or a [#repeat], need
  /// [HeddleTest] on the method; with `@RepeatedTest`, each repetition derives one of its own.
  long[] seed() default {};

  /// How often the test runs: with each seed, or else each time with another.
  int repeat() default 1;

  /// What may happen.
  Fault[] kinds() default {Fault.CRASH, Fault.DELAY, Fault.DISCONNECT};

  /// How many workers die, at most; each is started again.
  int crashes() default 2;
}
