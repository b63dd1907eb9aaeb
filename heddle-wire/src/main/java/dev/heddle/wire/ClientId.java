package dev.heddle.wire;

import java.util.random.RandomGenerator;

/// One client of a scheduler, drawn at random, for as long as the client lives: it survives lost
/// connections.
///
/// @param tag [#LENGTH] letters `a` to `z` and digits `2` to `7`, part of its tasks' keys
public record ClientId(String tag) {
  /// So many characters of 5 bits each.
  public static final int LENGTH = 6;

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  public ClientId {
    if (!isTag(tag, LENGTH)) {
      throw new IllegalArgumentException("the client id '" + tag + "' is not " + LENGTH
          + " characters from a to z and 2 to 7");
    }
  }

  public static ClientId random(RandomGenerator random) {
    return new ClientId(tag(random.nextLong(), LENGTH));
  }

  /// The lowest bits as text, 5 a character.
  static String tag(long bits, int length) {
    var text = new char[length];
    for (var i = 0; i < length; i++) {
      text[i] = ALPHABET.charAt((int) (bits >>> (5 * i)) & 31);
    }
    return new String(text);
  }

  static boolean isTag(String text, int length) {
    return text.length() == length && text.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
  }

  @Override
  public String toString() {
    return tag;
  }
}
