package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubmittingTest {
  private static final AtomicInteger DONE = new AtomicInteger();

  static int twice(int a) {
    return 2 * a;
  }

  @Test
  void aLambdaRunsAndItsResultComesBack() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      RemoteFuture<Integer> x = client.submit(() -> 20 + 1);
      RemoteFuture<Integer> y = client.submit(a -> a * 2, x);
      RemoteFuture<Integer> z = client.submit(() -> x.get() + y.get());
      assertThat(z.get()).isEqualTo(63);
      assertThat(x.get()).isEqualTo(21);
      assertThat(y.get()).isEqualTo(42);
    }
  }

  @Test
  void argumentsAreValuesOrFuturesAndTheirTypesAreInferred() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(() -> 20);
      RemoteFuture<Integer> ofFuture = client.submit(a -> a + 1, x);
      RemoteFuture<Integer> ofValue = client.submit(a -> a + 1, 5);
      RemoteFuture<Integer> ofMethod = client.submit(SubmittingTest::twice, 5);
      RemoteFuture<Integer> ofMethodAndFuture = client.submit(SubmittingTest::twice, x);
      RemoteFuture<String> ofTwoValues = client.submit((a, b) -> a + b.substring(1), 5, "abc");
      RemoteFuture<Integer> ofTwoFutures = client.submit((a, b) -> a + b, x, ofValue);
      RemoteFuture<Integer> mixed = client.submit((a, b) -> a - b, x, Input.of(3));
      RemoteFuture<Integer> ofThree = client.submit((a, b, c) -> a + b + c, x, x, x);
      RemoteFuture<Integer> ofFour = client.submit((a, b, c, d) -> a + b + c + d, 1, 2, 3, 4);
      RemoteFuture<Integer> ofMany = client.submit(
          all -> all.stream().mapToInt(n -> n).sum(), List.of(x, ofValue, mixed));
      RemoteFuture<Integer> named = client.submit(a -> a + 1, x, TaskOptions.named("one"));
      RemoteFuture<Integer> namedOfValue = client.submit(a -> a + 1, 1, TaskOptions.named("two"));
      RemoteFuture<Integer> ofList = client.submit(list -> list.size(), List.of("a", "b"));
      assertThat(client.gather(List.of(ofFuture, ofValue, ofMethod, ofMethodAndFuture,
          ofTwoFutures, mixed, ofThree, ofFour, ofMany, named, namedOfValue, ofList)))
          .containsExactly(21, 6, 10, 40, 26, 17, 60, 10, 43, 21, 2, 2);
      assertThat(ofTwoValues.get()).isEqualTo("5bc");
    }
  }

  @Test
  void aMapGivesAFutureAnElementInOrder() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var numbers = IntStream.range(0, 10_000).boxed().toList();
      List<RemoteFuture<Integer>> doubled = client.map(numbers, SubmittingTest::twice);
      List<RemoteFuture<Integer>> more = client.map(doubled, a -> a + 1);
      assertThat(client.gather(more))
          .isEqualTo(numbers.stream().map(n -> 2 * n + 1).toList());
    }
  }

  static void doSomething() {
    DONE.incrementAndGet();
  }

  static int giveSomething() {
    return DONE.incrementAndGet();
  }

  @Test
  void aFunctionNeedNotGiveAnything() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      DONE.set(0);
      assertThat(client.submit(() -> doSomething()).get()).isNull();
      assertThat(client.submit(SubmittingTest::doSomething).get()).isNull();
      assertThat(client.submit(() -> doSomething(), TaskOptions.named("x")).get()).isNull();
      assertThat(DONE).hasValue(3);
      var failing = client.submit(() -> {
        doSomething();
        throw new IllegalStateException("boom");
      });
      assertThatThrownBy(failing::get).hasRootCauseMessage("boom");
    }
  }

  @Test
  void aFunctionThatGivesSomethingIsATask() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      DONE.set(6);
      assertThat(client.submit(() -> giveSomething()).get()).isEqualTo(7);
      assertThat(client.submit(SubmittingTest::giveSomething).get()).isEqualTo(8);
      RemoteFuture<Integer> typed = client.submit(() -> giveSomething(), TaskOptions.NONE);
      assertThat(typed.get()).isEqualTo(9);
    }
  }
}
