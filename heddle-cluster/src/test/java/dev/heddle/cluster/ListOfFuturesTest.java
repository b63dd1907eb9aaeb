package dev.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Client;
import dev.heddle.Heddle;
import dev.heddle.Input;
import dev.heddle.RemoteFuture;
import dev.heddle.Task1;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Vector;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Lists of futures arrive in a task as what they were.
@Timeout(60)
class ListOfFuturesTest {
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    client = Heddle.local(2);
  }

  @AfterAll
  static void stop() {
    client.close();
  }

  private static <T> String inTask(List<RemoteFuture<T>> futures,
      Task1<List<RemoteFuture<T>>, String> look) throws Exception {
    return client.submit(look, Input.of(futures)).get();
  }

  private static String kind(List<?> list) {
    try {
      list.removeLast();
      return list.getClass().getSimpleName();
    } catch (UnsupportedOperationException _) {
      return "unmodifiable";
    }
  }

  private static <T> String values(List<RemoteFuture<T>> list) throws Exception {
    var text = new StringBuilder();
    for (var future : list) {
      text.append(future.get()).append(' ');
    }
    return text.toString();
  }

  @SuppressWarnings("JdkObsolete") // A list of another kind is what is wanted.
  @Test
  void aListIsWhatItWasAndEachFutureHasItsValue() throws Exception {
    var one = client.submit(() -> 1);
    var word = client.submit(() -> "é");
    List<RemoteFuture<?>> both = List.of(one, word);
    var text = client.submit(list -> {
      var values = "";
      for (var each : list) {
        values += each.get() + " " + each.isDone() + ";";
      }
      return values + kind(list);
    }, Input.of(both)).get();
    assertThat(text).isEqualTo("1 true;é true;unmodifiable");
    var many = client.map(IntStream.range(0, 5_000).boxed().toList(), i -> i);
    assertThat(inTask(new ArrayList<>(many), list -> values(list).hashCode() + kind(list)))
        .isEqualTo(values(many).hashCode() + "ArrayList");
    assertThat(inTask(new Vector<>(many.subList(0, 3)), list -> values(list) + kind(list)))
        .isEqualTo("0 1 2 Vector");
    assertThat(inTask(new ArrayList<>(), list -> list.size() + kind(new ArrayList<>(List.of(1)))))
        .isEqualTo("0ArrayList");
  }

  @Test
  void oneThatIsThereTwiceIsOneThere() throws Exception {
    var one = client.submit(() -> 1);
    assertThat(inTask(new ArrayList<>(List.of(one, one)),
        list -> String.valueOf(list.get(0) == list.get(1)))).isEqualTo("true");
  }

  @Test
  void oneAmongOthersThatAreNoneIsOneStill() throws Exception {
    var one = client.submit(() -> 1);
    var mixed = new ArrayList<>(Arrays.asList(one, "two", null));
    assertThat(client.submit(list -> ((RemoteFuture<?>) list.get(0)).get() + " " + list.get(1) + " "
        + list.get(2), Input.of(mixed)).get()).isEqualTo("1 two null");
  }

  @Test
  void oneThatFailedFailsWhatNeedsIt() {
    var bad = client.submit(() -> {
      if (Thread.currentThread() != null) {
        throw new IllegalStateException("bad");
      }
      return 1;
    });
    var good = client.submit(() -> 2);
    assertThatThrownBy(() -> inTask(List.of(good, bad), ListOfFuturesTest::values))
        .satisfiesAnyOf(
            e -> assertThat(e).isInstanceOf(ExecutionException.class).hasRootCauseMessage("bad"),
            e -> assertThat(e).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has failed, so it can be no input"));
  }

  @Test
  void oneThatWasClosedIsRefused() {
    var closed = client.submit(() -> 1);
    closed.close();
    assertThatThrownBy(
        () -> inTask(List.of(client.submit(() -> 2), closed), ListOfFuturesTest::values))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(closed.key().text());
  }
}
