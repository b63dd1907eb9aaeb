package dev.heddle.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ChannelStressTest {
  private static final int SENDERS = 4;
  private static final int RECEIVERS = 3;
  private static final int ITEMS_EACH = 20_000;
  private static final int BATCH_MAX = 50;

  @ParameterizedTest
  @CsvSource({"PLATFORM, 1", "PLATFORM, 100", "VIRTUAL, 1", "VIRTUAL, 100"})
  void everyItemArrivesExactlyOnceAndInTheOrderOfItsSender(Kind kind, int capacity)
      throws InterruptedException {
    Channel<Integer> channel = Channel.bounded("stress", capacity);
    var seen = new AtomicIntegerArray(SENDERS * ITEMS_EACH);
    var outOfOrder = new AtomicReference<>("");
    try (var scope = ProcessScope.open("stress")) {
      for (int r = 0; r < RECEIVERS; r++) {
        var random = new Random(r);
        scope.start("receiver " + r, kind, () -> {
          var last = new int[SENDERS];
          for (var some = take(channel, random); !some.isEmpty(); some = take(channel, random)) {
            for (int item : some) {
              seen.incrementAndGet(item);
              int sender = item / ITEMS_EACH;
              if (item % ITEMS_EACH < last[sender]) {
                outOfOrder.set(item + " after " + last[sender] + " of sender " + sender);
              }
              last[sender] = item % ITEMS_EACH;
            }
          }
        });
      }
      try (var senders = scope.nest("senders")) {
        for (int s = 0; s < SENDERS; s++) {
          int first = s * ITEMS_EACH;
          var random = new Random(100 + s);
          senders.start("sender " + s, kind, () -> send(channel, first, random));
        }
        senders.join();
      }
      channel.done();
      scope.join();
    }
    assertThat(IntStream.range(0, seen.length()).filter(i -> seen.get(i) != 1)).isEmpty();
    assertThat(outOfOrder.get()).isEmpty();
    assertThat(channel.sent()).isEqualTo(SENDERS * ITEMS_EACH);
    assertThat(channel.info().received()).isEqualTo(SENDERS * ITEMS_EACH);
  }

  private static void send(Channel<Integer> channel, int first, Random random)
      throws InterruptedException {
    int next = first;
    while (next < first + ITEMS_EACH) {
      switch (random.nextInt(3)) {
        case 0 -> channel.send(next++);
        case 1 -> {
          if (channel.offer(next)) {
            next++;
          }
        }
        default -> {
          var batch = new ArrayList<Integer>();
          while (batch.size() < BATCH_MAX && next < first + ITEMS_EACH) {
            batch.add(next++);
          }
          channel.sendAll(batch);
        }
      }
    }
  }

  /// Takes by any of the ways there are; an empty list at the end.
  private static List<Integer> take(Channel<Integer> channel, Random random)
      throws InterruptedException {
    return switch (random.nextInt(3)) {
      case 0 -> channel.receiveOrDone() instanceof Integer item ? List.of(item) : List.of();
      case 1 -> {
        var some = channel.drain();
        yield some.isEmpty() ? channel.receiveAll() : some;
      }
      default -> channel.receiveAll();
    };
  }
}
