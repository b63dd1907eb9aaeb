package dev.heddle.worker;

import dev.heddle.wire.Argument;
import dev.heddle.wire.Bulk;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Message;
import dev.heddle.wire.Payload;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Tells one piece of work from another by its function and arguments, so that one key never stands
/// for two values.
final class Fingerprint {
  private static final int STEP_BYTES = 64 << 10;

  private Fingerprint() {}

  static ContentHash of(Message.Compute compute) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      add(digest, compute.function());
      for (var argument : compute.arguments()) {
        switch (argument) {
          case Argument.Stored(var key) -> {
            digest.update((byte) 'k');
            add(digest, key.text().getBytes(StandardCharsets.UTF_8));
          }
          case Argument.Inline(var payload) -> {
            digest.update((byte) 'v');
            add(digest, payload);
          }
        }
      }
      return ContentHash.ofDigest(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, Payload payload) {
    add(digest, payload.codec());
    for (var codeBase : payload.codeBases()) {
      add(digest, codeBase.high());
      add(digest, codeBase.low());
    }
    add(digest, payload.header());
    for (var buffer : payload.buffers()) {
      add(digest, buffer);
    }
  }

  private static void add(MessageDigest digest, Bulk buffer) {
    var size = buffer.sizeBytes();
    add(digest, size);
    var step = new byte[(int) Math.min(STEP_BYTES, size)];
    for (var from = 0L; from < size; from += step.length) {
      var length = (int) Math.min(step.length, size - from);
      MemorySegment.copy(buffer.segment(), from, MemorySegment.ofArray(step), 0, length);
      digest.update(step, 0, length);
    }
  }

  private static void add(MessageDigest digest, byte[] bytes) {
    add(digest, bytes.length);
    digest.update(bytes);
  }

  private static void add(MessageDigest digest, long number) {
    digest.update(ByteBuffer.allocate(8).putLong(0, number));
  }
}
