package dev.heddle.values;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// The most frequent headers of [PlainCodec], made and read without anything in between. What is not here,
/// [PlainWriter] and [PlainReader] do.
final class PlainScalars {
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class,
      ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class,
      ByteOrder.LITTLE_ENDIAN);

  private PlainScalars() {}

  /// @return null if it is not one of them
  static byte @Nullable [] encode(@Nullable Object value) {
    return switch (value) {
      case Boolean b -> new byte[]{(b ? PlainTag.TRUE : PlainTag.FALSE).code()};
      case Integer n -> {
        var header = new byte[1 + Integer.BYTES];
        header[0] = PlainTag.INTEGER.code();
        INT.set(header, 1, (int) n);
        yield header;
      }
      case Long n -> withLong(PlainTag.LONG, n);
      case Double n -> withLong(PlainTag.DOUBLE, Double.doubleToRawLongBits(n));
      case null, default -> null;
    };
  }

  private static byte[] withLong(PlainTag tag, long bits) {
    var header = new byte[1 + Long.BYTES];
    header[0] = tag.code();
    LONG.set(header, 1, bits);
    return header;
  }

  /// @return null if it is not one of them, or damaged
  static @Nullable Object decode(byte[] header) {
    return switch (header.length) {
      case 1 + Integer.BYTES -> header[0] == PlainTag.INTEGER.code()
          ? (Object) (int) INT.get(header, 1)
          : null;
      case 1 + Long.BYTES -> {
        if (header[0] == PlainTag.LONG.code()) {
          yield (long) LONG.get(header, 1);
        }
        yield header[0] == PlainTag.DOUBLE.code()
            ? (Object) Double.longBitsToDouble((long) LONG.get(header, 1))
            : null;
      }
      default -> null;
    };
  }
}
