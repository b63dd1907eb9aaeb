package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Message;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MapTest {
  static final BlockingQueue<Integer> SEEN = new LinkedBlockingQueue<>();

  static int seen(int n) {
    SEEN.add(n);
    return n;
  }

  @Test
  void theFunctionTravelsOnceAndIsForgottenAfterwards() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var offset = 5;
      client.gather(client.map(IntStream.range(0, 1_000).boxed().toList(), n -> n + offset));
      assertThat(toy.said(Message.Define.class)).hasSize(1);
      assertThat(toy.said(Message.Undefine.class)).singleElement().satisfies(
          undefine -> assertThat(undefine.functions())
              .containsExactly(toy.said(Message.Define.class).getFirst().function()));
    }
  }

  @Test
  void aFunctionThatCapturesNothingStaysDefined() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      for (var i = 0; i < 5; i++) {
        client.submit(MapTest::seen, i).get();
        client.gather(client.map(List.of(1, 2), n -> n));
      }
      assertThat(toy.said(Message.Define.class)).hasSize(2);
      assertThat(toy.said(Message.Undefine.class)).isEmpty();
    }
  }

  @Test
  void theFirstTaskRunsBeforeTheLastIsSubmitted() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      SEEN.clear();
      var numbers = Stream.concat(IntStream.range(0, 100).boxed(), Stream.generate(() -> {
        try {
          return SEEN.poll(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }).limit(1));
      var futures = client.map(numbers, MapTest::seen);
      assertThat(futures).hasSize(101);
      assertThat(futures.getLast().get()).isNotNull();
    }
  }

  @Test
  void chunksGrow() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      client.gather(client.map(IntStream.range(0, 5_000).boxed().toList(), n -> n));
      var sizes = toy.said(Message.SubmitMap.class).stream().map(map -> map.operands().size())
          .toList();
      assertThat(sizes.getFirst()).isEqualTo(16);
      assertThat(sizes).hasSizeLessThan(12);
      assertThat(sizes.stream().mapToInt(n -> n).sum()).isEqualTo(5_000);
    }
  }

  @Test
  void elementsAreCalledByTheirIndex() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var futures = client.map(IntStream.range(0, 100).boxed().toList(), MapTest::seen);
      assertThat(futures.get(99).key().text()).matches("seen-[a-z2-7]{9}-\\d+/99");
      var named = client.map(List.of(1), MapTest::seen, TaskOptions.named("other"));
      assertThat(named.getFirst().key().text()).startsWith("other-");
    }
  }

  @Test
  void anElementThatCannotTravelIsNamedAndNoTaskStays() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var elements = new ArrayList<Object>(IntStream.range(0, 50).boxed().toList());
      elements.add(Thread.currentThread());
      assertThatThrownBy(() -> client.map(elements, Object::toString))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("element 50 of the map 'toString' cannot be sent: ");
      Toy.eventually("dropped", () -> toy.wanted() == 0
          && !toy.said(Message.Drop.class).isEmpty());
    }
  }

  @Test
  void elementsMayComeFromAnythingThatCanBeIterated() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      Iterable<Integer> endless = () -> new Iterator<>() {
        private int next;

        @Override
        public boolean hasNext() {
          return next < 100;
        }

        @Override
        public Integer next() {
          return next++;
        }
      };
      assertThat(client.gather(client.map(endless, n -> n + 1))).hasSize(100).contains(100);
      assertThat(client.map(List.<Integer>of(), n -> n)).isEmpty();
    }
  }

  @Test
  void valuesAndFuturesMayBeMixed() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(() -> 20);
      List<Input<Integer>> mixed = List.of(x, Input.of(1), x);
      assertThat(client.gather(client.map(mixed, n -> n + 1))).containsExactly(21, 2, 21);
    }
  }

  @Test
  void aPureMapIsComputedOnce() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var options = TaskOptions.NONE.pure();
      var one = client.map(List.of(1, 2, 3), n -> n * 3, options);
      assertThat(client.gather(one)).containsExactly(3, 6, 9);
      assertThat(one.stream().map(RemoteFuture::key).distinct()).hasSize(3);
      assertThat(toy.said(Message.Submit.class)).hasSize(3)
          .allMatch(submit -> submit.fingerprint().isPresent());
    }
  }

  @Test
  void reduceCombinesNeighboursInATree() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var words = client.map(IntStream.range(0, 100).boxed().toList(), n -> n + ",");
      var text = client.reduce(words, String::concat);
      assertThat(text.get()).isEqualTo(
          String.join("", IntStream.range(0, 100).mapToObj(n -> n + ",").toList()));
      assertThat(text.key().text()).startsWith("concat-");
      assertThat(toy.said(Message.Submit.class)).hasSizeLessThan(20);
      var only = words.getFirst();
      assertThat((Object) client.reduce(List.of(only), String::concat)).isSameAs(only);
      assertThatThrownBy(() -> client.reduce(List.<RemoteFuture<String>>of(), String::concat))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void completionsComeInTheOrderInWhichTasksAreDone() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var futures = client.map(List.of(0, 1, 2, 3), n -> n);
      var completions = client.asCompleted(futures);
      for (var index : List.of(2, 0, 3)) {
        toy.runOne(key -> key.text().endsWith("/" + index));
        assertThat(completions.next().get()).isEqualTo(index);
      }
      futures.get(1).cancel(true);
      var rest = completions.stream().toList();
      assertThat(rest).containsExactly(futures.get(1));
      assertThat(completions.hasNext()).isFalse();
      assertThatThrownBy(completions::next)
          .isInstanceOf(java.util.NoSuchElementException.class);
      assertThat(client.asCompleted(futures)).hasSize(4);
    }
  }
}
