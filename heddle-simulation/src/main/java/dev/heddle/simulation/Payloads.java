package dev.heddle.simulation;

import dev.heddle.wire.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What stands for values and functions in messages.
public final class Payloads {
  private Payloads() {}

  /// @param sizeBytes how large it is said to be
  public static Payload value(long number, long sizeBytes) {
    return new Payload(1, List.of(),
        ByteBuffer.allocate(2 * Long.BYTES).putLong(number).putLong(sizeBytes).array(), List.of());
  }

  public static long number(Payload value) {
    return ByteBuffer.wrap(value.header()).getLong();
  }

  public static long sizeBytes(Payload value) {
    return ByteBuffer.wrap(value.header()).getLong(Long.BYTES);
  }

  static Payload function(String name) {
    return new Payload(2, List.of(), name.getBytes(StandardCharsets.UTF_8), List.of());
  }

  public static String function(Payload function) {
    return new String(function.header(), StandardCharsets.UTF_8);
  }
}
