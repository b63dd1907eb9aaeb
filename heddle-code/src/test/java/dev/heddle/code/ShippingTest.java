package dev.heddle.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.values.Values;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Functions go from a program to a worker that has none of its classes, and values come back.
class ShippingTest {
  private static final String SHOP = """
      import dev.heddle.code.*;
      import java.util.*;
      public class Shop {
        public record Item(String name, int price) implements java.io.Serializable {}
        public record Order(List<Item> items, Map<String, Item> byName) {}
        enum Tax { LOW { int of(int price) { return price / 10; } }; abstract int of(int price); }
        static class ShopException extends Exception {
          final Item item;
          ShopException(Item item) { super("no " + item.name()); this.item = item; }
        }
        static int helped(int price) { return Helper.help(price); }
        public static RemoteFunction lambda() {
          var item = new Item("tea", 40);
          return (Task1<Integer, Integer>) more -> Tax.LOW.of(item.price()) + helped(more);
        }
        public static RemoteFunction reference() {
          return (Task1<Integer, Integer>) Shop::helped;
        }
        public static RemoteFunction constructor() {
          return (Task2<String, Integer, Item>) Item::new;
        }
        public static RemoteFunction anonymous() {
          return new Task<Object>() {
            public Object call() { return new Item("cup", Helper.help(1)); }
          };
        }
        public static RemoteFunction order() {
          return (Task1<Item, Order>) item -> new Order(List.of(item), Map.of(item.name(), item));
        }
        public static RemoteFunction total() {
          return (TaskN<Order, Integer>) orders -> orders.stream()
              .flatMap(order -> order.items().stream()).mapToInt(Item::price).sum();
        }
        public static RemoteFunction failing() {
          return (Task<Object>) () -> { throw new ShopException(new Item("tea", 1)); };
        }
        public static Item item() { return new Item("pot", 7); }
      }
      """;
  private static final String HELPER = """
      class Helper { static int help(int n) { return n + Deep.DEEP.length(); } }
      class Deep { static final String DEEP = String.join("", "a", "b"); }
      """;

  @TempDir
  Path directory;

  /// Both ends, and a worker that has seen nothing of the program yet.
  private static final class Pair {
    final Program client;
    final CodeBases worker = Program.worker();
    final Values workerValues = Program.valuesOf(worker);
    final Wire wire;

    Pair(Program client) {
      this.client = client;
      this.wire = Wire.to(client);
    }

    @Nullable
    Object run(RemoteFunction function, @Nullable Object... arguments) throws Exception {
      var sent = Wire.copy(client.values.encode(function));
      try (var _ = worker.use(sent.codeBases(), wire)) {
        var there = (RemoteFunction) Objects.requireNonNull(workerValues.decode(sent));
        assertThat(there.getClass()).isNotEqualTo(function.getClass());
        var argumentsThere = new @Nullable Object[arguments.length];
        for (var i = 0; i < arguments.length; i++) {
          argumentsThere[i] = workerValues.decode(Wire.copy(client.values.encode(arguments[i])));
        }
        var result = Wire.copy(workerValues.encode(UserCode.call(there, argumentsThere)));
        return client.values.decode(result);
      }
    }
  }

  private Pair pair() {
    return new Pair(Program.of(Program.compile(directory, List.of(), SHOP, HELPER)));
  }

  @Test
  void aLambdaRunsWithItsCapturedRecordAnEnumAndHelpers() throws Exception {
    var pair = pair();
    assertThat(pair.run(pair.client.function("org.example.Shop", "lambda"), 5)).isEqualTo(11);
  }

  @Test
  void methodReferencesAndAnonymousClassesRun() throws Exception {
    var pair = pair();
    var shop = "org.example.Shop";
    assertThat(pair.run(pair.client.function(shop, "reference"), 5)).isEqualTo(7);
    assertThat(pair.run(pair.client.function(shop, "constructor"), "tea", 3))
        .hasToString("Item[name=tea, price=3]");
    assertThat(pair.run(pair.client.function(shop, "anonymous")))
        .hasToString("Item[name=cup, price=3]");
  }

  @Test
  void valuesOfUsersTypesComeHomeAsTheirOwnClasses() throws Exception {
    var pair = pair();
    var item = pair.client.make("org.example.Shop", "item");
    var order = pair.run(pair.client.function("org.example.Shop", "order"), item);
    assertThat(order).hasToString(
        "Order[items=[Item[name=pot, price=7]], byName={pot=Item[name=pot, price=7]}]");
    assertThat(Objects.requireNonNull(order).getClass())
        .isSameAs(pair.client.type("org.example.Shop$Order"));
    assertThat(pair.run(pair.client.function("org.example.Shop", "total"), order, order))
        .isEqualTo(14);
  }

  @Test
  void anExceptionOfAUsersTypeComesHomeWithItsStack() {
    var pair = pair();
    assertThatThrownBy(() -> pair.run(pair.client.function("org.example.Shop", "failing")))
        .hasMessage("no tea");
  }

  @Test
  void aJarServesAsWellAsADirectory() throws Exception {
    var classes = Program.compile(directory.resolve("classes"), List.of(), SHOP, HELPER);
    var pair = new Pair(
        Program.of(Program.jar(classes, directory.resolve("shop.jar"), Map.of())));
    assertThat(pair.run(pair.client.function("org.example.Shop", "lambda"), 5)).isEqualTo(11);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "11", "17", "21", "25"})
  void classesCompiledForOlderVersionsRunUnchanged(String release) throws Exception {
    var classes = Program.compile(directory, List.of("--release", release, "-cp",
        Program.compile(directory.resolve("api"), List.of("--release", release), """
            public interface Step extends java.io.Serializable { int apply(int n); }
            """).toString()), """
            public class Old implements Step {
              private final int[] table = {1, 2, 3};
              public int apply(int n) {
                int sum = 0;
                for (int k : table) { switch (k) { case 1: sum += n; break; default: sum += k; } }
                Step step = x -> x + 1;
                return step.apply(sum);
              }
              public static Step make() { return new Old(); }
              public static Step lambda() { int base = 3; return x -> new Old().apply(x) + base; }
            }
            """);
    Program.compile(classes, List.of("--release", release), """
        public interface Step extends java.io.Serializable { int apply(int n); }
        """);
    var client = Program.of(classes);
    for (var method : List.of("make", "lambda")) {
      var step = client.make("org.example.Old", method);
      var worker = Program.worker();
      var sent = Wire.copy(client.values.encode(step));
      try (var _ = worker.use(sent.codeBases(), Wire.to(client))) {
        var there = Objects.requireNonNull(Program.valuesOf(worker).decode(sent));
        var apply = there.getClass().getInterfaces()[0].getMethod("apply", int.class);
        assertThat(apply.invoke(there, 10)).isEqualTo(method.equals("make") ? 16 : 19);
        assertThat(there.getClass().getClassLoader()).isInstanceOf(CodeBaseLoader.class);
      }
    }
  }

  @Test
  void aClassAndWhatItNeedsTakeTwoQuestions() throws Exception {
    var pair = pair();
    pair.run(pair.client.function("org.example.Shop", "lambda"), 5);
    assertThat(pair.wire.asked).containsExactly("find [org/example/Shop$Item.class]", "blobs 9");
  }
}
