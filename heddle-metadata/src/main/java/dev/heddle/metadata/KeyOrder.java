package dev.heddle.metadata;

import dev.heddle.wire.Key;
import java.util.Comparator;

/// The order of keys in an inventory: that of their UTF-8 bytes, which every store and every
/// language can follow. It differs from [Key#compareTo] where characters outside the basic
/// plane meet those from U+E000 on.
public final class KeyOrder {
  public static final Comparator<Key> BY_UTF8 = (a, b) -> compare(a.text(), b.text());

  private KeyOrder() {}

  private static int compare(String a, String b) {
    var length = Math.min(a.length(), b.length());
    for (var i = 0; i < length; i++) {
      var x = a.charAt(i);
      var y = b.charAt(i);
      if (x != y) {
        return rank(x) - rank(y);
      }
    }
    return a.length() - b.length();
  }

  /// Surrogates stand for code points above all others.
  private static int rank(char c) {
    return Character.isSurrogate(c) ? c + 0x10000 : c;
  }
}
