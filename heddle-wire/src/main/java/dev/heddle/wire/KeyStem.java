package dev.heddle.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What the keys of a series have in common: all but the number at their end. Made once a series.
public final class KeyStem {
  /// More digits than a number here has belong to the stem.
  static final int DIGITS_MAX = 18;

  private final String text;
  private final byte[] utf8;
  private final int hash;
  /// Whether every number that follows is the whole number at the end of the text.
  private final boolean isPlain;
  /// Found when it is asked for first. Who asks at the same moment finds the same.
  private TaskKeys.@Nullable Series series;
  private volatile boolean isSeriesKnown;

  KeyStem(String text) {
    this.text = text;
    utf8 = text.getBytes(StandardCharsets.UTF_8);
    hash = text.hashCode() * 31;
    isPlain = text.isEmpty() || !isDigit(text.charAt(text.length() - 1));
  }

  /// @throws IllegalArgumentException if its keys would not be keys: see [Key#of]
  public static KeyStem of(String text) {
    var _ = Key.of(text + "0".repeat(DIGITS_MAX));
    return new KeyStem(text);
  }

  /// The key with this text and this number after it.
  ///
  /// @param number from 0 on
  public Key key(long number) {
    return isPlain && number >= 0 && digits(number) <= DIGITS_MAX
        ? new Key(this, number)
        : Key.of(text + number);
  }

  /// @return null if its keys are not made of a client's numbers
  TaskKeys.@Nullable Series series() {
    if (!isSeriesKnown) {
      series = text.endsWith("-") || text.endsWith("/")
          ? TaskKeys.Series.of(text).orElse(null)
          : null;
      isSeriesKnown = true;
    }
    return series;
  }

  String text() {
    return text;
  }

  byte[] utf8() {
    return utf8;
  }

  boolean isPlain() {
    return isPlain;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static int digits(long number) {
    var digits = 1;
    for (var power = 10L; digits < DIGITS_MAX + 1 && number >= power; power *= 10) {
      digits++;
    }
    return digits;
  }

  static long power(int exponent) {
    var power = 1L;
    for (var i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }

  /// In the order of UTF-8 bytes; 0 if one begins with the other, so that what follows decides.
  int compareTo(KeyStem other) {
    var differs = mismatch(text, other.text);
    return differs == Math.min(text.length(), other.text.length())
        ? 0
        : rank(text.charAt(differs)) - rank(other.text.charAt(differs));
  }

  /// In the order of UTF-8 bytes.
  static int compare(String a, String b) {
    var differs = mismatch(a, b);
    return differs == Math.min(a.length(), b.length())
        ? a.length() - b.length()
        : rank(a.charAt(differs)) - rank(b.charAt(differs));
  }

  private static int mismatch(String a, String b) {
    var length = Math.min(a.length(), b.length());
    var at = 0;
    while (at < length && a.charAt(at) == b.charAt(at)) {
      at++;
    }
    return at;
  }

  /// Surrogates stand for characters above all others.
  private static int rank(char c) {
    return Character.isSurrogate(c) ? c + 0x10000 : c;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof KeyStem stem && hash == stem.hash && text.equals(stem.text));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return text;
  }
}
