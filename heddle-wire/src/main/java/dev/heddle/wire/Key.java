package dev.heddle.wire;

import java.nio.charset.StandardCharsets;

/// The name of a value: what a worker stores it under, and what the metadata store knows it by.
///
/// @param text 1 to [#BYTES_MAX] bytes of UTF-8 without control characters
public record Key(String text) implements Comparable<Key> {
  /// The longest key, in bytes of UTF-8.
  public static final int BYTES_MAX = 1024;

  public Key {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a key is empty; give it at least one character");
    }
    if (text.length() > BYTES_MAX / 3
        && text.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      throw new IllegalArgumentException("the key '" + text.substring(0, 40) + "…' has "
          + text.getBytes(StandardCharsets.UTF_8).length + " bytes; at most " + BYTES_MAX
          + " are allowed");
    }
    for (var i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw new IllegalArgumentException("the key '" + text.replaceAll("\\p{Cntrl}", "?")
            + "' has a control character at position " + i + "; leave it out");
      }
      if (Character.isSurrogate(text.charAt(i)) && !isPaired(text, i)) {
        throw new IllegalArgumentException("the key '" + text.replaceAll("\\p{Cntrl}", "?")
            + "' has half a character at position " + i + "; no UTF-8 can express it");
      }
    }
  }

  private static boolean isPaired(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }

  public static Key of(String text) {
    return new Key(text);
  }

  @Override
  public int compareTo(Key other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
