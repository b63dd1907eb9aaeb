package dev.heddle.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SizesTest {
  @SuppressWarnings("ArrayRecordComponent") // it is what is measured
  record Row(long id, String name, double[] numbers) {}

  @Test
  void arraysStringsAndBuffersAreExactUpToAHeader() {
    assertThat(Values.sizeOf(new byte[1000])).isCloseTo(1000, within(64L));
    assertThat(Values.sizeOf(new boolean[1000])).isCloseTo(1000, within(64L));
    assertThat(Values.sizeOf(new double[1000])).isCloseTo(8000, within(64L));
    assertThat(Values.sizeOf("x".repeat(1000))).isCloseTo(1000, within(64L));
    assertThat(Values.sizeOf("日".repeat(1000))).isCloseTo(2000, within(64L));
    assertThat(Values.sizeOf(ByteBuffer.allocateDirect(1000))).isCloseTo(1000, within(64L));
    assertThat(Values.sizeOf(null)).isZero();
    assertThat(Values.sizeOf(5)).isBetween(1L, 32L);
  }

  @Test
  void aLargeCollectionIsEstimatedFromASample() {
    var rows = IntStream.range(0, 100_000)
        .mapToObj(i -> new Row(i, "name " + i, new double[100])).toList();
    assertThat(Values.sizeOf(rows)).isCloseTo(100_000L * 930, within(10_000_000L));
    var map = new HashMap<String, Object>();
    rows.forEach(row -> map.put(row.name(), row));
    assertThat(Values.sizeOf(map)).isCloseTo(100_000L * 1030, within(15_000_000L));
    assertThat(Values.sizeOf(rows.toArray())).isCloseTo(100_000L * 930, within(10_000_000L));
  }

  @Test
  void itNeverAsksAUsersCollectionForItsItems() {
    var endless = new AbstractList<Object>() {
      @Override
      public Object get(int index) {
        throw new AssertionError("asked for " + index);
      }

      @Override
      public int size() {
        throw new AssertionError("asked for its size");
      }
    };
    assertThat(Values.sizeOf(List.of(endless))).isLessThan(200);
  }

  static class Node {
    @Nullable
    Node next;
    final byte[] load = new byte[100];
  }

  @Test
  void cyclesAndLongChainsEnd() {
    var first = new Node();
    var last = first;
    for (var i = 0; i < 1_000_000; i++) {
      last.next = new Node();
      last = last.next;
    }
    last.next = first;
    assertThat(Values.sizeOf(first)).isBetween(3_000L, 10_000_000L);
    var self = new ArrayList<Object>();
    self.add(self);
    assertThat(Values.sizeOf(self)).isLessThan(200);
    assertThat(Values.sizeOf(Map.of("k", self))).isLessThan(400);
  }
}
