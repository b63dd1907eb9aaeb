package dev.heddle.junit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the messages in what one side of a connection says: where each begins, and who speaks. What it reads is in
/// `docs/protocol.md`, sections 3 and 4.
///
/// For one thread.
final class FrameScanner {
  private static final int HANDSHAKE_HEAD_BYTES = 7;
  private static final int FRAME_HEAD_BYTES = 5;
  private static final int INTRODUCTION = 1;
  private static final int PROOF = 3;
  /// The two versions and the role.
  private static final int NAME_AT = 5;
  private static final int ROLE_AT = 4;
  private static final int PART_BYTES_MAX = 4096;
  private static final int NOTICE = 3;

  private byte[] part = new byte[HANDSHAKE_HEAD_BYTES];
  private int partBytes;
  private boolean isPastHandshake;
  private @Nullable Speaker speaker;

  private final byte[] head = new byte[FRAME_HEAD_BYTES];
  private int headBytes;
  private long bodyBytesLeft;

  /// @param role as in an introduction: 0 client, 1 worker, 2 scheduler, 3 metadata
  record Speaker(int role, String name) {}

  /// Who speaks, once that was said.
  Optional<Speaker> speaker() {
    return Optional.ofNullable(speaker);
  }

  /// Reads on.
  ///
  /// @return the position after the head of the next frame that is a request, a response or a notice; `to` plus 1
  ///     if there is none before `to`
  int next(byte[] bytes, int from, int to) {
    var at = from;
    while (at < to) {
      if (!isPastHandshake) {
        at = handshake(bytes, at, to);
      } else if (bodyBytesLeft > 0) {
        var skipped = (int) Math.min(bodyBytesLeft, to - at);
        bodyBytesLeft -= skipped;
        at += skipped;
      } else {
        head[headBytes++] = bytes[at++];
        if (headBytes == FRAME_HEAD_BYTES) {
          headBytes = 0;
          bodyBytesLeft = Math.max(0, u32(head) - 1);
          var type = head[4] & 0x7F;
          if (type >= 1 && type <= NOTICE) {
            return at;
          }
        }
      }
    }
    return to + 1;
  }

  private int handshake(byte[] bytes, int from, int to) {
    var wanted = partBytes < HANDSHAKE_HEAD_BYTES
        ? HANDSHAKE_HEAD_BYTES
        : HANDSHAKE_HEAD_BYTES + partLength();
    var taken = Math.min(wanted - partBytes, to - from);
    if (part.length < wanted) {
      part = Arrays.copyOf(part, wanted);
    }
    System.arraycopy(bytes, from, part, partBytes, taken);
    partBytes += taken;
    if (partBytes >= HANDSHAKE_HEAD_BYTES
        && partBytes == HANDSHAKE_HEAD_BYTES + partLength()) {
      partEnded();
    }
    return from + taken;
  }

  private int partLength() {
    return Math.min(PART_BYTES_MAX, (part[5] & 0xFF) | (part[6] & 0xFF) << 8);
  }

  private void partEnded() {
    switch (part[4]) {
      case INTRODUCTION -> speaker = introduced();
      case PROOF -> isPastHandshake = true;
      default -> {
        // A refusal: nothing follows.
      }
    }
    partBytes = 0;
    part = new byte[HANDSHAKE_HEAD_BYTES];
  }

  private @Nullable Speaker introduced() {
    var at = HANDSHAKE_HEAD_BYTES + NAME_AT;
    if (partBytes <= at + 1) {
      return null;
    }
    var length = part[at] & 0x7F;
    if (part[at++] < 0) {
      length |= (part[at++] & 0x7F) << 7;
    }
    return new Speaker(part[HANDSHAKE_HEAD_BYTES + ROLE_AT], new String(part, at,
        Math.clamp(partBytes - at, 0, length), StandardCharsets.UTF_8));
  }

  private static long u32(byte[] bytes) {
    return (bytes[0] & 0xFFL) | (bytes[1] & 0xFFL) << 8 | (bytes[2] & 0xFFL) << 16
        | (bytes[3] & 0xFFL) << 24;
  }
}
