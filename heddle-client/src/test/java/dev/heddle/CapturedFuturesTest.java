package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.values.UnserializableValueException;
import dev.heddle.wire.Message;
import java.io.ByteArrayOutputStream;
import java.io.InvalidObjectException;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class CapturedFuturesTest {
  record Order(String name, RemoteFuture<Integer> price) {}

  @Test
  void aCapturedFutureIsAnInputAndDoneWhereTheFunctionRuns() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var x = client.submit(() -> 20);
      var y = client.submit(() -> x.isDone() ? x.get() + x.resultNow() : -1);
      toy.release();
      assertThat(y.get()).isEqualTo(40);
      assertThat(toy.said(Message.Submit.class).getLast().captured()).hasSize(1);
    }
  }

  @Test
  void futuresInsideArgumentsAndCollectionsAreInputsToo() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var x = client.submit(() -> 20);
      var y = client.submit(
          map -> map.values().iterator().next().get() + 1, Map.of("x", x));
      var z = client.submit(order -> order.name() + order.price().get(), new Order("z", y));
      var mixed = client.submit((a, b) -> a.get() + b, x, 5);
      var all = client.submit(() -> List.of(x, y).get(1).get());
      toy.release();
      assertThat(y.get()).isEqualTo(21);
      assertThat(z.get()).isEqualTo("z21");
      assertThat(mixed.get()).isEqualTo(25);
      assertThat(all.get()).isEqualTo(21);
    }
  }

  @Test
  void anElementOfAMapWaitsForItsOwnFuturesOnly() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var never = client.submit(() -> 1, TaskOptions.named("never"));
      var now = client.submit(() -> 2, TaskOptions.named("now"));
      var prices = client.map(List.of(new Order("a", never), new Order("b", now)),
          order -> order.price().get());
      toy.runOne(key -> key.text().startsWith("now"));
      toy.runOne(key -> key.text().endsWith("/1"));
      assertThat(prices.get(1).get()).isEqualTo(2);
      assertThat(prices.get(0).isDone()).isFalse();
    }
  }

  @Test
  void aFutureOfAnotherClientIsRefusedAndItIsSaidHowToDoIt() throws Exception {
    try (var toy = new Toy(); var one = toy.connect(); var other = toy.connect()) {
      var x = one.submit(() -> 1);
      assertThatThrownBy(() -> other.submit(() -> x.get()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + x.key() + "' belongs to another client")
          .hasMessageContaining("publish");
      assertThatThrownBy(() -> other.submit(a -> a, x))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("belongs to another client");
    }
  }

  @Test
  void aFutureThatWasClosedFailedOrCancelledIsRefused() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var closed = client.submit(() -> 1);
      closed.get();
      closed.close();
      assertThatThrownBy(() -> client.submit(() -> closed.get()))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("was closed");
      assertThatThrownBy(() -> client.submit(a -> a, closed))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("was closed");
      RemoteFuture<Integer> failed = client.submit(() -> Integer.parseInt("x"));
      assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class);
      assertThatThrownBy(() -> client.submit(() -> failed.get()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has failed").hasMessageContaining("NumberFormatException");
      toy.hold();
      var cancelled = client.submit(() -> 1);
      cancelled.cancel(true);
      assertThatThrownBy(() -> client.submit(() -> cancelled.get()))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("was cancelled");
    }
  }

  // That it makes no sense is what is tested.
  @SuppressWarnings("FutureReturnValueIgnored")
  @Test
  void aTaskCannotGiveAFuture() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(() -> 1);
      var direct = client.submit(() -> x);
      assertThatThrownBy(direct::get).cause().isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("returned the future '" + x.key() + "'")
          .hasMessageContaining("future.get()");
      var hidden = client.submit(() -> List.of(x));
      assertThatThrownBy(hidden::get).cause().isInstanceOf(UnserializableValueException.class)
          .hasMessageContaining("futures travel only in the functions and arguments of tasks");
    }
  }

  @Test
  void aFutureIsNotSerializedByOthers() throws Exception {
    try (var toy = new Toy();
        var client = toy.connect();
        var out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      var x = client.submit(() -> 1);
      assertThatThrownBy(() -> out.writeObject(x)).isInstanceOf(InvalidObjectException.class)
          .hasMessageContaining("Send its value");
    }
  }

  @Test
  void aCapturedClientIsRefusedInFavourOfTheTasksOwn() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      assertThatThrownBy(() -> client.submit(() -> client.submit(() -> 1).get()))
          .isInstanceOf(UnserializableValueException.class)
          .hasMessageContaining("captures client").hasMessageContaining("Heddle.current()");
    }
  }

  @Test
  void whatCannotTravelIsRefusedWithThePathToIt() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var here = Map.of("thread", Thread.currentThread());
      assertThatThrownBy(() -> client.submit(() -> here.size()))
          .isInstanceOf(UnserializableValueException.class)
          .hasMessageContaining("captures here").hasMessageContaining("[\"thread\"]");
      assertThat(toy.said(Message.Submit.class)).isEmpty();
    }
  }

  @Test
  void anInputCanBeHandedOnByTheTaskThatGotIt() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(() -> 20);
      var y = client.submit(() -> {
        var nested = Heddle.current().submit(() -> x.get() + 1);
        var direct = Heddle.current().submit(a -> a + 2, x);
        return nested.get() + direct.get();
      });
      assertThat(y.get()).isEqualTo(43);
    }
  }
}
