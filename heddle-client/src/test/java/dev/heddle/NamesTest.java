package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Message;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NamesTest {
  record Count(int from) implements Task<Integer> {
    @Override
    public Integer call() {
      return from;
    }
  }

  private static String name(Task<?> function) {
    return FunctionInfo.of(function).name();
  }

  private static <A, R> String name(Task1<A, R> function) {
    return FunctionInfo.of(function).name();
  }

  static int price(int n) {
    return 3 * n;
  }

  @Test
  void aTaskIsCalledByTheMethodThatItsFunctionRefersToOrIsWrittenIn() {
    assertThat(name(NamesTest::price)).isEqualTo("price");
    assertThat(name((Integer n) -> n + 1))
        .isEqualTo("aTaskIsCalledByTheMethodThatItsFunctionRefersToOrIsWrittenIn");
    assertThat(name(() -> {
      Task<Integer> inner = () -> 1;
      return name(inner);
    })).isEqualTo("aTaskIsCalledByTheMethodThatItsFunctionRefersToOrIsWrittenIn");
    Task1<Integer, ArrayList<Object>> constructor = ArrayList::new;
    assertThat(name(constructor)).isEqualTo("ArrayList");
    assertThat(name(new Count(3))).isEqualTo("Count");
    assertThat(name(new Task<Integer>() {
      private static final long serialVersionUID = 1;

      @Override
      public Integer call() {
        return 1;
      }
    })).isEqualTo("NamesTest");
    assertThat(FunctionInfo.of(new Fold<>(Integer::sum)).name()).isEqualTo("sum");
  }

  @Test
  void keysTellNameClientAndNumber() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var key = client.submit(NamesTest::price, 1).key().text();
      assertThat(key).matches("price-[a-z2-7]{9}-1");
      assertThat(client.submit(() -> 1, TaskOptions.named("a b/c")).key().text())
          .startsWith("a_b_c-");
    }
  }

  @Test
  void pureCallsThatAreEqualShareOneKeyAndOthersDoNot() throws Exception {
    try (var toy = new Toy(); var one = toy.connect(); var other = toy.connect()) {
      var pure = TaskOptions.NONE.pure();
      var first = one.submit(NamesTest::price, 7, pure);
      var again = one.submit(NamesTest::price, 7, pure);
      var elsewhere = other.submit(NamesTest::price, 7, pure);
      var different = one.submit(NamesTest::price, 8, pure);
      assertThat(first.key().text()).matches("price-[0-9a-f]{16}@[a-z2-7]{13}");
      assertThat(again.key()).isEqualTo(first.key());
      assertThat(elsewhere.key()).isEqualTo(first.key());
      assertThat(different.key()).isNotEqualTo(first.key());
      assertThat(one.gather(java.util.List.of(first, again, different)))
          .containsExactly(21, 21, 24);
      assertThat(elsewhere.get()).isEqualTo(21);
      assertThat(toy.runs.get(first.key())).isEqualTo(1);
    }
  }

  @Test
  void pureCallsOnFuturesAreToldApartByTheFutures() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var pure = TaskOptions.NONE.pure();
      var x = client.submit(() -> 1);
      var y = client.submit(() -> 1);
      assertThat(client.submit(NamesTest::price, x, pure).key())
          .isEqualTo(client.submit(NamesTest::price, x, pure).key())
          .isNotEqualTo(client.submit(NamesTest::price, y, pure).key());
    }
  }

  @Test
  void aGivenKeyGoesWithTheFingerprintOfFunctionAndInputs() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var prices = TaskOptions.NONE.key("prices/today");
      var one = client.submit(NamesTest::price, 7, prices);
      var other = client.submit(NamesTest::price, 8, prices);
      assertThat(one.key().text()).startsWith("prices/today@");
      assertThat(other.key()).isNotEqualTo(one.key());
      assertThat(one.get() + other.get()).isEqualTo(45);
      assertThat(toy.said(Message.Submit.class)).extracting(Message.Submit::fingerprint)
          .allMatch(Optional<ContentHash>::isPresent).doesNotHaveDuplicates();
    }
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> TaskOptions.NONE.key("a@b")).hasMessageContaining("'a@b'");
    assertThatThrownBy(() -> TaskOptions.named(" ")).hasMessageContaining("blank");
    assertThatThrownBy(() -> TaskOptions.NONE.retries(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> TaskOptions.NONE.resource("GPU", 0)).hasMessageContaining("GPU");
    assertThatThrownBy(() -> TaskOptions.NONE.timeout(java.time.Duration.ZERO))
        .hasMessageContaining("PT0S");
    assertThatThrownBy(
        () -> TaskOptions.single(new TaskOptions[]{TaskOptions.NONE, TaskOptions.NONE}))
        .hasMessageContaining("combine");
  }

  @Test
  void optionsReachTheScheduler() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      client.submit(() -> 1, TaskOptions.NONE.priority(3).retries(2)
          .timeout(java.time.Duration.ofSeconds(5)).workers("w1", "w2").resource("GPU", 1)
          .blocking()).get();
      var settings = toy.said(Message.Submit.class).getFirst().settings();
      assertThat(settings.toString()).contains("priority=3", "retries=2", "timeoutMillis=5000",
          "[w1, w2]", "{GPU=1}", "blocking=true", "detached=false");
    }
  }
}
