package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Message;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a scheduler is told of the traces that tasks are submitted in.
class TracesTest {
  private static Message.Trace trace(String context) {
    return new Message.Trace(context, 1);
  }

  @Test
  void withoutATraceNothingIsSaidOfIt() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      client.submit(() -> 1).get();
      client.gather(client.map(List.of(1, 2), n -> n));
      assertThat(toy.said(Message.Trace.class)).isEmpty();
    }
  }

  @Test
  void aTraceThatIsLongerThanItMayBeIsNone() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var longest = "x".repeat(Message.Trace.CONTEXT_BYTES_MAX);
      ScriptedTracing.in(longest + "x", () -> client.submit(() -> 1)).get();
      assertThat(toy.said(Message.Trace.class)).isEmpty();
      ScriptedTracing.in(longest, () -> client.submit(() -> 2)).get();
      assertThat(toy.said(Message.Trace.class)).containsExactly(trace(longest));
    }
  }

  @Test
  void theTraceIsToldOnceForAllTasksOfAMap() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      client.gather(ScriptedTracing.in("a",
          () -> client.map(IntStream.range(0, 1_000).boxed().toList(), n -> n + 1)));
      assertThat(toy.said(Message.SubmitMap.class)).hasSizeGreaterThan(1);
      assertThat(toy.said(Message.Trace.class)).containsExactly(trace("a"));
    }
  }

  @Test
  void aTraceIsToldBeforeWhatBelongsToItAndWhereItIsAnother() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      client.submit(() -> 1).get();
      var traced = ScriptedTracing.in("a", () -> client.submit(() -> 2));
      traced.get();
      ScriptedTracing.in("a", () -> client.submit(() -> 3)).get();
      ScriptedTracing.in("b", () -> client.submit(() -> 4)).get();
      client.submit(() -> 5).get();
      assertThat(toy.said(Message.Trace.class))
          .containsExactly(trace("a"), trace("b"), Message.Trace.NONE);
      var submitted = toy.said.stream().filter(Message.Submit.class::isInstance)
          .map(Message.Submit.class::cast).filter(submit -> submit.key().equals(traced.key()))
          .findFirst().orElseThrow();
      assertThat(toy.said.indexOf(trace("a"))).isLessThan(toy.said.indexOf(submitted));
    }
  }

  @Test
  void whatIsSubmittedAgainBelongsToItsTraceStill() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      toy.hold();
      var future = ScriptedTracing.in("a", () -> client.submit(() -> 1));
      Toy.eventually("submitted", () -> !toy.said(Message.Submit.class).isEmpty());
      toy.stop();
      toy.start();
      Toy.eventually("submitted again", () -> toy.said(Message.Submit.class).size() == 2);
      toy.release();
      assertThat(future.get()).isEqualTo(1);
      assertThat(toy.said(Message.Trace.class)).containsExactly(trace("a"), trace("a"));
    }
  }
}
