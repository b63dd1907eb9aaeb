package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FramesTest {
  private static final StackTraceElement USER = frame("org.example.Census", "parse");
  private static final StackTraceElement[] OF_A_WORKER = {USER,
      frame("dev.heddle.code.Task1", "apply"), frame("dev.heddle.Task1", "apply"),
      frame("dev.heddle.worker.Functions$Call", "run"), frame("java.lang.Thread", "run")};

  private static StackTraceElement frame(String type, String method) {
    return new StackTraceElement(type, method, null, 1);
  }

  private static String text(StackTraceElement[] stack) {
    return Arrays.toString(stack);
  }

  @Test
  void whatCalledTheFunctionIsOneLine() {
    assertThat(Frames.folded(OF_A_WORKER)).hasSize(2).contains(USER);
    assertThat(text(Frames.folded(OF_A_WORKER)))
        .endsWith("dev.heddle.folded(4 frames; -Dheddle.fullStackTraces shows them)]");
  }

  @Test
  void aStackOfElsewhereStaysAsItIs() {
    StackTraceElement[] other = {USER, frame("java.lang.Thread", "run")};
    assertThat(Frames.folded(other)).containsExactly(other);
  }

  @Test
  void ofARecursionWithoutEndTheMiddleIsLeftOut() {
    var stack = new StackTraceElement[1_024];
    Arrays.fill(stack, USER);
    assertThat(Frames.folded(stack)).hasSize(65).startsWith(USER).endsWith(USER);
    assertThat(text(Frames.folded(stack))).contains("dev.heddle.folded(960 frames; -D");
  }

  @Test
  void aClassOfTheProgramInHeddlesPackageIsNotHeddles() {
    StackTraceElement[] stack = {frame(FramesTest.class.getName(), "x"),
        frame("dev.heddle.worker.Functions$Call", "run")};
    assertThat(Frames.folded(stack)[0]).isEqualTo(stack[0]);
  }

  @Test
  void theLoaderOfShippedClassesIsNotNamed() {
    StackTraceElement[] stack = {
        new StackTraceElement("heddle:26559acb", null, null, "org.example.Census", "parse",
            "Census.java", 11),
        frame("dev.heddle.worker.Functions$Call", "run")};
    assertThat(Frames.folded(stack)[0]).hasToString("org.example.Census.parse(Census.java:11)");
  }

  @Test
  void causesThatGoInACircleAreFoldedToo() {
    var one = new RuntimeException("one");
    var two = new RuntimeException("two", one);
    one.initCause(two);
    one.addSuppressed(two);
    two.setStackTrace(OF_A_WORKER);
    Frames.fold(one);
    assertThat(two.getStackTrace()).hasSize(2);
  }

  @Test
  void anExceptionThatDoesNotTellItsCauseIsNoTrouble() {
    class Rude extends RuntimeException {
      private static final long serialVersionUID = 1;

      @Override
      public synchronized Throwable getCause() {
        throw new IllegalStateException("none of your business");
      }
    }
    var rude = new Rude();
    rude.setStackTrace(OF_A_WORKER);
    Frames.fold(rude);
    assertThat(rude.getStackTrace()).hasSize(2);
  }
}
