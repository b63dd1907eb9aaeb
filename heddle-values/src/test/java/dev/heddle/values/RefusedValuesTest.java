package dev.heddle.values;

import static dev.heddle.values.Fixtures.VALUES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What cannot be sent says where it is and what to do.
class RefusedValuesTest {
  static class Repo {}

  static class OrderService implements Serializable {
    final Repo repo = new Repo();
    final transient Repo cache = new Repo();
    static final Repo SHARED = new Repo();
  }

  interface Task extends Supplier<Object>, Serializable {}

  static class Census implements Serializable {
    final OrderService orders = new OrderService();
    final int offset = 1;

    Task capturingThis() {
      return () -> offset + 1;
    }

    Task capturingAVariable() {
      var service = new OrderService();
      var unused = 5L;
      return () -> service.hashCode() + unused;
    }

    Object inner() {
      return new Serializable() {
        @Override
        public String toString() {
          return "inner of " + offset;
        }
      };
    }
  }

  record Line(String name, @Nullable Object content) implements Serializable {}

  record Plain(@Nullable Object content) {}

  private static String refusal(Object value) {
    var failure = new ArrayList<Throwable>();
    assertThatThrownBy(() -> VALUES.encode(value)).isInstanceOf(UnserializableValueException.class)
        .satisfies(failure::add);
    return String.valueOf(failure.getFirst().getMessage());
  }

  @Test
  void fieldsAreNamed() {
    assertThat(refusal(new Census()))
        .startsWith("cannot be sent: Census.orders → OrderService.repo "
            + "(" + Repo.class.getName() + "); make the class implement Serializable or a record");
  }

  @Test
  void theEnclosingObjectOfAnInnerClassIsNamed() {
    assertThat(refusal(new Census().inner())).contains("RefusedValuesTest$Census$1.this$0 → "
        + "Census.orders → OrderService.repo");
  }

  @Test
  void aLambdaNamesItsCapturedVariables() {
    assertThat(refusal(new Census().capturingAVariable()))
        .contains("lambda in Census.capturingAVariable captures service → OrderService.repo ("
            + Repo.class.getName() + ")");
    assertThat(refusal(new Census().capturingThis()))
        .contains("lambda in Census.capturingThis captures this → Census.orders → "
            + "OrderService.repo (");
    var service = new OrderService();
    Task reference = service::toString;
    assertThat(refusal(reference)).contains("captures this → OrderService.repo");
  }

  @Test
  void aLambdaThatIsNotSerializableSaysWhichInterfaceToUse() {
    Runnable lambda = () -> {};
    assertThat(refusal(lambda)).contains("a lambda of " + RefusedValuesTest.class.getName())
        .contains("use dev.heddle.code.Task");
    assertThat(refusal(new Line("x", lambda))).contains("Line.content (a lambda of");
  }

  @Test
  void itemsKeysAndComponentsAreNamed() {
    var bad = new Repo();
    var where = new LinkedHashMap<Object, String>();
    where.put(new Object[]{1, new Object[]{bad}}, "[1][0] (");
    where.put(List.of(1, 2, bad), "[2] (");
    where.put(Map.of("key", new Line("x", bad)), "[\"key\"] → Line.content (");
    where.put(new HashMap<>(Map.of(bad, 1)), ".key (");
    where.put(Optional.of(bad), ".get() (");
    where.put(new Plain(new Plain(bad)), "Plain.content → Plain.content (");
    where.put(new Plain(List.of(Map.entry("a", bad))), "Plain.content[0].value (");
    where.put(new AtomicReference<>(bad), ".get() (");
    where.put(new TreeMap<String, String>((a, b) -> a.compareTo(b)), ".comparator() (a lambda");
    where.forEach((value, path) -> assertThat(refusal(value)).contains("cannot be sent: " + path));
  }

  @Test
  void anExceptionNamesItsFields() {
    class Trouble extends RuntimeException {
      @SuppressWarnings("UnusedVariable")
      final Repo repo = new Repo();
    }
    assertThat(refusal(new IllegalStateException("outer", new Trouble())))
        .contains("IllegalStateException.cause → Trouble.");
  }

  @Test
  void theAdviceFitsTheCulprit() throws IOException {
    try (var in = new ByteArrayInputStream(new byte[0])) {
      assertThat(refusal(new Line("x", in))).contains("open the resource inside the task");
    }
    assertThat(refusal(new Line("x", new Thread()))).contains("open the resource inside the task");
    assertThat(refusal(Stream.of(1))).contains("toList()");
    assertThat(refusal(new HashMap<>(Map.of(1, 2)).keySet())).contains("send a copy: List.copyOf");
    assertThat(refusal(new Line("x", new Object()))).contains("transient or static");
  }

  @Test
  void aLongPathIsCutInTheMiddle() {
    Object value = new Repo();
    for (var i = 0; i < 100; i++) {
      value = new Line("n", value);
    }
    assertThat(refusal(value)).contains("Line.content → … 76 more … → Line.content")
        .hasSizeLessThan(1000);
  }

  @Test
  void cyclesDoNotKeepTheSearchFromEnding() {
    var list = new ArrayList<Object>();
    list.add(list);
    list.add(Map.of("self", list, "bad", new Repo()));
    assertThat(refusal(list)).contains("[1][\"bad\"] (" + Repo.class.getName());
  }

  static class Moody implements Serializable {
    private void writeObject(ObjectOutputStream out) {
      throw new IllegalStateException("not today");
    }
  }

  @Test
  void anExceptionOfAUsersWriteObjectIsToldAsSuch() {
    assertThatThrownBy(() -> VALUES.encode(List.of(new Moody())))
        .isInstanceOf(UnserializableValueException.class)
        .hasMessageContaining(Moody.class.getName() + ".writeObject (RefusedValuesTest.java:")
        .hasMessageContaining("not today").hasCauseInstanceOf(IllegalStateException.class);
  }

  static class Node implements Serializable {
    @Nullable
    Node next;
  }

  private static Node chain(int length) {
    var first = new Node();
    for (var i = 1; i < length; i++) {
      var node = new Node();
      node.next = first;
      first = node;
    }
    return first;
  }

  @Test
  void aChainTooDeepForTheStackIsAnError() {
    assertThat(refusal(chain(200_000))).contains("nest too deep")
        .contains("in a list or array rather than linked");
  }

  @Test
  void aChainDeeperThanTheLimitIsRefusedWhereItArrives() throws InterruptedException {
    var outcome = new CompletableFuture<@Nullable Object>();
    var deepStack = new Thread(null, () -> {
      try {
        outcome.complete(VALUES.decode(Fixtures.copy(VALUES.encode(chain(1_100)))));
      } catch (RuntimeException e) {
        outcome.completeExceptionally(e);
      }
    }, "deep stack", 64 << 20);
    deepStack.start();
    deepStack.join();
    assertThat(outcome).isCompletedExceptionally();
    assertThat(outcome.exceptionNow()).isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining("more than 1000 deep (depthMax)");
  }
}
