package dev.heddle.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Texts that come again and again on a connection: the type of results, a host, what the keys of a map begin
/// with. Each is made and checked once for as long as it stays among the last of its kind. Belongs to the link
/// process.
final class KnownTexts {
  private static final int COUNT = 64;
  private static final int BYTES_MAX = 256;

  private final byte[][] utf8 = new byte[COUNT][];
  private final @Nullable String[] texts = new @Nullable String[COUNT];
  private final @Nullable KeyStem[] stems = new @Nullable KeyStem[COUNT];
  private int last;

  /// The text of these bytes, null if it has to be [#add]ed.
  @Nullable
  String text(byte[] bytes, int at, int length) {
    return find(bytes, at, length) ? texts[last] : null;
  }

  @Nullable
  KeyStem stem(byte[] bytes, int at, int length) {
    return find(bytes, at, length) ? stems[last] : null;
  }

  private boolean find(byte[] bytes, int at, int length) {
    last = place(bytes, at, length);
    var known = utf8[last];
    return known != null && Arrays.equals(known, 0, known.length, bytes, at, at + length);
  }

  /// Remembers a text that is well-formed.
  void add(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= BYTES_MAX) {
      put(bytes);
      texts[last] = text;
    }
  }

  /// Remembers what keys begin with.
  void add(KeyStem stem) {
    if (stem.utf8().length <= BYTES_MAX) {
      put(stem.utf8());
      stems[last] = stem;
    }
  }

  private void put(byte[] bytes) {
    if (!find(bytes, 0, bytes.length)) {
      utf8[last] = bytes;
      texts[last] = null;
      stems[last] = null;
    }
  }

  /// Texts of a kind begin alike and differ towards their ends.
  private static int place(byte[] bytes, int at, int length) {
    var hash = length;
    for (var i = Math.max(at, at + length - 12); i < at + length; i++) {
      hash = 31 * hash + bytes[i];
    }
    return (hash ^ hash >>> 7) & (COUNT - 1);
  }
}
