package dev.heddle.values;

import static dev.heddle.values.Fixtures.HERE;
import static dev.heddle.values.Fixtures.VALUES;
import static dev.heddle.values.Fixtures.bulkBytes;
import static dev.heddle.values.Fixtures.decoded;
import static dev.heddle.values.Fixtures.roundTrip;
import static dev.heddle.values.Fixtures.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Currency;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GraphValuesTest {
  enum Colour {
    RED, GREEN {
      @Override
      String hex() {
        return "0f0";
      }
    };

    String hex() {
      return "f00";
    }
  }

  record Point(int x, int y) implements Serializable {}

  /// Not serializable, on purpose.
  record Plain(String name, List<Plain> children, Optional<Colour> colour) {}

  record Checked(int positive) {
    Checked {
      if (positive < 1) {
        throw new IllegalArgumentException(positive + " is not positive");
      }
    }
  }

  interface Greeter {
    String greet(String name);
  }

  record Handler(String greeting) implements InvocationHandler, Serializable {
    @Override
    public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
      return greeting + " " + arguments[0];
    }
  }

  interface Task extends Supplier<Object>, Serializable {}

  static Stream<Object> values() {
    return Stream.of(new Point(1, 2), Colour.RED, Colour.GREEN, EnumSet.allOf(Colour.class),
        new EnumMap<>(Map.of(Colour.RED, 1)), List.of(new Point(1, 2)), Map.of("a", 1, "b", 2),
        Set.of(1, 2, 3), new HashMap<>(Map.of(1, "one")), new TreeMap<>(Map.of("k", List.of(1))),
        new ConcurrentHashMap<>(Map.of("x", 1)), Optional.of("x"), Optional.empty(),
        OptionalInt.of(3), OptionalLong.empty(), OptionalDouble.of(0.5), List.of(Optional.of(1)),
        Map.entry("k", 1), new AbstractMap.SimpleEntry<>("k", null), Instant.now(),
        LocalDate.of(2026, 11, 22), Duration.ofMinutes(3),
        ZonedDateTime.now(ZoneId.of("Europe/Paris")),
        UUID.randomUUID(), Locale.GERMANY, Currency.getInstance("EUR"),
        TimeZone.getTimeZone("Europe/Berlin"), BitSet.valueOf(new long[]{5}), TimeUnit.DAYS,
        Path.of("some", "file"), new Plain("a", List.of(new Plain("b", List.of(),
            Optional.empty())), Optional.of(Colour.GREEN)),
        String.class, int.class, Point[].class, Point.class, new java.io.File("x"),
        java.net.URI.create("heddle://x"), Arrays.asList(1, null),
        new java.sql.Timestamp(5));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueArrivesEqual(Object value) {
    assertThat(roundTrip(value)).isEqualTo(value);
  }

  @Test
  void arraysOfObjectsArriveAsTheyWere() {
    var array = new Object[]{new Point[]{new Point(1, 2)}, new String[][]{{"a"}, null},
        new long[2][3], new Colour[]{Colour.RED}};
    assertThat((Object[]) roundTrip(array)).isEqualTo(array);
  }

  @Test
  void largePartsAnywhereInsideTravelBesideTheHeader() {
    @SuppressWarnings("ArrayRecordComponent") // it is what is tested
    record Holder(double[] numbers, Map<String, List<Object>> more) implements Serializable {}

    var numbers = new double[1000];
    var flags = new boolean[3000];
    flags[77] = true;
    var text = "grün ".repeat(1000);
    var value = new Holder(numbers,
        new HashMap<>(Map.of("k", List.of(flags, text, new long[][]{new long[500]},
            ByteBuffer.wrap(new byte[]{1, 2, 3})))));
    var payload = VALUES.encode(value);
    assertThat(payload.header().length).isLessThan(2000);
    assertThat(bulkBytes(payload)).isEqualTo(8000 + 3000 + 5000 + 4000 + 3);
    var arrived = decoded(payload, Holder.class);
    assertThat(arrived.numbers()).isSameAs(numbers);
    assertThat(arrived.more().get("k")).satisfies(items -> {
      assertThat((boolean[]) items.get(0)).isEqualTo(flags);
      assertThat(items.get(1)).isEqualTo(text);
      assertThat((long[][]) items.get(2)).hasDimensions(1, 500);
      assertThat((ByteBuffer) items.get(3)).isEqualTo(ByteBuffer.wrap(new byte[]{1, 2, 3}));
    });
  }

  @Test
  void whatIsSharedInsideAValueStaysShared() {
    var shared = new int[5000];
    var point = new Plain("p", List.of(), Optional.empty());
    var payload = VALUES.encode(new ArrayList<>(List.of(shared, point, shared, point)));
    assertThat(payload.buffers()).hasSize(1);
    var arrived = decoded(Fixtures.copy(payload), List.class);
    assertThat(arrived.get(0)).isSameAs(arrived.get(2)).isNotSameAs(shared);
    assertThat(arrived.get(1)).isSameAs(arrived.get(3));
  }

  @Test
  void aCycleArrivesAsACycle() {
    var list = new ArrayList<Object>();
    list.add(list);
    var arrived = sent(list, List.class);
    assertThat(arrived.getFirst()).isSameAs(arrived);
  }

  @Test
  void moreLargePartsThanFitAreWrittenInline() {
    var rows = new byte[dev.heddle.wire.Payload.BUFFERS_MAX + 10][Part.BYTES_MIN];
    rows[rows.length - 1][3] = 7;
    var payload = VALUES.encode(rows);
    assertThat(payload.buffers()).hasSize(dev.heddle.wire.Payload.BUFFERS_MAX);
    var arrived = decoded(payload, byte[][].class);
    assertThat(arrived[rows.length - 1]).isEqualTo(rows[rows.length - 1]);
  }

  @Test
  void usersClassesNameTheirCodeBaseAndJdkClassesNone() {
    assertThat(VALUES.encode(new Point(1, 2)).codeBases()).containsExactly(HERE);
    assertThat(VALUES.encode(new HashMap<>(Map.of(1, Instant.now()))).codeBases()).isEmpty();
  }

  @Test
  void aProxyArrivesWithItsHandler() {
    var proxy = (Greeter) Proxy.newProxyInstance(Greeter.class.getClassLoader(),
        new Class<?>[]{Greeter.class}, new Handler("hello"));
    assertThat(sent(proxy, Greeter.class).greet("Ada")).isEqualTo("hello Ada");
    var runnable = Proxy.newProxyInstance(Greeter.class.getClassLoader(),
        new Class<?>[]{Runnable.class, Comparable.class}, new Handler("x"));
    assertThat(roundTrip(runnable)).isInstanceOf(Runnable.class).isInstanceOf(Comparable.class);
  }

  @Test
  void aLambdaArrivesWithWhatItCaptured() {
    var base = 40;
    var table = new long[1000];
    table[5] = 2;
    Task task = () -> base + table[5];
    var payload = VALUES.encode(task);
    assertThat(payload.buffers()).hasSize(1);
    assertThat(decoded(Fixtures.copy(payload), Task.class).get()).isEqualTo(42L);
    Task reference = new Point(3, 4)::x;
    assertThat(sent(reference, Task.class).get()).isEqualTo(3);
    Task anonymous = anonymous("y");
    assertThat(sent(anonymous, Task.class).get()).isEqualTo("y");
  }

  private static Task anonymous(String text) {
    return new Task() {
      @Override
      public Object get() {
        return text;
      }
    };
  }

  @Test
  void anExceptionKeepsItsStackCauseAndSuppressed() {
    var failure = new IllegalStateException("outer", new java.io.IOException("inner"));
    failure.addSuppressed(new RuntimeException("on the way"));
    var arrived = sent(failure, IllegalStateException.class);
    assertThat(arrived).hasMessage("outer").hasRootCauseMessage("inner");
    assertThat(arrived.getStackTrace()).isEqualTo(failure.getStackTrace());
    assertThat(arrived.getSuppressed()).singleElement()
        .satisfies(other -> assertThat(other).hasMessage("on the way"));
  }

  @Test
  void aRecordIsMadeByItsConstructorWhichMayRefuse() {
    assertThat(roundTrip(new Checked(3))).isEqualTo(new Checked(3));
    var payload = VALUES.encode(List.of(new Checked(0x01020304)));
    var header = payload.header();
    for (var i = 0; i < header.length - 3; i++) {
      if (header[i] == 1 && header[i + 1] == 2 && header[i + 2] == 3 && header[i + 3] == 4) {
        header[i] = -1;
      }
    }
    assertThatThrownBy(() -> VALUES.decode(payload))
        .isInstanceOf(UndecodableValueException.class).hasMessageContaining("Checked")
        .hasMessageContaining("is not positive");
  }
}
