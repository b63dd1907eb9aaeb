package dev.heddle.cli;

import dev.heddle.Heddle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// What a large value of a bench is made of, and what the functions do that make it and read it.
enum ValueKind {
  DOUBLES("double[]", 8L << 30), BYTES("byte[]", 1L << 30), BUFFER("ByteBuffer",
      1L << 30), SEGMENT("MemorySegment", 8L << 30), ALLOCATED("allocated", 8L << 30);

  /// How far apart two bytes are that are looked at: at least one is on each page.
  private static final int STRIDE = 2048;
  private static final int STRIDE_OF_DOUBLES = STRIDE / Double.BYTES;

  private final String text;
  private final long bytesMax;

  ValueKind(String text, long bytesMax) {
    this.text = text;
    this.bytesMax = bytesMax;
  }

  /// How much one value of it may hold here.
  long bytesMax() {
    return bytesMax;
  }

  /// The function that makes one.
  static Object make(ValueKind kind, Long bytes) {
    return switch (kind) {
      case DOUBLES -> doubles(Math.toIntExact(bytes / Double.BYTES));
      case BYTES -> {
        var array = new byte[Math.toIntExact(bytes)];
        fill(MemorySegment.ofArray(array));
        yield array;
      }
      case BUFFER -> {
        var buffer = ByteBuffer.allocateDirect(Math.toIntExact(bytes));
        fill(MemorySegment.ofBuffer(buffer));
        yield buffer;
      }
      case SEGMENT -> fill(Arena.ofAuto().allocate(bytes));
      case ALLOCATED -> fill(Heddle.allocate(bytes));
    };
  }

  private static double[] doubles(int length) {
    var array = new double[length];
    for (var i = 0; i < length; i++) {
      array[i] = i & 1023;
    }
    return array;
  }

  private static MemorySegment fill(MemorySegment segment) {
    for (var i = 0L; i < segment.byteSize(); i += STRIDE) {
      segment.set(ValueLayout.JAVA_BYTE, i, (byte) (i / STRIDE));
    }
    segment.set(ValueLayout.JAVA_BYTE, segment.byteSize() - 1, (byte) 1);
    return segment;
  }

  /// The function that reads one: something on each page, and its last byte or number.
  static Double look(Object value) {
    if (value instanceof double[] array) {
      var sum = 0.0;
      for (var i = 0; i < array.length; i += STRIDE_OF_DOUBLES) {
        sum += array[i];
      }
      return sum + array[array.length - 1];
    }
    var segment = segment(value);
    var sum = 0L;
    for (var i = 0L; i < segment.byteSize(); i += STRIDE) {
      sum += segment.get(ValueLayout.JAVA_BYTE, i);
    }
    return (double) sum + segment.get(ValueLayout.JAVA_BYTE, segment.byteSize() - 1);
  }

  /// The function that looks at its ends only.
  static Double ends(Object value) {
    if (value instanceof double[] array) {
      return array[0] + array[array.length - 1];
    }
    var segment = segment(value);
    return (double) segment.get(ValueLayout.JAVA_BYTE, 0)
        + segment.get(ValueLayout.JAVA_BYTE, segment.byteSize() - 1);
  }

  private static MemorySegment segment(Object value) {
    return switch (value) {
      case byte[] array -> MemorySegment.ofArray(array);
      case ByteBuffer buffer -> MemorySegment.ofBuffer(buffer);
      case MemorySegment segment -> segment;
      default -> throw new IllegalStateException("a " + value.getClass() + " came");
    };
  }

  /// What [#look] of `bytes` of it gives.
  double looked(long bytes) {
    var sum = 0.0;
    if (this == DOUBLES) {
      var length = bytes / Double.BYTES;
      for (var i = 0L; i < length; i += STRIDE_OF_DOUBLES) {
        sum += i & 1023;
      }
      return sum + ((length - 1) & 1023);
    }
    for (var i = 0L; i < bytes; i += STRIDE) {
      sum += i == bytes - 1 ? 1 : (byte) (i / STRIDE);
    }
    return sum + 1;
  }

  /// What [#ends] of `bytes` of it gives.
  double endsOf(long bytes) {
    return this == DOUBLES ? (bytes / Double.BYTES - 1) & 1023 : 1;
  }

  @Override
  public String toString() {
    return text;
  }

  /// The names as people write them.
  static final class Names implements ITypeConverter<ValueKind>, Iterable<String> {
    private static final List<String> ALL = Arrays.stream(values()).map(ValueKind::toString)
        .toList();

    @Override
    public ValueKind convert(String text) {
      return Arrays.stream(values())
          .filter(each -> each.text.equalsIgnoreCase(text) || each.name().equalsIgnoreCase(text))
          .findFirst().orElseThrow(() -> new TypeConversionException("there is no kind of value '"
              + text + "', but " + String.join(", ", ALL) + Mistakes.didYouMean(text, ALL)));
    }

    @Override
    public Iterator<String> iterator() {
      return ALL.iterator();
    }
  }
}
