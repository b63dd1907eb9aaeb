package dev.heddle;

import dev.heddle.wire.Bulk;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Key;
import dev.heddle.wire.Payload;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Tells one computation from another by its function and inputs; equal ones have equal
/// fingerprints, in whatever program they are.
final class Fingerprint {
  private static final int STEP_BYTES = 64 << 10;

  private final MessageDigest digest;

  Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /// The names of code bases are left out: they are drawn at random.
  Fingerprint add(Payload payload) {
    add('v', payload.codec());
    add('h', payload.header().length);
    digest.update(payload.header());
    for (var buffer : payload.buffers()) {
      add(buffer);
    }
    return this;
  }

  Fingerprint add(Key key) {
    var text = key.text().getBytes(StandardCharsets.UTF_8);
    add('k', text.length);
    digest.update(text);
    return this;
  }

  Fingerprint add(ContentHash hash) {
    add('c', ContentHash.BYTES);
    digest.update(hash.digest());
    return this;
  }

  ContentHash hash() {
    return ContentHash.ofDigest(digest.digest());
  }

  private void add(Bulk buffer) {
    var size = buffer.sizeBytes();
    add('b', size);
    var step = new byte[(int) Math.min(STEP_BYTES, size)];
    for (var from = 0L; from < size; from += step.length) {
      var length = (int) Math.min(step.length, size - from);
      MemorySegment.copy(buffer.segment(), from, MemorySegment.ofArray(step), 0, length);
      digest.update(step, 0, length);
    }
  }

  private void add(char kind, long number) {
    digest.update(ByteBuffer.allocate(9).put((byte) kind).putLong(number).array());
  }
}
