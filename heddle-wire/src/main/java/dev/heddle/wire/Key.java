package dev.heddle.wire;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/// The name of a value: what a worker stores it under, and what the metadata store knows it by.
///
/// Nearly all keys come in series that differ in the number at their end: `square-abcdefghi-17/0`,
/// `square-abcdefghi-17/1`. The keys of a series share a [KeyStem], so that each of a million is an
/// object of 24 bytes, and two of them are compared without looking at a character.
public final class Key implements Comparable<Key>, Serializable {
  private static final long serialVersionUID = 1;

  /// The longest key, in bytes of UTF-8.
  public static final int BYTES_MAX = 1024;
  /// A key whose text does not end with a number.
  static final long NO_NUMBER = -1;

  private final transient KeyStem stem;
  /// What follows the stem in decimal digits, or [#NO_NUMBER]. As long as it can be: of `a010` it is
  /// 10, so that a text makes one key only.
  private final transient long number;

  Key(KeyStem stem, long number) {
    this.stem = stem;
    this.number = number;
  }

  /// @param text 1 to [#BYTES_MAX] bytes of UTF-8 without control characters
  /// @throws IllegalArgumentException if it is something else
  public static Key of(String text) {
    check(text);
    var digitsAt = digitsAt(text);
    return digitsAt == text.length()
        ? new Key(new KeyStem(text), NO_NUMBER)
        : new Key(new KeyStem(text.substring(0, digitsAt)),
            Long.parseLong(text, digitsAt, text.length(), 10));
  }

  private static int digitsAt(String text) {
    var least = Math.max(0, text.length() - KeyStem.DIGITS_MAX);
    var at = text.length();
    while (at > least && KeyStem.isDigit(text.charAt(at - 1))) {
      at--;
    }
    while (at < text.length() - 1 && text.charAt(at) == '0') {
      at++;
    }
    return at;
  }

  private static void check(String text) {
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

  /// Made anew at each call: the key itself is what to keep, compare and look up by.
  public String text() {
    return number == NO_NUMBER ? stem.text() : stem.text() + number;
  }

  /// Whether [#text] begins so.
  public boolean startsWith(String prefix) {
    return stem.text().length() >= prefix.length()
        ? stem.text().startsWith(prefix)
        : text().startsWith(prefix);
  }

  /// Whether there is this character in [#text].
  public boolean has(char character) {
    return KeyStem.isDigit(character)
        ? text().indexOf(character) >= 0
        : stem.text().indexOf(character) >= 0;
  }

  /// The length of [#text].
  public int length() {
    return stem.text().length() + digits();
  }

  /// What this key shares with the others of its series.
  public KeyStem stem() {
    return stem;
  }

  /// What follows the stem, or [#NO_NUMBER].
  long number() {
    return number;
  }

  /// How many digits the number has.
  int digits() {
    return number == NO_NUMBER ? 0 : KeyStem.digits(number);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key key && number == key.number && stem.equals(key.stem);
  }

  @Override
  public int hashCode() {
    return stem.hashCode() + Long.hashCode(number);
  }

  /// By the UTF-8 bytes of the text, which every store and every language can follow.
  @Override
  public int compareTo(Key other) {
    if (stem.equals(other.stem)) {
      return compareDigits(other);
    }
    var byStem = stem.compareTo(other.stem);
    return byStem == 0 ? KeyStem.compare(text(), other.text()) : byStem;
  }

  private int compareDigits(Key other) {
    var more = digits() - other.digits();
    if (number == NO_NUMBER || other.number == NO_NUMBER) {
      return more;
    }
    var first = more > 0 ? number / KeyStem.power(more) : number;
    var second = more < 0 ? other.number / KeyStem.power(-more) : other.number;
    return first == second ? more : Long.compare(first, second);
  }

  /// A key travels as its text.
  private record Written(String text) implements Serializable {
    private Object readResolve() {
      return Key.of(text);
    }
  }

  private Object writeReplace() {
    return new Written(text());
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("a key travels as its text");
  }

  @Override
  public String toString() {
    return text();
  }
}
