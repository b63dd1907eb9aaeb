package dev.heddle.worker;

import dev.heddle.values.UnserializableValueException;
import dev.heddle.wire.Bulk;
import dev.heddle.wire.Key;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/// What the inputs of one call look like, to find out whether it changes them: for tests, since it
/// takes as long as to send them.
final class InputCheck {
  private static final int PART_BYTES = 1 << 20;

  private final Key task;
  private final NodeCode code;
  private final Map<Key, Seen> before = new LinkedHashMap<>();

  private record Seen(StoredValue value, long checksum) {}

  /// @param scope gives the function its inputs
  InputCheck(Key task, Map<Key, Value> inputs, RunningTask scope, NodeCode code) {
    this.task = task;
    this.code = code;
    inputs.forEach((key, value) -> {
      var stored = (StoredValue) value;
      var _ = scope.input(key); // An object that was just made may be encoded otherwise than the bytes it was made of.
      try {
        before.put(key, new Seen(stored, checksum(stored)));
      } catch (UnserializableValueException _) {
        // What cannot be encoded cannot be compared, and never leaves this worker.
      }
    });
  }

  /// @throws MutatedInputException naming the first that is not as it was
  void compare() {
    before.forEach((key, seen) -> {
      if (seen.checksum != checksum(seen.value)) {
        throw new MutatedInputException(task, key, seen.value.type());
      }
    });
  }

  private long checksum(StoredValue value) {
    var payload = value.encoded(code);
    var crc = new CRC32C();
    crc.update(payload.header());
    for (var buffer : payload.buffers()) {
      update(crc, buffer);
    }
    return crc.getValue();
  }

  private static void update(CRC32C crc, Bulk buffer) {
    var part = ByteBuffer.allocate((int) Math.min(PART_BYTES, buffer.sizeBytes()));
    for (var at = 0L; at < buffer.sizeBytes();) {
      var length = (int) Math.min(part.capacity(), buffer.sizeBytes() - at);
      MemorySegment.copy(buffer.segment(), at,
          MemorySegment.ofBuffer(part.clear()), 0, length);
      crc.update(part.limit(length));
      at += length;
    }
  }
}
