package dev.heddle.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameScannerTest {
  /// What a worker says: its introduction, its proof, then a request, a ping, a chunk, a response with bulk.
  private static byte[] said(List<Integer> heads) {
    var out = new ByteArrayOutputStream();
    var introduction = new ByteArrayOutputStream();
    introduction.writeBytes(new byte[]{1, 0, 1, 0, 1, 8});
    introduction.writeBytes("worker-7".getBytes(StandardCharsets.UTF_8));
    introduction.writeBytes(new byte[50]);
    part(out, 1, introduction.toByteArray());
    part(out, 3, new byte[32]);
    frame(out, 1, 200, heads);
    frame(out, 5, 0, heads);
    frame(out, 4, 70_000, heads);
    frame(out, 0x82, 10, heads);
    frame(out, 3, 1, heads);
    return out.toByteArray();
  }

  private static void part(ByteArrayOutputStream out, int kind, byte[] body) {
    out.writeBytes("HDDL".getBytes(StandardCharsets.US_ASCII));
    out.write(kind);
    out.writeBytes(ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) body.length).array());
    out.writeBytes(body);
  }

  private static void frame(ByteArrayOutputStream out, int type, int bodyBytes,
      List<Integer> heads) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(1 + bodyBytes)
        .array());
    out.write(type);
    var kind = type & 0x7F;
    if (kind <= 3) {
      heads.add(out.size());
    }
    // Looks like frames, and is none.
    for (var i = 0; i < bodyBytes; i++) {
      out.write(1);
    }
  }

  @Test
  void messagesAreFoundHoweverTheBytesCome() {
    var heads = new ArrayList<Integer>();
    var bytes = said(heads);
    var random = new Random(1);
    for (var round = 0; round < 200; round++) {
      var scanner = new FrameScanner();
      var found = new ArrayList<Integer>();
      for (var from = 0; from < bytes.length;) {
        var to = Math.min(bytes.length,
            from + 1 + random.nextInt(round == 0 ? bytes.length : 1 << random.nextInt(17)));
        for (var at = scanner.next(bytes, from, to); at <= to; at = scanner.next(bytes, at, to)) {
          found.add(at);
        }
        from = to;
      }
      assertThat(found).isEqualTo(heads);
      assertThat(scanner.speaker()).contains(new FrameScanner.Speaker(1, "worker-7"));
    }
  }
}
