package dev.heddle.values;

import static dev.heddle.values.Fixtures.VALUES;
import static dev.heddle.values.Fixtures.roundTrip;
import static dev.heddle.values.Fixtures.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Bulk;
import dev.heddle.wire.Payload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlainValuesTest {
  static Stream<Object> simpleValues() {
    return Stream.of(true, false, (byte) -1, Short.MIN_VALUE, 'ß', 42, Long.MAX_VALUE, 1.5f,
        Double.NaN, "", "text", "Grüße", "日本", "\ud800 alone", "x".repeat(5000),
        "日".repeat(5000) + "\udfff", BigInteger.TEN.pow(100), BigInteger.ZERO,
        new BigDecimal("-12.3400"), List.of(), List.of(1), List.of(1, "two", 3L),
        new ArrayList<>(Arrays.asList(1, null)), Arrays.asList("a", null),
        Stream.of(1, null).toList());
  }

  @ParameterizedTest
  @MethodSource("simpleValues")
  void aSimpleValueArrivesAsItWas(Object value) {
    assertThat(roundTrip(value)).isEqualTo(value).hasSameClassAs(value);
  }

  static Stream<Object> arrays() {
    return Stream.of(3, 0, 2000)
        .flatMap(n -> Stream.<Object>of(new byte[n], new boolean[n], new short[n],
            new char[n], new int[n], new long[n], new float[n], new double[n]))
        .peek(PlainValuesTest::fill);
  }

  private static void fill(Object array) {
    var random = new Random(7);
    for (var i = 0; i < java.lang.reflect.Array.getLength(array); i++) {
      switch (array) {
        case byte[] a -> a[i] = (byte) random.nextInt();
        case boolean[] a -> a[i] = random.nextBoolean();
        case short[] a -> a[i] = (short) random.nextInt();
        case char[] a -> a[i] = (char) random.nextInt();
        case int[] a -> a[i] = random.nextInt();
        case long[] a -> a[i] = random.nextLong();
        case float[] a -> a[i] = random.nextFloat();
        case double[] a -> a[i] = random.nextDouble();
        default -> throw new AssertionError(array);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("arrays")
  void anArrayArrivesAsItWas(Object array) {
    assertThat(new Object[]{roundTrip(array)}).isEqualTo(new Object[]{array});
    assertThat(roundTrip(array)).hasSameClassAs(array);
  }

  @ParameterizedTest
  @MethodSource({"simpleValues", "arrays"})
  void plainValuesNeedNoObjectStream(Object value) {
    var codec = VALUES.encode(value).codec();
    assertThat(codec).isEqualTo(
        value.getClass().getName().equals("java.util.Arrays$ArrayList") ? JdkCodec.ID : 0);
  }

  @Test
  void nullIsAValue() {
    assertThat(roundTrip(null)).isNull();
    assertThat(VALUES.encode(null).header()).hasSize(1);
  }

  @Test
  void aLargeArrayTravelsAsItselfWithoutACopy() {
    var array = new double[100_000];
    var payload = VALUES.encode(array);
    assertThat(payload.header()).hasSize(2);
    assertThat(payload.buffers()).singleElement()
        .satisfies(buffer -> assertThat(buffer.array()).isSameAs(array));
    assertThat(VALUES.decode(payload)).isSameAs(array);
  }

  @Test
  void aByteBufferArrivesReadOnlyWithWhatRemainedInIt() {
    for (var buffer : List.of(ByteBuffer.allocate(16), ByteBuffer.allocateDirect(16),
        ByteBuffer.allocate(16).asReadOnlyBuffer())) {
      if (!buffer.isReadOnly()) {
        buffer.putInt(0, 1).putInt(4, 2).putInt(8, 3);
      }
      buffer.order(ByteOrder.LITTLE_ENDIAN).position(4).limit(12);
      var arrived = sent(buffer, ByteBuffer.class);
      assertThat(arrived).isEqualTo(buffer);
      assertThat(arrived.isReadOnly()).isTrue();
      assertThat(arrived.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
      assertThat(buffer.position()).as("the sender's is untouched").isEqualTo(4);
    }
  }

  @Test
  void directMemoryTravelsWithoutACopy() {
    var direct = ByteBuffer.allocateDirect(1 << 16);
    assertThat(VALUES.encode(direct).buffers().getFirst().segment())
        .isEqualTo(MemorySegment.ofBuffer(direct));
  }

  @Test
  void aMemorySegmentArrivesReadOnly() {
    var native1 = Arena.ofAuto().allocate(64, 8);
    native1.set(ValueLayout.JAVA_LONG, 8, 42);
    var heap = MemorySegment.ofArray(new long[]{1, 42, 3}).asSlice(0, 16);
    for (var segment : List.of(native1, heap)) {
      var arrived = sent(segment, MemorySegment.class);
      assertThat(arrived.isReadOnly()).isTrue();
      assertThat(arrived.mismatch(segment)).isEqualTo(-1);
      assertThat(arrived.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isEqualTo(42);
    }
  }

  @Test
  void aSegmentConfinedToItsThreadIsCopiedSoThatOthersCanSendIt() throws Exception {
    try (var arena = Arena.ofConfined()) {
      var segment = arena.allocate(64);
      segment.set(ValueLayout.JAVA_BYTE, 3, (byte) 9);
      var payload = VALUES.encode(segment);
      var seen = new byte[1];
      Thread.ofPlatform().start(() -> seen[0] = payload.buffers().getFirst().segment()
          .get(ValueLayout.JAVA_BYTE, 3)).join();
      assertThat(seen).containsExactly(9);
    }
  }

  @Test
  void aSegmentOfAClosedArenaSaysWhatToDo() {
    MemorySegment segment;
    try (var arena = Arena.ofShared()) {
      segment = arena.allocate(64);
    }
    assertThatThrownBy(() -> VALUES.encode(segment))
        .isInstanceOf(UnserializableValueException.class).hasMessageContaining("arena was closed")
        .hasMessageContaining("Arena.ofAuto()");
  }

  @Test
  void aDamagedHeaderIsAnErrorAndNothingElse() {
    for (var value : simpleValues().toList()) {
      var payload = VALUES.encode(value);
      if (payload.codec() != 0) {
        continue;
      }
      for (var length = 0; length < payload.header().length; length++) {
        var cut = new Payload(0, List.of(), Arrays.copyOf(payload.header(), length),
            payload.buffers());
        assertThatThrownBy(() -> VALUES.decode(cut)).isInstanceOf(UndecodableValueException.class);
      }
      var longer = new Payload(0, List.of(),
          Arrays.copyOf(payload.header(), payload.header().length + 1), payload.buffers());
      assertThatThrownBy(() -> VALUES.decode(longer)).isInstanceOf(UndecodableValueException.class)
          .hasMessageContaining("damaged");
    }
  }

  @Test
  void randomBytesGiveAValueOrAnErrorAndNeverALargeAllocation() {
    var random = new Random(20261122);
    for (var i = 0; i < 20_000; i++) {
      var header = new byte[random.nextInt(40)];
      random.nextBytes(header);
      if (header.length > 0) {
        header[0] = (byte) random.nextInt(PlainTag.values().length + 1);
      }
      var payload = new Payload(random.nextInt(2), List.of(), header,
          random.nextBoolean() ? List.of() : List.of(Bulk.of(new byte[5])));
      try {
        VALUES.decode(payload);
      } catch (UndecodableValueException e) {
        assertThat(e).hasMessageContaining("cannot be read here");
      }
    }
  }
}
