package dev.heddle.scheduler;

import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.ContentHash;
import java.util.List;
import java.util.Optional;

/// What somebody wants to know about code. Equal ones are asked once.
sealed interface CodeQuestion {
  record Names(CodeBaseId codeBase, List<String> names) implements CodeQuestion {}

  record Contents(List<ContentHash> hashes) implements CodeQuestion {}

  String OWNED = "heddle:";
  int OWNER_DIGITS = 32;

  /// The code base that an answered name says it belongs to, where that is not the one asked about:
  /// `heddle:<32 hexadecimal digits>/<name>`.
  static Optional<CodeBaseId> owner(String answered) {
    if (!isOwned(answered)) {
      return Optional.empty();
    }
    try {
      var start = OWNED.length();
      var middle = start + OWNER_DIGITS / 2;
      var end = start + OWNER_DIGITS;
      return Optional.of(new CodeBaseId(Long.parseUnsignedLong(answered, start, middle, 16),
          Long.parseUnsignedLong(answered, middle, end, 16)));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /// An answered name without its owner.
  static String plainName(String answered) {
    return isOwned(answered) ? answered.substring(OWNED.length() + OWNER_DIGITS + 1) : answered;
  }

  private static boolean isOwned(String answered) {
    return answered.startsWith(OWNED) && answered.indexOf('/') == OWNED.length() + OWNER_DIGITS;
  }
}
